#include "io/pty_link.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PTS_FOLDER "/dev/pts/"

/* How often the owner of a lock may remove it under our hands before it counts as held. */
#define LOCK_TRIES 8

/* PATH and a suffix; 0 or -ENAMETOOLONG. */
static int with_suffix(const char *path, const char *suffix, char ret[PATH_MAX])
{
    int n = snprintf(ret, PATH_MAX, "%s%s", path, suffix);

    return n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
}

/*
 * ---- The lock: a file beside the link
 *
 * It is on a file of our own, since masters lock the terminal itself. The kernel drops it with the
 * process, so that a file that a killed daemon left is in nobody's way.
 */

#define LOCK_FLAGS (O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* -EAGAIN when another daemon makes the file at the same time. */
static int create_lock(const char *path)
{
    int fd = open(path, LOCK_FLAGS | O_CREAT | O_EXCL, 0600);

    if (fd >= 0)
        return fd;
    return errno == EEXIST ? -EAGAIN : -errno;
}

/* Not with O_CREAT alone: fs.protected_regular keeps even root from that in /tmp, where the file is
 * of another user. */
static int open_lock(const char *path)
{
    int fd = open(path, LOCK_FLAGS);

    if (fd >= 0)
        return fd;
    if (errno == ENOENT)
        return create_lock(path);
    /* A link, a folder or a socket is no lock of ours. */
    return errno == ELOOP || errno == EISDIR || errno == ENXIO ? -EEXIST : -errno;
}

/* Locks an open file; -EAGAIN when its owner has removed it meanwhile. */
static int take_lock(int fd, const char *path)
{
    struct stat ours;
    struct stat there;

    if (fstat(fd, &ours) < 0)
        return -errno;
    /* Somebody's file of that name: it would be removed with the link. */
    if (!S_ISREG(ours.st_mode) || ours.st_size != 0)
        return -EEXIST;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        return errno == EWOULDBLOCK ? -EBUSY : -errno;
    if (lstat(path, &there) < 0)
        return errno == ENOENT ? -EAGAIN : -errno;
    return ours.st_dev == there.st_dev && ours.st_ino == there.st_ino ? 0 : -EAGAIN;
}

static int lock_once(const char *path, int *ret_fd)
{
    int fd = open_lock(path);
    int r = fd < 0 ? fd : take_lock(fd, path);

    if (r == 0)
        *ret_fd = fd;
    else if (fd >= 0)
        close(fd);
    return r;
}

static int lock(const char *path, int *ret_fd)
{
    int r = -EAGAIN;

    for (int i = 0; i < LOCK_TRIES && r == -EAGAIN; i++)
        r = lock_once(path, ret_fd);
    return r == -EAGAIN ? -EBUSY : r;
}

/* Removed while it is locked: whoever has opened it finds that it is gone. */
static void unlock(const char *path, int fd)
{
    (void)unlink(path);
    close(fd);
}

/* ---- The link -------------------------------------------------------------------------------- */

/* Whether a link leads nowhere or to a pty: anything else is not ours to replace. */
static bool is_replaceable(const char *path)
{
    char target[PATH_MAX];

    if (realpath(path, target) == NULL)
        return errno == ENOENT || errno == ENOTDIR;
    return strncmp(target, PTS_FOLDER, strlen(PTS_FOLDER)) == 0;
}

/* Puts a link in the place of an older one at once: a master finds the one or the other. */
static int replace(const char *target, const char *path)
{
    char suffix[32];
    char other[PATH_MAX];
    char any;
    int r;

    (void)snprintf(suffix, sizeof suffix, ".new-%ld", (long)getpid());
    r = with_suffix(path, suffix, other);
    if (r < 0)
        return r;
    if (readlink(other, &any, 1) >= 0)
        (void)unlink(other); /* left by a daemon of our number that was killed right here */
    if (symlink(target, other) < 0)
        return -errno;
    if (rename(other, path) < 0) {
        r = -errno;
        (void)unlink(other);
    }
    return r;
}

static int make(const char *path, const char *target)
{
    struct stat st;

    if (lstat(path, &st) < 0)
        return symlink(target, path) < 0 ? -errno : 0;
    if (!S_ISLNK(st.st_mode) || !is_replaceable(path))
        return -EEXIST;
    return replace(target, path);
}

int pty_link_make(const char *path, const char *target, int *ret_lock_fd)
{
    char lock_path[PATH_MAX];
    int fd = -1;
    int r = with_suffix(path, ".lock", lock_path);

    if (r == 0)
        r = lock(lock_path, &fd);
    if (r < 0)
        return r;
    r = make(path, target);
    if (r < 0)
        unlock(lock_path, fd);
    else
        *ret_lock_fd = fd;
    return r;
}

void pty_link_remove(const char *path, const char *target, int lock_fd)
{
    char lock_path[PATH_MAX];
    char found[PATH_MAX];
    ssize_t n = readlink(path, found, sizeof found);

    if (n == (ssize_t)strlen(target) && memcmp(found, target, (size_t)n) == 0)
        (void)unlink(path);
    if (with_suffix(path, ".lock", lock_path) == 0)
        unlock(lock_path, lock_fd);
}
