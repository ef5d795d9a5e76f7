#include "config/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "config/grow.h"

static void freep(char **p)
{
    free(*p);
}

int text_file_open(const char *path, bool is_included, struct text_file *ret)
{
    /* Not waiting for the writer of a FIFO, who may never come. */
    *ret = (struct text_file){ .fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY) };
    if (ret->fd < 0 || fstat(ret->fd, &ret->stat) < 0)
        return errno == ENXIO ? -ENODEV : -errno; /* ENXIO: a socket */
    if (S_ISDIR(ret->stat.st_mode))
        return -EISDIR;
    return is_included && !S_ISREG(ret->stat.st_mode) ? -ENODEV : 0;
}

/* A piece of the file: its size, 0 at the end, or a negative errno. */
static ssize_t read_piece(const struct text_file *file, char *bytes, size_t n)
{
    struct pollfd wait = { .fd = file->fd, .events = POLLIN };
    /* A regular file is always ready. */
    for (;;) {
        int ready = S_ISREG(file->stat.st_mode) ? 1 : poll(&wait, 1, TEXT_FILE_WAIT_MS);
        if (ready == 0)
            return -ETIMEDOUT;
        ssize_t got = ready < 0 ? -1 : read(file->fd, bytes, n);
        if (got >= 0)
            return got;
        if (errno != EINTR && errno != EAGAIN)
            return -errno;
    }
}

int text_file_read(const struct text_file *file, size_t max, char **ret, size_t *ret_n)
{
    CLEANUP(freep) char *bytes = NULL;
    size_t capacity = 0, n = 0;

    for (;;) {
        size_t room = n < 4096 ? 4096 : n;
        char *moved = grow(bytes, &capacity, n + room, 1);
        if (!moved)
            return -ENOMEM;
        bytes = moved;
        size_t left = max + 1 - n;
        ssize_t got = read_piece(file, bytes + n, left < capacity - n ? left : capacity - n);
        if (got < 0)
            return (int)got;
        n += (size_t)got;
        if (got == 0 || n > max)
            break;
    }
    *ret = TAKE_PTR(bytes);
    *ret_n = n;
    return 0;
}

void text_file_close(struct text_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

const char *text_file_problem(int error)
{
    switch (error) {
    case -ENODEV:
        return "is no regular file";
    case -ETIMEDOUT:
        return "nothing came for 2 s";
    default:
        return strerror(-error);
    }
}
