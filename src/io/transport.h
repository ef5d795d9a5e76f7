/* A way to the bus that exists several times at run time: a tty, a pty, a TCP client. */
#ifndef IO_TRANSPORT_H
#define IO_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "config/config.h"
#include "io/parmrk.h"

struct transport {
    const struct transport_ops *ops;
    enum port_kind kind;
    int fd;         /* non-blocking, to be watched for EPOLLIN; -1 when closed */
    int keeper_fd;  /* pty: our own end of the slave side, else -1 */
    char *link;     /* pty: the symbolic link that we made, or NULL */
    int lock_fd;    /* pty: keeps its name ours, else -1 */
    char name[108]; /* what a person calls it: "/dev/ttyAMA0", "/dev/pts/3", "127.0.0.1:51234" */
    struct parmrk parmrk; /* serial: state of the marks in the byte stream */
    unsigned baud;        /* pty: the rate that the slave side shows */
};

struct transport_ops {
    /*
     * Reads what is there, at most `n` characters, each a byte or a fault of the line.
     * The number read; -EAGAIN when there is nothing; -EPIPE when the other side or the device is
     * gone; another negative errno when the line is broken.
     */
    ssize_t (*read)(struct transport *t, struct line_char *chars, size_t n);

    /* Writes without waiting: all `n` bytes or a negative errno (-EAGAIN: no room, nothing sent
     * that a master could take for an answer). */
    int (*write)(struct transport *t, const uint8_t *bytes, size_t n);

    /* Throws away what was written and nobody has read: to be called when the newest write is so
     * long ago that no master waits for it. NULL where the other side's bytes are its own. */
    void (*drop_unread)(struct transport *t);

    /* Goes on at another rate, at once: nothing may be under way. 0 or a negative errno, and then
     * the old rate holds. NULL where there is no rate. */
    int (*set_baud)(struct transport *t, unsigned baud);

    void (*close)(struct transport *t);
};

#define TRANSPORT_CLOSED                                                                           \
    {                                                                                              \
        .fd = -1, .keeper_fd = -1, .lock_fd = -1                                                   \
    }

/* Each opens a transport for a port of its kind: 0 or a negative errno; `ret` is set on success. */
int serial_open(const struct port_config *port, struct transport *ret);
int pty_open(const struct port_config *port, struct transport *ret);

/* Closes and clears; accepts a closed one. */
void transport_close(struct transport *t);

#endif
