/* M-Bus over TCP as gateways do it: a plain stream of frames. */
#ifndef IO_TCP_H
#define IO_TCP_H

#include <stddef.h>

#include "config/config.h"
#include "io/transport.h"

/* Loopback may need one socket for each family. */
#define TCP_LISTENERS_MAX 2U

struct tcp_listener {
    int fds[TCP_LISTENERS_MAX]; /* listening, non-blocking; -1 = unused */
    size_t n;
};

/*
 * Listens as the port's host and tcp_port say: 127.0.0.1 and, where it exists, ::1 without a host;
 * "::" takes both families. 0 or a negative errno.
 */
int tcp_listen(const struct port_config *port, struct tcp_listener *ret);

void tcp_listener_close(struct tcp_listener *listener);

/* Takes one waiting client: 0, -EAGAIN when none waits, or another negative errno. */
int tcp_accept(int listen_fd, struct transport *ret);

#endif
