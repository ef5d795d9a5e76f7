#include "io/transport.h"

#include <errno.h>
#include <unistd.h>

#include "io/private.h"

void transport_close(struct transport *t)
{
    if (t->ops)
        t->ops->close(t);
    *t = (struct transport)TRANSPORT_CLOSED;
}

int io_failure(int error)
{
    switch (error) {
    case EAGAIN:
    case EINTR:
        return -EAGAIN;
    case EPIPE:
    case ECONNRESET:
    case ETIMEDOUT: /* keep-alive found nobody */
    case EIO:       /* a tty that was hung up */
    case ENXIO:     /* a USB adapter that was pulled */
    case ENODEV:
        return -EPIPE;
    default:
        return -error;
    }
}

ssize_t io_read(int fd, uint8_t *bytes, size_t n)
{
    ssize_t got = read(fd, bytes, n);

    if (got < 0)
        return io_failure(errno);
    return got > 0 ? got : -EPIPE;
}

ssize_t io_read_chars(int fd, struct line_char *chars, size_t n)
{
    uint8_t bytes[IO_CHUNK];
    ssize_t got = io_read(fd, bytes, n < IO_CHUNK ? n : IO_CHUNK);

    for (ssize_t i = 0; i < got; i++)
        chars[i] = (struct line_char){ .byte = bytes[i], .fault = LINE_GOOD };
    return got;
}
