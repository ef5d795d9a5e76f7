/* The serial transport on the slave side of a pty, which is a tty but for its parity. */
#include "io_test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>

struct line {
    int far_fd; /* the other end of the line */
    char path[64];
    struct port_config port;
    struct transport t;
};

static int set_up(void **state)
{
    struct line *l = calloc(1, sizeof *l);

    assert_non_null(l);
    l->far_fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(l->far_fd >= 0);
    assert_int_equal(grantpt(l->far_fd), 0);
    assert_int_equal(unlockpt(l->far_fd), 0);
    assert_int_equal(ptsname_r(l->far_fd, l->path, sizeof l->path), 0);
    l->port = (struct port_config){ .device = l->path, .baud = 2400, .parity_even = true };
    assert_int_equal(serial_open(&l->port, &l->t), 0);
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    struct line *l = *state;

    transport_close(&l->t);
    if (l->far_fd >= 0)
        close(l->far_fd);
    free(l);
    return 0;
}

static void test_open(void **state)
{
    struct line *l = *state;
    struct termios got;

    assert_int_equal(l->t.kind, PORT_SERIAL);
    assert_string_equal(l->t.name, l->path);
    assert_int_equal(l->t.keeper_fd, -1);
    assert_true(fcntl(l->t.fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(l->t.fd, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(tcgetattr(l->t.fd, &got), 0);
    assert_int_equal(got.c_iflag, INPCK | PARMRK);
    assert_int_equal(got.c_lflag, 0);
    assert_int_equal(cfgetospeed(&got), B2400);
}

/* On a pty it would outlive a killed owner. */
static void test_not_exclusive(void **state)
{
    struct line *l = *state;

    assert_false(is_exclusive(l->t.fd));
}

/* The first tcsetattr() on a pty may pass, as the rate changes too; the second sees parity alone.
 */
static void test_open_again(void **state)
{
    struct line *l = *state;

    transport_close(&l->t);
    assert_int_equal(l->t.fd, -1);
    assert_int_equal(serial_open(&l->port, &l->t), 0);
}

static void test_refused(void **state)
{
    struct line *l = *state;
    struct transport t = TRANSPORT_CLOSED;
    struct port_config no_tty = { .device = (char[]){ "/dev/null" }, .baud = 2400 };
    struct port_config missing = { .device = (char[]){ "/dev/no-such-tty" }, .baud = 2400 };

    assert_int_equal(serial_open(&no_tty, &t), -ENOTTY);
    assert_int_equal(serial_open(&missing, &t), -ENOENT);
    transport_close(&l->t);
    l->port.baud = 2401;
    assert_int_equal(serial_open(&l->port, &t), -EINVAL);
    assert_int_equal(t.fd, -1);
}

/* The lock stops even root. */
static void test_locked_here(void **state)
{
    struct line *l = *state;
    struct transport second = TRANSPORT_CLOSED;

    assert_int_equal(serial_open(&l->port, &second), -EBUSY);
}

static void test_locked_elsewhere(void **state)
{
    struct line *l = *state;
    pid_t pid = fork();
    int status = 0;

    assert_true(pid >= 0);
    if (pid == 0) {
        struct transport second = TRANSPORT_CLOSED;

        _exit(serial_open(&l->port, &second) == -EBUSY ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void test_bytes_both_ways(void **state)
{
    struct line *l = *state;

    fd_send(l->far_fd, awkward, sizeof awkward);
    transport_expect(&l->t, awkward, sizeof awkward);
    assert_int_equal(l->t.ops->write(&l->t, awkward, sizeof awkward), 0);
    fd_expect(l->far_fd, awkward, sizeof awkward);
}

/* The line discipline doubles FF; read one at a time, every second read ends within a mark. */
static void test_ff_one_by_one(void **state)
{
    static const uint8_t ff[] = { 0xFF, 0xFF, 0xFF, 0x00, 0xFF };
    struct line *l = *state;

    fd_send(l->far_fd, ff, sizeof ff);
    for (size_t i = 0; i < sizeof ff; i++)
        transport_expect(&l->t, &ff[i], 1);
}

/* More raw bytes than fit a chunk: nothing is lost. */
static void test_many_ff(void **state)
{
    struct line *l = *state;
    uint8_t ff[500];

    memset(ff, 0xFF, sizeof ff);
    fd_send(l->far_fd, ff, sizeof ff);
    transport_expect(&l->t, ff, sizeof ff);
}

static void test_nothing_there(void **state)
{
    struct line *l = *state;
    struct line_char c[4];

    assert_int_equal(poll_for(l->t.fd, POLLIN, 0), 0);
    assert_int_equal(l->t.ops->read(&l->t, c, 4), -EAGAIN);
}

static void test_unplugged(void **state)
{
    struct line *l = *state;
    static const uint8_t ack[] = { 0xE5 };

    close(l->far_fd);
    l->far_fd = -1;
    assert_int_equal(transport_read_result(&l->t), -EPIPE);
    assert_int_equal(l->t.ops->write(&l->t, ack, sizeof ack), -EPIPE);
}

/* A line that takes nothing: -EAGAIN at some time, and good again when it has come loose. */
static void test_stuck(void **state)
{
    struct line *l = *state;
    uint8_t frame[261];
    uint8_t waste[4096];
    int r = 0;

    memset(frame, 0x55, sizeof frame);
    for (int i = 0; i < 1000 && r == 0; i++)
        r = l->t.ops->write(&l->t, frame, sizeof frame);
    assert_int_equal(r, -EAGAIN);
    while (read(l->far_fd, waste, sizeof waste) > 0)
        ;
    assert_int_equal(l->t.ops->write(&l->t, awkward, sizeof awkward), 0);
    do
        fd_read(l->far_fd, waste, 1);
    while (waste[0] == 0x55); /* what was under way when we looked */
    assert_int_equal(waste[0], awkward[0]);
    fd_expect(l->far_fd, awkward + 1, sizeof awkward - 1);
}

/* Whoever comes after us finds the tty free. */
static void test_released(void **state)
{
    struct line *l = *state;
    int witness = open(l->path, O_RDWR | O_NOCTTY | O_NONBLOCK);

    assert_true(witness >= 0);
    transport_close(&l->t);
    assert_false(is_exclusive(witness));
    close(witness);
}

#define on_line(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_line(test_open),
        on_line(test_not_exclusive),
        on_line(test_open_again),
        on_line(test_refused),
        on_line(test_locked_here),
        on_line(test_locked_elsewhere),
        on_line(test_bytes_both_ways),
        on_line(test_ff_one_by_one),
        on_line(test_many_ff),
        on_line(test_nothing_there),
        on_line(test_unplugged),
        on_line(test_stuck),
        on_line(test_released),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
