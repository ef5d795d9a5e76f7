#include "ctl/way_tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_MS 5000
#define CHUNK 512U

static ssize_t read_chars(struct transport *t, struct line_char *chars, size_t n)
{
    uint8_t bytes[CHUNK];
    ssize_t got = recv(t->fd, bytes, n < CHUNK ? n : CHUNK, MSG_DONTWAIT);

    if (got == 0)
        return -EPIPE;
    if (got < 0)
        return errno == EINTR ? -EAGAIN : -errno;
    for (ssize_t i = 0; i < got; i++)
        chars[i] = (struct line_char){ .byte = bytes[i], .fault = LINE_GOOD };
    return got;
}

/* A request fits into any socket that is read from at the other side. */
static int write_bytes_out(struct transport *t, const uint8_t *bytes, size_t n)
{
    ssize_t sent = send(t->fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (sent == (ssize_t)n)
        return 0;
    return sent < 0 && errno != EAGAIN ? -errno : -EPIPE;
}

static void close_socket(struct transport *t)
{
    close(t->fd);
}

static const struct transport_ops ops = {
    .read = read_chars,
    .write = write_bytes_out,
    .close = close_socket,
};

/* 0 or a positive errno. */
static int await_connection(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLOUT };
    int error = 0;
    socklen_t size = sizeof(error);
    int r = poll(&p, 1, CONNECT_MS);

    if (r == 0)
        return ETIMEDOUT;
    if (r < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return errno;
    return error;
}

/* A connected socket, or a negative errno. */
static int connect_to(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                    address->ai_protocol);
    int on = 1, error = 0;

    if (fd < 0)
        return -errno;
    /* A request is one segment, to be sent at once. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(fd, address->ai_addr, address->ai_addrlen) < 0)
        error = errno == EINPROGRESS ? await_connection(fd) : errno;
    if (error == 0)
        return fd;
    close(fd);
    return -error;
}

const char *way_connect(const struct way_tcp *tcp, struct transport *ret)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    int fd = -ENOENT, r = getaddrinfo(tcp->host, tcp->service, &hints, &found);

    if (r != 0)
        return r == EAI_SYSTEM ? strerror(errno) : gai_strerror(r);
    for (const struct addrinfo *a = found; a && fd < 0; a = a->ai_next)
        fd = connect_to(a);
    freeaddrinfo(found);
    if (fd < 0)
        return strerror(-fd);
    *ret = (struct transport)TRANSPORT_CLOSED;
    ret->ops = &ops;
    ret->kind = PORT_TCP;
    ret->fd = fd;
    return NULL;
}
