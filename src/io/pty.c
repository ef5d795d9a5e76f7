/* A pseudo terminal: the daemon holds the master side, the M-Bus master opens the slave side. */
#include "io/transport.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/macros.h"
#include "io/private.h"
#include "io/termios.h"

/* An answer that lies unread for longer has no reader: no master polls that slowly. */
#define STALE (2 * USEC_PER_SEC)

/* What a master may leave behind that swallows, changes or echoes bytes. */
#define COOKED_INPUT ((tcflag_t)(ISTRIP | INLCR | IGNCR | ICRNL | IUCLC | IXON | IXOFF))
#define COOKED_OUTPUT ((tcflag_t)OPOST)
#define COOKED_LOCAL ((tcflag_t)(ICANON | ECHO | ISIG))

static usec_t now_usec(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (usec_t)now.tv_sec * USEC_PER_SEC + (usec_t)now.tv_nsec / 1000;
}

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

static void flush_answers(struct transport *t)
{
    (void)tcflush(t->keeper_fd, TCIFLUSH);
}

/* On a bus, bytes that nobody reads are gone; here the next master would find them. */
static int flush_stale(struct transport *t, usec_t now)
{
    int unread = 0;

    if (ioctl(t->keeper_fd, FIONREAD, &unread) < 0)
        return open_keeper(t); /* hung up; what lay there is gone */
    if (unread > 0 && now - t->last_write > STALE)
        flush_answers(t);
    return 0;
}

static int pty_write(struct transport *t, const uint8_t *bytes, size_t n)
{
    usec_t now = now_usec();
    int r;

    tidy(t);
    r = flush_stale(t, now);
    if (r < 0)
        return io_failure(-r);

    ssize_t written = write(t->fd, bytes, n);

    if (written == (ssize_t)n) {
        t->last_write = now;
        return 0;
    }
    r = written < 0 ? io_failure(errno) : -EAGAIN;
    if (r == -EAGAIN)
        flush_answers(t); /* full, so nobody reads: leave no part of a frame */
    return r;
}

static void pty_discard_input(struct transport *t)
{
    (void)tcflush(t->fd, TCIFLUSH);
}

/* Removes the link unless it leads elsewhere by now: another daemon may have taken the name. */
static void remove_link(const struct transport *t)
{
    char target[sizeof t->name];
    ssize_t n = readlink(t->link, target, sizeof target);

    if (n == (ssize_t)strlen(t->name) && memcmp(target, t->name, (size_t)n) == 0)
        (void)unlink(t->link);
}

/* Puts a link in the place of an older one at once: a master finds the one or the other. */
static int replace_link(const char *target, const char *path)
{
    char other[PATH_MAX];
    char any;
    int n = snprintf(other, sizeof other, "%s.new-%ld", path, (long)getpid());

    if (n < 0 || (size_t)n >= sizeof other)
        return -ENAMETOOLONG;
    if (readlink(other, &any, 1) >= 0)
        (void)unlink(other); /* left by a daemon of our number that was killed right here */
    if (symlink(target, other) < 0)
        return -errno;
    if (rename(other, path) < 0) {
        int r = -errno;

        (void)unlink(other);
        return r;
    }
    return 0;
}

static int make_link(struct transport *t, const char *path)
{
    char *copy = strdup(path);
    struct stat st;
    int r = 0;

    if (!copy)
        return -ENOMEM;
    if (lstat(path, &st) < 0)
        r = symlink(t->name, path) < 0 ? -errno : 0;
    else if (S_ISLNK(st.st_mode))
        r = replace_link(t->name, path);
    else
        r = -EEXIST;
    if (r < 0) {
        free(copy);
        return r;
    }
    t->link = copy;
    return 0;
}

static void pty_close(struct transport *t)
{
    if (t->link)
        remove_link(t);
    free(t->link);
    if (t->keeper_fd >= 0)
        close(t->keeper_fd);
    if (t->fd >= 0)
        close(t->fd);
}

static const struct transport_ops pty_ops = {
    .read = pty_read,
    .write = pty_write,
    .discard_input = pty_discard_input,
    .close = pty_close,
};

static int open_master(struct transport *t)
{
    t->fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (t->fd < 0 || grantpt(t->fd) < 0 || unlockpt(t->fd) < 0)
        return -errno;
    return -ptsname_r(t->fd, t->name, sizeof t->name);
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
