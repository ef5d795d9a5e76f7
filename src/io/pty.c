/* A pseudo terminal: the daemon holds the master side, the M-Bus master opens the slave side. */
#include "io/transport.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"
#include "io/private.h"
#include "io/pty_link.h"
#include "io/termios.h"

/* What a master may leave behind that swallows, changes or echoes bytes. */
#define COOKED_INPUT ((tcflag_t)(ISTRIP | INLCR | IGNCR | ICRNL | IUCLC | IXON | IXOFF))
#define COOKED_OUTPUT ((tcflag_t)OPOST)
#define COOKED_LOCAL ((tcflag_t)(ICANON | ECHO | ISIG))

/* Raw at the port's rate; no faults are marked, as a master that sets nothing expects. */
static int make_raw(int fd, unsigned baud)
{
    struct port_config port = { .baud = baud };
    struct termios want;
    struct termios got;
    int r = termios_for_port(&port, &want);

    if (r < 0)
        return r;
    want.c_iflag = 0;
    if (tcsetattr(fd, TCSANOW, &want) < 0 || tcgetattr(fd, &got) < 0)
        return -errno;
    return termios_taken(&want, &got, true) ? 0 : -EIO;
}

/*
 * Our own descriptor of the slave side: without one the master side is hung up whenever no master
 * is there, and polling it would spin.
 */
static int open_keeper(struct transport *t)
{
    int fd = open(t->name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    int r;

    if (fd < 0)
        return -errno;
    r = make_raw(fd, t->baud);
    if (r < 0) {
        close(fd);
        return r;
    }
    if (t->keeper_fd >= 0)
        close(t->keeper_fd);
    t->keeper_fd = fd;
    return 0;
}

/*
 * Takes back what a master did to the slave side that would harm its next exchange or the next
 * master. The settings outlive a master, since our descriptor keeps the terminal alive.
 */
static void tidy(struct transport *t)
{
    struct termios s;

    /* Else the lock of a master that is gone would keep out all others but root. */
    (void)ioctl(t->keeper_fd, TIOCNXCL);

    /* The master side shows and sets the slave side, even if our descriptor of it was hung up. */
    if (tcgetattr(t->fd, &s) < 0)
        return;
    if (!(s.c_iflag & COOKED_INPUT) && !(s.c_oflag & COOKED_OUTPUT) && !(s.c_lflag & COOKED_LOCAL))
        return;
    if (s.c_lflag & ICANON) {
        /* Canonical mode keeps other characters in these places. */
        s.c_cc[VMIN] = 1;
        s.c_cc[VTIME] = 0;
    }
    s.c_iflag &= ~COOKED_INPUT;
    s.c_oflag &= ~COOKED_OUTPUT;
    s.c_lflag &= ~COOKED_LOCAL;
    (void)tcsetattr(t->fd, TCSANOW, &s);
}

static ssize_t pty_read(struct transport *t, struct line_char *chars, size_t n)
{
    ssize_t got = io_read_chars(t->fd, chars, n);

    if (got > 0)
        tidy(t);
    /* Someone hung up the slave side (vhangup), and our descriptor of it with it. */
    if (got == -EPIPE && open_keeper(t) == 0)
        return -EAGAIN;
    return got;
}

/* On a bus, bytes that nobody reads are gone; here the next master would find them. */
static void pty_drop_unread(struct transport *t)
{
    (void)tcflush(t->keeper_fd, TCIFLUSH);
}

static bool is_hung_up(const struct transport *t)
{
    int unread;

    return ioctl(t->keeper_fd, FIONREAD, &unread) < 0;
}

static int pty_write(struct transport *t, const uint8_t *bytes, size_t n)
{
    int r = 0;

    tidy(t);
    if (is_hung_up(t))
        r = open_keeper(t);
    if (r < 0)
        return io_failure(-r);

    ssize_t written = write(t->fd, bytes, n);

    if (written == (ssize_t)n)
        return 0;
    r = written < 0 ? io_failure(errno) : -EAGAIN;
    if (r == -EAGAIN)
        pty_drop_unread(t); /* full, so nobody reads: leave no part of a frame */
    return r;
}

static void pty_close(struct transport *t)
{
    if (t->link)
        pty_link_remove(t->link, t->name, t->lock_fd);
    free(t->link);
    if (t->keeper_fd >= 0)
        close(t->keeper_fd);
    if (t->fd >= 0)
        close(t->fd);
}

static const struct transport_ops pty_ops = {
    .read = pty_read,
    .write = pty_write,
    .drop_unread = pty_drop_unread,
    .close = pty_close,
};

static int open_master(struct transport *t)
{
    t->fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (t->fd < 0 || grantpt(t->fd) < 0 || unlockpt(t->fd) < 0)
        return -errno;
    return -ptsname_r(t->fd, t->name, sizeof t->name);
}

static int make_link(struct transport *t, const char *path)
{
    char *copy = strdup(path);
    int r;

    if (!copy)
        return -ENOMEM;
    r = pty_link_make(path, t->name, &t->lock_fd);
    if (r < 0)
        free(copy);
    else
        t->link = copy;
    return r;
}

int pty_open(const struct port_config *port, struct transport *ret)
{
    struct transport t = TRANSPORT_CLOSED;
    int r;

    t.ops = &pty_ops;
    t.kind = PORT_PTY;
    t.baud = port->baud;
    r = open_master(&t);
    if (r == 0)
        r = open_keeper(&t);
    if (r == 0 && fchmod(t.keeper_fd, port->mode) < 0)
        r = -errno;
    if (r == 0 && port->link)
        r = make_link(&t, port->link);
    if (r < 0) {
        transport_close(&t);
        return r;
    }
    *ret = t;
    return 0;
}
