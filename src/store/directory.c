#include "store/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/owner.h"

#define LOCK_FILE "lock"
#define FILE_MODE 0640

static int choose(struct directory *d, enum directory_origin origin, const char *path, size_t n)
{
    d->origin = origin;
    if (n >= sizeof(d->path))
        return -ENAMETOOLONG;
    memcpy(d->path, path, n);
    d->path[n] = '\0';
    return 0;
}

static int open_directory(struct directory *d)
{
    d->fd = open(d->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (d->fd < 0)
        return -errno;
    /* Not found out when a master has changed something for the first time. */
    return faccessat(d->fd, ".", W_OK | X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

/* The file stays when the lock is given up: whoever has it open would lock what is gone. */
static int lock_directory(struct directory *d)
{
    d->lock =
        openat(d->fd, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, FILE_MODE);
    if (d->lock < 0)
        return -errno;
    if (flock(d->lock, LOCK_EX | LOCK_NB) < 0)
        return errno == EWOULDBLOCK ? -EBUSY : -errno;
    return owner_adopt(d->fd, d->lock);
}

/* The default directory is there where the package was installed, and nobody asked for it. */
static bool can_do_without(const struct directory *d, int error)
{
    return d->origin == DIRECTORY_FROM_DEFAULT &&
           (error == -ENOENT || error == -ENOTDIR || error == -EACCES || error == -EROFS);
}

int directory_open(const char *configured, const char *environment, const char *fallback,
                   struct directory *ret)
{
    int r;

    *ret = (struct directory){ .fd = -1, .lock = -1 };
    if (configured)
        r = choose(ret, DIRECTORY_FROM_CONFIG, configured, strlen(configured));
    else if (environment && environment[strspn(environment, ":")])
        r = choose(ret, DIRECTORY_FROM_SYSTEMD, environment, strcspn(environment, ":"));
    else
        r = choose(ret, DIRECTORY_FROM_DEFAULT, fallback, strlen(fallback));
    if (r == 0)
        r = open_directory(ret);
    if (r == 0)
        r = lock_directory(ret);
    if (r < 0 && can_do_without(ret, r)) {
        directory_done(ret);
        ret->origin = DIRECTORY_NONE;
        ret->path[0] = '\0';
        r = 0;
    }
    return r;
}

void directory_done(struct directory *directory)
{
    if (directory->lock >= 0)
        close(directory->lock);
    if (directory->fd >= 0)
        close(directory->fd);
    directory->lock = -1;
    directory->fd = -1;
}
