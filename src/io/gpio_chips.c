#include "io/gpio_chip.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "/dev"
#define PREFIX "gpiochip"

static int is_chip(const struct dirent *entry)
{
    return strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0;
}

int gpio_chip_paths(char ***ret)
{
    struct dirent **entries = NULL;
    int n = scandir(FOLDER, &entries, is_chip, versionsort);
    char **paths;
    int r = 0;

    if (n < 0)
        return -errno;
    paths = calloc((size_t)n + 1, sizeof(*paths));
    for (int i = 0; i < n; i++) {
        if (paths == NULL || asprintf(&paths[i], FOLDER "/%s", entries[i]->d_name) < 0)
            r = -ENOMEM;
        if (r < 0 && paths != NULL)
            paths[i] = NULL; /* the list ends here; the rest is not looked at */
        free(entries[i]);
    }
    free(entries);
    if (paths == NULL)
        return -ENOMEM;
    *ret = paths;
    return 0;
}
