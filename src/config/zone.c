#include "config/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DATABASE "/usr/share/zoneinfo"
#define ZONE_NAME_MAX 100U

/* A name cannot lead out of the database. */
static bool is_name(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789_+-/";
    size_t n = strlen(name);
    return n > 0 && n <= ZONE_NAME_MAX && name[0] != '/' && strspn(name, allowed) == n;
}

bool zone_exists(const char *name)
{
    char path[sizeof(DATABASE) + 1 + ZONE_NAME_MAX], magic[4] = { 0 };

    if (strcmp(name, "UTC") == 0)
        return true;
    if (!is_name(name))
        return false;
    snprintf(path, sizeof(path), DATABASE "/%s", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, magic, sizeof(magic));
    close(fd);
    return n == (ssize_t)sizeof(magic) && memcmp(magic, "TZif", sizeof(magic)) == 0;
}
