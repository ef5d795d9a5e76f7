#include "io/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/macros.h"
#include "io/private.h"

#define BACKLOG 16

/* A client that reads nothing is noticed after some dozens of answers. */
#define SEND_BUFFER (16 * 1024)

/* A client whose host has vanished is noticed after a minute: by 30 s of silence and three probes,
 * or, with an answer under way to it, by what was not acknowledged. */
#define KEEPALIVE_IDLE_S 30
#define KEEPALIVE_INTERVAL_S 10
#define KEEPALIVE_PROBES 3
#define UNACKNOWLEDGED_MS (60 * 1000)

struct endpoint {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    };
    socklen_t length;
};

static int set_option(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) < 0 ? -errno : 0;
}

/* `host` is numeric: no name service is asked. */
static int endpoint_of(const char *host, uint16_t port, struct endpoint *ret)
{
    struct addrinfo hints = {
        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
        .ai_socktype = SOCK_STREAM,
    };
    struct addrinfo *found = NULL;
    char service[8];
    int r;

    (void)snprintf(service, sizeof service, "%u", (unsigned)port);
    r = getaddrinfo(host, service, &hints, &found);
    if (r != 0)
        return r == EAI_MEMORY ? -ENOMEM : -EINVAL;
    /* A numeric host is of one of the two families of the union. */
    memcpy(&ret->any, found->ai_addr, found->ai_addrlen);
    ret->length = found->ai_addrlen;
    freeaddrinfo(found);
    return 0;
}

/* "::" alone takes both families; any other address is one of its own family. */
static bool takes_v6_only(const struct endpoint *e)
{
    return memcmp(&e->v6.sin6_addr, &in6addr_any, sizeof in6addr_any) != 0;
}

static int bind_and_listen(int fd, const struct endpoint *e)
{
    /* A restart must not wait until the last connections have left TIME_WAIT. */
    int r = set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);

    if (r == 0 && e->any.sa_family == AF_INET6)
        r = set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, takes_v6_only(e));
    if (r < 0)
        return r;
    if (bind(fd, &e->any, e->length) < 0 || listen(fd, BACKLOG) < 0)
        return -errno;
    return 0;
}

static int listen_on(struct tcp_listener *listener, const char *host, uint16_t port)
{
    struct endpoint e;
    int fd;
    int r = endpoint_of(host, port, &e);

    if (r < 0)
        return r;
    fd = socket(e.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    r = bind_and_listen(fd, &e);
    if (r < 0) {
        close(fd);
        return r;
    }
    listener->fds[listener->n++] = fd;
    return 0;
}

static int listen_on_loopback(struct tcp_listener *listener, uint16_t port)
{
    int r = listen_on(listener, "127.0.0.1", port);

    if (r < 0)
        return r;
    r = listen_on(listener, "::1", port);
    /* A machine without IPv6 is a good machine. */
    return r == -EADDRNOTAVAIL || r == -EAFNOSUPPORT ? 0 : r;
}

int tcp_listen(const struct port_config *port, struct tcp_listener *ret)
{
    struct tcp_listener listener = { .fds = { -1, -1 } };
    int r = port->host ? listen_on(&listener, port->host, port->tcp_port)
                       : listen_on_loopback(&listener, port->tcp_port);

    if (r < 0) {
        tcp_listener_close(&listener);
        return r;
    }
    *ret = listener;
    return 0;
}

void tcp_listener_close(struct tcp_listener *listener)
{
    for (size_t i = 0; i < listener->n; i++)
        close(listener->fds[i]);
    *listener = (struct tcp_listener){ .fds = { -1, -1 } };
}

static ssize_t tcp_read(struct transport *t, struct line_char *chars, size_t n)
{
    return io_read_chars(t->fd, chars, n);
}

static int tcp_write(struct transport *t, const uint8_t *bytes, size_t n)
{
    ssize_t sent = send(t->fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (sent == (ssize_t)n)
        return 0;
    /* No room: the client does not read, and a part of a frame cannot be taken back. */
    if (sent >= 0 || errno == EAGAIN)
        return -EPIPE;
    return io_failure(errno);
}

static void tcp_close(struct transport *t)
{
    close(t->fd);
}

static const struct transport_ops tcp_ops = {
    .read = tcp_read,
    .write = tcp_write,
    .close = tcp_close,
};

static int set_up_client(int fd)
{
    static const struct {
        int level;
        int option;
        int value;
    } options[] = {
        { IPPROTO_TCP, TCP_NODELAY, 1 },
        { SOL_SOCKET, SO_SNDBUF, SEND_BUFFER },
        { SOL_SOCKET, SO_KEEPALIVE, 1 },
        { IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S },
        { IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S },
        { IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES },
        { IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS },
    };

    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        int r = set_option(fd, options[i].level, options[i].option, options[i].value);

        if (r < 0)
            return r;
    }
    return 0;
}

/* A client of IPv4 on a socket for both families is called by its IPv4 address. */
static void unmap(struct endpoint *e)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = e->v6.sin6_port };

    if (e->any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&e->v6.sin6_addr))
        return;
    memcpy(&v4.sin_addr, &e->v6.sin6_addr.s6_addr[12], sizeof v4.sin_addr);
    e->v4 = v4;
    e->length = sizeof v4;
}

static void name_client(struct endpoint *e, char *name, size_t size)
{
    char host[80];
    char service[8];

    unmap(e);
    if (getnameinfo(&e->any, e->length, host, sizeof host, service, sizeof service,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        (void)snprintf(name, size, "client");
    else if (e->any.sa_family == AF_INET6)
        (void)snprintf(name, size, "[%s]:%s", host, service);
    else
        (void)snprintf(name, size, "%s:%s", host, service);
}

/* What accept() says of a client that was gone before we took it (accept(2)); that is no error of
 * the listener. */
static bool is_of_client(int error)
{
    static const int errors[] = {
        EINTR,  ECONNABORTED, EPROTO,       ENETDOWN,   ENOPROTOOPT, EHOSTDOWN,
        ENONET, EPERM,        EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH,
    };

    for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
        if (errors[i] == error)
            return true;
    return false;
}

int tcp_accept(int listen_fd, struct transport *ret)
{
    struct transport t = TRANSPORT_CLOSED;
    struct endpoint e = { .length = sizeof e.v6 };
    int r;

    t.ops = &tcp_ops;
    t.kind = PORT_TCP;
    t.fd = accept4(listen_fd, &e.any, &e.length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (t.fd < 0)
        return is_of_client(errno) ? -EAGAIN : -errno;
    r = set_up_client(t.fd);
    if (r < 0) {
        close(t.fd);
        return r;
    }
    name_client(&e, t.name, sizeof t.name);
    *ret = t;
    return 0;
}
