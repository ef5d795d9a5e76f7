#include "store/generations.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"
#include "store/owner.h"

#define FILE_DAMAGED GENERATION_FILE ".damaged"
#define FILE_OLD_DAMAGED GENERATION_FILE_OLD ".damaged"
#define FILE_MODE 0640
/* Far above what any configuration makes; a number for malloc() that no damage can make absurd. */
#define BYTES_MAX ((off_t)1 << 30)

static void freep(char **p)
{
    free(*p);
}

/* ---- Reading --------------------------------------------------------------------------------- */

static int read_all(int fd, char *bytes, size_t n, size_t *ret_n)
{
    size_t at = 0;

    while (at < n) {
        ssize_t got = read(fd, bytes + at, n - at);

        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return -errno;
        if (got > 0)
            at += (size_t)got;
    }
    *ret_n = at;
    return 0;
}

/* Nothing but a regular file is one of ours. */
static int read_regular(int fd, char **ret_bytes, size_t *ret_n)
{
    CLEANUP(freep) char *bytes = NULL;
    struct stat st;
    int r;

    if (fstat(fd, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return S_ISDIR(st.st_mode) ? -EISDIR : -ENODEV;
    if (st.st_size > BYTES_MAX)
        return -EFBIG;
    bytes = malloc((size_t)st.st_size + 1);
    if (!bytes)
        return -ENOMEM;
    r = read_all(fd, bytes, (size_t)st.st_size, ret_n);
    if (r < 0)
        return r;
    *ret_bytes = TAKE_PTR(bytes);
    return 0;
}

/* -ENOENT when there is none. */
static int read_file(int directory, const char *name, char **ret_bytes, size_t *ret_n)
{
    int r, fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    r = read_regular(fd, ret_bytes, ret_n);
    close(fd);
    return r;
}

/* A generation as it was read. */
struct reading {
    bool is_there;
    char *bytes;
    size_t n;
    enum text_verdict verdict;
    unsigned version;
};

static void reading_done(struct reading *reading)
{
    free(reading->bytes);
}

/* A file on bad blocks is a damaged one; any other error is for a person to mend. */
static bool is_disk_fault(int error)
{
    return error == -EIO || error == -EUCLEAN || error == -EBADMSG;
}

static int read_generation(int directory, const char *name, struct reading *ret)
{
    struct text_body body = { 0 };
    int r = read_file(directory, name, &ret->bytes, &ret->n);

    if (r == -ENOENT)
        return 0;
    ret->is_there = true;
    if (is_disk_fault(r)) {
        ret->verdict = TEXT_UNREADABLE;
        return 0;
    }
    if (r < 0)
        return r;
    ret->verdict = text_check(ret->bytes, ret->n, &body);
    ret->version = body.version;
    return 0;
}

static bool is_good(const struct reading *reading)
{
    return reading->is_there && reading->verdict == TEXT_GOOD;
}

static int set_aside(int directory, const struct reading *reading, const char *name,
                     const char *aside)
{
    if (!reading->is_there || is_good(reading))
        return 0;
    return renameat(directory, name, directory, aside) < 0 ? -errno : 0;
}

/* The old generation becomes `state` too, which is then there again at every instant. */
static int reinstate(struct generations *g)
{
    if (linkat(g->directory, GENERATION_FILE_OLD, g->directory, GENERATION_FILE, 0) < 0)
        /* No links in this file system: then `state` appears with the first generation. */
        return errno == EPERM || errno == EOPNOTSUPP ? 0 : -errno;
    g->written = 1;
    return 0;
}

/* Decides which generation counts, and tidies up. */
static int settle(struct generations *g, const struct reading *current, const struct reading *old,
                  struct generations_found *found)
{
    int r;

    *found = (struct generations_found){ .current = current->verdict, .old = old->verdict };
    if (current->verdict == TEXT_NEWER || old->verdict == TEXT_NEWER) {
        found->newer_version = current->verdict == TEXT_NEWER ? current->version : old->version;
        return 0;
    }
    /* What a process that was killed had begun; a symbolic link that somebody laid there. */
    unlinkat(g->directory, GENERATION_FILE_NEW, 0);
    r = set_aside(g->directory, current, GENERATION_FILE, FILE_DAMAGED);
    if (r == 0)
        r = set_aside(g->directory, old, GENERATION_FILE_OLD, FILE_OLD_DAMAGED);
    if (r < 0)
        return r;
    if (is_good(current)) {
        found->used = GENERATION_CURRENT;
        /* Whether it is on the disk, nobody knows any more. */
        g->written = 1;
    } else if (is_good(old)) {
        found->used = GENERATION_OLD;
        r = reinstate(g);
    }
    return r;
}

int generations_load(struct generations *g, int directory, char **ret_bytes, size_t *ret_n,
                     struct generations_found *ret_found)
{
    CLEANUP(reading_done) struct reading current = { 0 };
    CLEANUP(reading_done) struct reading old = { 0 };
    struct reading *used;
    int r;

    *g = (struct generations){ .directory = directory };
    r = read_generation(directory, GENERATION_FILE, &current);
    if (r == 0 && !is_good(&current) && current.verdict != TEXT_NEWER)
        r = read_generation(directory, GENERATION_FILE_OLD, &old);
    if (r == 0)
        r = settle(g, &current, &old, ret_found);
    if (r < 0)
        return r;
    used = ret_found->used == GENERATION_OLD ? &old : &current;
    *ret_n = ret_found->used == GENERATION_NONE ? 0 : used->n;
    *ret_bytes = ret_found->used == GENERATION_NONE ? NULL : TAKE_PTR(used->bytes);
    return 0;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static int write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t wrote = write(fd, bytes, n);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return wrote < 0 ? -errno : -EIO;
        bytes += wrote;
        n -= (size_t)wrote;
    }
    return 0;
}

static int write_new(int directory, const char *bytes, size_t n)
{
    int r,
        fd = openat(directory, GENERATION_FILE_NEW,
                    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, FILE_MODE);

    if (fd < 0)
        return -errno;
    r = owner_adopt(directory, fd);
    if (r == 0)
        r = write_all(fd, bytes, n);
    /* Some file systems say only now that the space was not there. */
    if (close(fd) < 0 && r == 0 && errno != EINTR)
        r = -errno;
    return r;
}

/*
 * Makes `state` the old generation, if it is one that the disk has. Both names are then the same
 * file until rename() takes `state` away. Without links in the file system `state` is missing for
 * that moment, in which generations_load() would find the old one.
 */
static int rotate(const struct generations *g)
{
    int d = g->directory;

    if (g->written == 0 || !generations_are_synced(g))
        return 0;
    if (unlinkat(d, GENERATION_FILE_OLD, 0) < 0 && errno != ENOENT)
        return -errno;
    if (linkat(d, GENERATION_FILE, d, GENERATION_FILE_OLD, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EPERM && errno != EOPNOTSUPP)
        return -errno;
    return renameat(d, GENERATION_FILE, d, GENERATION_FILE_OLD) < 0 ? -errno : 0;
}

int generations_write(struct generations *g, const char *bytes, size_t n)
{
    int r = write_new(g->directory, bytes, n);

    if (r == 0)
        r = rotate(g);
    if (r == 0 && renameat(g->directory, GENERATION_FILE_NEW, g->directory, GENERATION_FILE) < 0)
        r = -errno;
    if (r < 0) {
        unlinkat(g->directory, GENERATION_FILE_NEW, 0);
        return r;
    }
    g->written++;
    return 0;
}

/* ---- To the disk ----------------------------------------------------------------------------- */

bool generations_are_synced(const struct generations *g)
{
    return g->synced == g->written;
}

int generations_sync(int directory)
{
    int r = 0,
        fd = openat(directory, GENERATION_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    /* The directory last: it makes the name, the file must have its bytes by then. */
    if (fsync(fd) < 0 || fsync(directory) < 0)
        r = -errno;
    close(fd);
    return r;
}

void generations_note_sync(struct generations *g, uint64_t generation, int result)
{
    if (result < 0)
        g->doubtful = g->written;
    else if (generation > g->doubtful && generation > g->synced)
        g->synced = generation;
}
