/* The directory that the state is kept in: which one it is, open and locked. */
#ifndef STORE_DIRECTORY_H
#define STORE_DIRECTORY_H

#include <limits.h>

#define DIRECTORY_DEFAULT "/var/lib/mbus-slave"

/* Who chose it. */
enum directory_origin {
    DIRECTORY_NONE, /* there is none: nothing is kept */
    DIRECTORY_FROM_CONFIG,
    DIRECTORY_FROM_SYSTEMD, /* $STATE_DIRECTORY */
    DIRECTORY_FROM_DEFAULT,
};

struct directory {
    enum directory_origin origin;
    char path[PATH_MAX]; /* "" without one */
    int fd;              /* -1 without one */
    int lock;            /* nobody else has the directory as long as this is open */
};

/*
 * Opens and locks the first of these that is there to be used:
 *
 * configured   NULL: none
 * environment  the value of $STATE_DIRECTORY, of whose colon list the first counts; NULL: none
 * fallback     used only when it exists and can be written
 *
 * 0, with `ret->origin` DIRECTORY_NONE when there is none; -EBUSY when another process has locked
 * it; another negative errno when the configured one, or that of the environment, cannot be used.
 * `ret` is set in every case, so that a message can name the path; directory_done().
 */
int directory_open(const char *configured, const char *environment, const char *fallback,
                   struct directory *ret);

/* Lets others have it. */
void directory_done(struct directory *directory);

#endif
