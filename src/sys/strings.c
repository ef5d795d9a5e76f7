#include "sys/strings.h"

#include <string.h>

char **strings_copy(const char *const list[])
{
    size_t n = 0, bytes = 0;
    char **copy, *at;

    for (; list[n] != NULL; n++)
        bytes += strlen(list[n]) + 1;
    copy = malloc((n + 1) * sizeof(*copy) + bytes);
    if (copy == NULL)
        return NULL;
    at = (char *)(copy + n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t size = strlen(list[i]) + 1;

        copy[i] = memcpy(at, list[i], size);
        at += size;
    }
    copy[n] = NULL;
    return copy;
}
