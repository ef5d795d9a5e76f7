/* A real tty with the bus transceiver behind it. */
#include "io/transport.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "io/private.h"
#include "io/termios.h"
#include "mbus/frame.h"

/* Device majors of the slave sides of UNIX 98 ptys. */
#define PTY_MAJOR_FIRST 136U
#define PTY_MAJOR_LAST 143U

/* By number, not by path: a container may bind a pty at /dev/ttyAMA0. */
static bool is_pty(int fd)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return false;
    return major(st.st_rdev) >= PTY_MAJOR_FIRST && major(st.st_rdev) <= PTY_MAJOR_LAST;
}

/* The lock keeps out a second daemon, even one of root; TIOCEXCL whoever takes no locks. On a pty
 * it outlives the process that set it: after a kill -9 the next one, not being root, would be kept
 * out. */
static int make_exclusive(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        return errno == EWOULDBLOCK ? -EBUSY : -errno;
    if (!is_pty(fd))
        (void)ioctl(fd, TIOCEXCL);
    return 0;
}

/* tcsetattr() is content when any one of the changes worked, so what counts is what is read back.
 */
static int set_line(int fd, const struct port_config *port)
{
    struct termios want;
    struct termios got;
    bool pty = is_pty(fd);
    int r = termios_for_port(port, &want);

    if (r < 0)
        return r;
    if (tcsetattr(fd, TCSANOW, &want) < 0 && !(pty && errno == EINVAL))
        return -errno;
    if (tcgetattr(fd, &got) < 0)
        return -errno;
    return termios_taken(&want, &got, pty) ? 0 : -EIO;
}

/* Lets a USB adapter hand over characters at once; a driver that has no such thing is as good. */
static void ask_low_latency(int fd)
{
    struct serial_struct s;

    if (ioctl(fd, TIOCGSERIAL, &s) < 0)
        return;
    s.flags = (int)((unsigned)s.flags | ASYNC_LOW_LATENCY);
    (void)ioctl(fd, TIOCSSERIAL, &s);
}

static ssize_t serial_read(struct transport *t, struct line_char *chars, size_t n)
{
    uint8_t raw[IO_CHUNK];
    size_t made = 0;

    if (n == 0)
        return 0;
    /* No more raw bytes than characters wanted, so that none can be left over; a chunk that ends
     * within its first mark makes no character yet. */
    while (made == 0) {
        ssize_t got = io_read(t->fd, raw, n < IO_CHUNK ? n : IO_CHUNK);

        if (got < 0)
            return got;
        for (ssize_t i = 0; i < got; i++)
            made += (size_t)parmrk_decode(&t->parmrk, raw[i], &chars[made]);
    }
    return (ssize_t)made;
}

static int serial_write(struct transport *t, const uint8_t *bytes, size_t n)
{
    int queued = 0;

    /* More than a frame in the queue: the line is stuck, and old answers must not burst out when it
     * comes loose. */
    if (ioctl(t->fd, TIOCOUTQ, &queued) == 0 && queued > (int)FRAME_MAX) {
        (void)tcflush(t->fd, TCOFLUSH);
        return -EAGAIN;
    }

    ssize_t written = write(t->fd, bytes, n);
    int r = written < 0 ? io_failure(errno) : -EAGAIN;

    if (written == (ssize_t)n)
        return 0;
    if (r == -EAGAIN)
        (void)tcflush(t->fd, TCOFLUSH);
    return r;
}

static int serial_set_baud(struct transport *t, unsigned baud)
{
    struct termios want, got;
    int r;

    if (tcgetattr(t->fd, &want) < 0)
        return -errno;
    r = termios_set_baud(&want, baud);
    if (r < 0)
        return r;
    if (tcsetattr(t->fd, TCSANOW, &want) < 0 || tcgetattr(t->fd, &got) < 0)
        return -errno;
    return cfgetospeed(&got) == cfgetospeed(&want) ? 0 : -EIO;
}

static void serial_close(struct transport *t)
{
    /* close() waits up to 30 s for output that does not drain, and the other ports with it. */
    (void)tcflush(t->fd, TCOFLUSH);
    (void)ioctl(t->fd, TIOCNXCL);
    close(t->fd);
}

static const struct transport_ops serial_ops = {
    .read = serial_read,
    .write = serial_write,
    .set_baud = serial_set_baud,
    .close = serial_close,
};

static int prepare(int fd, const struct port_config *port)
{
    int r;

    if (!isatty(fd))
        return -ENOTTY;
    r = make_exclusive(fd);
    if (r < 0)
        return r;
    r = set_line(fd, port);
    if (r < 0) {
        (void)ioctl(fd, TIOCNXCL);
        return r;
    }
    ask_low_latency(fd);
    return tcflush(fd, TCIOFLUSH) < 0 ? -errno : 0;
}

int serial_open(const struct port_config *port, struct transport *ret)
{
    struct transport t = TRANSPORT_CLOSED;
    int r;

    t.ops = &serial_ops;
    t.kind = PORT_SERIAL;
    t.fd = open(port->device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (t.fd < 0)
        return -errno;
    r = prepare(t.fd, port);
    if (r < 0) {
        close(t.fd);
        return r;
    }
    (void)snprintf(t.name, sizeof t.name, "%s", port->device);
    *ret = t;
    return 0;
}
