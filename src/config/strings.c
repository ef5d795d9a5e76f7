#include "config/strings.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void strings_free(char **strings)
{
    for (size_t i = 0; strings && strings[i]; i++)
        free(strings[i]);
    free((void *)strings);
}

bool strings_equal(char *const *a, char *const *b)
{
    if (!a || !b)
        return a == b;
    size_t i = 0;
    while (a[i] && b[i] && strcmp(a[i], b[i]) == 0)
        i++;
    return !a[i] && !b[i];
}
