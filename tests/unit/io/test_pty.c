/* The pty transport, with the test as the M-Bus master on the slave side. */
#include "io_test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>

static const uint8_t request[] = { 0x10, 0x5B, 0x01, 0x5C, 0x16 };
static const uint8_t ack[] = { 0xE5 };

struct place {
    char directory[32];
    char link[64];
    struct port_config port;
    struct transport t;
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);

    assert_non_null(p);
    (void)snprintf(p->directory, sizeof p->directory, "/tmp/test_pty.XXXXXX");
    assert_non_null(mkdtemp(p->directory));
    (void)snprintf(p->link, sizeof p->link, "%s/bus", p->directory);
    p->port = (struct port_config){
        .kind = PORT_PTY,
        .baud = 2400,
        .mode = 0666,
    };
    assert_int_equal(pty_open(&p->port, &p->t), 0);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;

    transport_close(&p->t);
    (void)unlink(p->link);
    assert_int_equal(rmdir(p->directory), 0);
    free(p);
    return 0;
}

static void open_with_link(struct place *p)
{
    transport_close(&p->t);
    p->port.link = p->link;
    assert_int_equal(pty_open(&p->port, &p->t), 0);
}

static void expect_link_to(const char *path, const char *target)
{
    char found[128] = "";

    assert_true(readlink(path, found, sizeof found - 1) > 0);
    assert_string_equal(found, target);
}

static int open_master(const char *path)
{
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);

    assert_true(fd >= 0);
    return fd;
}

/* A master that opens, leaves these settings and goes. */
static void pass_by(struct place *p, tcflag_t iflag, tcflag_t oflag, tcflag_t lflag)
{
    int fd = open_master(p->t.name);
    struct termios s;

    assert_int_equal(tcgetattr(fd, &s), 0);
    s.c_iflag |= iflag;
    s.c_oflag |= oflag;
    s.c_lflag |= lflag;
    s.c_cc[VMIN] = 4;
    assert_int_equal(tcsetattr(fd, TCSANOW, &s), 0);
    close(fd);
}

static void expect_exchange(struct place *p)
{
    int fd = open_master(p->t.name);

    fd_send(fd, request, sizeof request);
    transport_expect(&p->t, request, sizeof request);
    assert_int_equal(p->t.ops->write(&p->t, awkward, sizeof awkward), 0);
    fd_expect(fd, awkward, sizeof awkward);
    fd_send(fd, ack, sizeof ack);
    transport_expect(&p->t, ack, sizeof ack); /* no echo came before it */
    close(fd);
}

static void test_open(void **state)
{
    struct place *p = *state;
    struct termios got;
    struct stat st;
    int fd = open_master(p->t.name);

    assert_int_equal(p->t.kind, PORT_PTY);
    assert_null(p->t.link);
    assert_int_equal(strncmp(p->t.name, "/dev/pts/", 9), 0);
    assert_true(fcntl(p->t.fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(p->t.fd, F_GETFD) & FD_CLOEXEC);
    assert_true(fcntl(p->t.keeper_fd, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(stat(p->t.name, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0666);

    assert_int_equal(tcgetattr(fd, &got), 0);
    assert_int_equal(got.c_iflag, 0);
    assert_int_equal(got.c_oflag & OPOST, 0);
    assert_int_equal(got.c_lflag, 0);
    assert_int_equal(cfgetospeed(&got), B2400);
    close(fd);
}

static void test_mode(void **state)
{
    static const mode_t modes[] = { 0600, 0660, 0666 };
    struct place *p = *state;

    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        struct stat st;

        transport_close(&p->t);
        p->port.mode = modes[i];
        assert_int_equal(pty_open(&p->port, &p->t), 0);
        assert_int_equal(stat(p->t.name, &st), 0);
        assert_int_equal(st.st_mode & 07777, modes[i]);
    }
}

static void test_wrong_rate(void **state)
{
    struct place *p = *state;
    struct transport t = TRANSPORT_CLOSED;

    p->port.baud = 1;
    assert_int_equal(pty_open(&p->port, &t), -EINVAL);
    assert_int_equal(t.fd, -1);
}

static void test_link_made_and_removed(void **state)
{
    struct place *p = *state;
    struct stat st;

    open_with_link(p);
    expect_link_to(p->link, p->t.name);
    assert_string_equal(p->t.link, p->link);
    transport_close(&p->t);
    assert_int_equal(lstat(p->link, &st), -1);
}

static void test_link_without_folder(void **state)
{
    struct place *p = *state;
    struct transport t = TRANSPORT_CLOSED;

    p->port.link = (char[]){ "/tmp/no-such-folder/bus" };
    assert_int_equal(pty_open(&p->port, &t), -ENOENT);
}

static void test_link_of_another_daemon(void **state)
{
    struct place *p = *state;
    struct transport second = TRANSPORT_CLOSED;

    open_with_link(p);
    assert_int_equal(pty_open(&p->port, &second), -EBUSY);
    assert_int_equal(second.fd, -1);
    expect_link_to(p->link, p->t.name);
    transport_close(&p->t);
    assert_int_equal(pty_open(&p->port, &second), 0);
    expect_link_to(p->link, second.name);
    transport_close(&second);
}

static void test_quiet_without_master(void **state)
{
    struct place *p = *state;
    struct line_char c[4];

    assert_int_equal(poll_for(p->t.fd, POLLIN, 0), 0);
    assert_int_equal(p->t.ops->read(&p->t, c, 4), -EAGAIN);
    close(open_master(p->t.name));
    assert_int_equal(poll_for(p->t.fd, POLLIN, 0), 0);
    assert_int_equal(p->t.ops->read(&p->t, c, 4), -EAGAIN);
}

static void test_bytes_both_ways(void **state)
{
    struct place *p = *state;
    int fd = open_master(p->t.name);

    fd_send(fd, awkward, sizeof awkward);
    transport_expect(&p->t, awkward, sizeof awkward);
    close(fd);
    expect_exchange(p);
}

/* A master that asked and went is not to be taken for the next one, who reads at once. */
static void test_unread_answer_is_dropped(void **state)
{
    struct place *p = *state;
    int fd = open_master(p->t.name);

    assert_int_equal(p->t.ops->write(&p->t, request, sizeof request), 0);
    assert_int_not_equal(poll_for(fd, POLLIN, PATIENCE_MS), 0);
    close(fd);
    p->t.ops->drop_unread(&p->t);

    fd = open_master(p->t.name);
    fd_send(fd, request, sizeof request); /* what comes in is none of its business */
    p->t.ops->drop_unread(&p->t);
    assert_int_equal(poll_for(fd, POLLIN, 0), 0);
    transport_expect(&p->t, request, sizeof request);
    assert_int_equal(p->t.ops->write(&p->t, ack, sizeof ack), 0);
    fd_expect(fd, ack, sizeof ack);
    assert_int_equal(poll_for(fd, POLLIN, 0), 0);
    close(fd);
}

/* More than the terminal holds for its reader: the rest waits in the kernel. */
static void test_all_that_is_unread_is_dropped(void **state)
{
    struct place *p = *state;
    uint8_t frame[261];
    int fd = open_master(p->t.name);

    memset(frame, 0x55, sizeof frame);
    for (int i = 0; i < 20; i++)
        assert_int_equal(p->t.ops->write(&p->t, frame, sizeof frame), 0);
    assert_int_not_equal(poll_for(fd, POLLIN, PATIENCE_MS), 0);
    p->t.ops->drop_unread(&p->t);
    assert_int_equal(p->t.ops->write(&p->t, ack, sizeof ack), 0);
    fd_expect(fd, ack, sizeof ack);
    assert_int_equal(poll_for(fd, POLLIN, 0), 0);
    close(fd);
}

/* An answer in pieces, as with byte_gap, is one answer. */
static void test_fresh_bytes_stay(void **state)
{
    struct place *p = *state;
    int fd = open_master(p->t.name);

    for (size_t i = 0; i < sizeof awkward; i++)
        assert_int_equal(p->t.ops->write(&p->t, &awkward[i], 1), 0);
    fd_expect(fd, awkward, sizeof awkward);
    close(fd);
}

/* Nobody reads at all: once the terminal is full everything goes, so that no cut frame is left. */
static void test_full(void **state)
{
    struct place *p = *state;
    uint8_t frame[261];
    int fd;
    int r = 0;

    memset(frame, 0x55, sizeof frame);
    for (int i = 0; i < 1000 && r == 0; i++)
        r = p->t.ops->write(&p->t, frame, sizeof frame);
    assert_int_equal(r, -EAGAIN);

    fd = open_master(p->t.name);
    assert_int_equal(p->t.ops->write(&p->t, awkward, sizeof awkward), 0);
    fd_expect(fd, awkward, sizeof awkward);
    close(fd);
}

static void test_after_shell(void **state)
{
    struct place *p = *state;

    pass_by(p, ICRNL | IXON, OPOST | ONLCR, ICANON | ECHO | ECHOE | ISIG | IEXTEN);
    /* The settings are put right by what comes in, at the latest by the answer. */
    expect_exchange(p);
    expect_exchange(p);
}

/* Settings that a master makes between its request and the answer. */
static void test_cooked_before_answer(void **state)
{
    struct place *p = *state;
    int fd = open_master(p->t.name);

    fd_send(fd, request, sizeof request);
    transport_expect(&p->t, request, sizeof request);
    pass_by(p, ICRNL | IXON | ISTRIP, 0, ICANON | ECHO | ISIG);
    assert_int_equal(p->t.ops->write(&p->t, awkward, sizeof awkward), 0);
    fd_expect(fd, awkward, sizeof awkward);
    fd_send(fd, ack, sizeof ack);
    transport_expect(&p->t, ack, sizeof ack);
    close(fd);
}

/* One setting at a time, each alone harmful. */
static void test_after_each_setting(void **state)
{
    static const struct {
        tcflag_t iflag;
        tcflag_t oflag;
        tcflag_t lflag;
    } rows[] = {
        { ISTRIP, 0, 0 },        { INLCR, 0, 0 }, { IGNCR, 0, 0 },  { ICRNL, 0, 0 }, { IXON, 0, 0 },
        { 0, OPOST | ONLCR, 0 }, { 0, 0, ECHO },  { 0, 0, ICANON }, { 0, 0, ISIG },
    };
    struct place *p = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        pass_by(p, rows[i].iflag, rows[i].oflag, rows[i].lflag);
        expect_exchange(p);
    }
}

/* OPOST spoils the first request, so there is no answer, but not the second. */
static void test_request_with_newline_after_opost(void **state)
{
    static const uint8_t newline[] = { 0x0A };
    static const uint8_t spoilt[] = { 0x0D, 0x0A };
    struct place *p = *state;
    int fd;

    pass_by(p, 0, OPOST | ONLCR, 0);
    fd = open_master(p->t.name);
    fd_send(fd, newline, sizeof newline);
    transport_expect(&p->t, spoilt, sizeof spoilt);
    fd_send(fd, newline, sizeof newline);
    transport_expect(&p->t, newline, sizeof newline);
    close(fd);
}

/* A master's own raw settings are its own. */
static void test_raw_settings_stay(void **state)
{
    struct place *p = *state;
    int fd = open_master(p->t.name);
    struct termios s;

    assert_int_equal(tcgetattr(fd, &s), 0);
    s.c_iflag = IGNBRK;
    s.c_cc[VMIN] = 0;
    s.c_cc[VTIME] = 3;
    assert_int_equal(cfsetspeed(&s, B9600), 0);
    assert_int_equal(tcsetattr(fd, TCSANOW, &s), 0);
    expect_exchange(p);
    assert_int_equal(tcgetattr(fd, &s), 0);
    assert_int_equal(s.c_iflag, IGNBRK);
    assert_int_equal(s.c_cc[VMIN], 0);
    assert_int_equal(s.c_cc[VTIME], 3);
    assert_int_equal(cfgetospeed(&s), B9600);
    close(fd);
}

/* A master's TIOCEXCL outlives it, since our descriptor keeps the terminal alive. */
static void test_exclusive_is_taken_back(void **state)
{
    struct place *p = *state;
    int fd = open_master(p->t.name);

    assert_int_equal(ioctl(fd, TIOCEXCL), 0);
    fd_send(fd, request, sizeof request);
    transport_expect(&p->t, request, sizeof request);
    close(fd);
    assert_false(is_exclusive(p->t.keeper_fd));
}

/* Without our descriptor the master side is hung up; reading brings it back. */
static void test_read_brings_keeper_back(void **state)
{
    struct place *p = *state;
    struct line_char c[4];

    close(p->t.keeper_fd);
    p->t.keeper_fd = -1;
    assert_int_not_equal(poll_for(p->t.fd, POLLIN, PATIENCE_MS) & POLLHUP, 0);
    assert_int_equal(p->t.ops->read(&p->t, c, 4), -EAGAIN);
    assert_true(p->t.keeper_fd >= 0);
    assert_int_equal(poll_for(p->t.fd, POLLIN, 0), 0);
    expect_exchange(p);
}

/* A child makes the terminal its own and hangs it up, as a login would; 0 when it may. */
static int hang_up(const char *path)
{
    pid_t pid = fork();
    int status = 0;

    assert_true(pid >= 0);
    if (pid == 0) {
        (void)signal(SIGHUP, SIG_IGN);
        (void)setsid();
        _exit(open(path, O_RDWR) >= 0 && vhangup() == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

/* The hang-up sets the terminal to cooked and kills our descriptor; the next answer mends both. */
static void test_vhangup(void **state)
{
    struct place *p = *state;
    int unread = 0;

    if (hang_up(p->t.name) != 0)
        skip(); /* needs CAP_SYS_TTY_CONFIG */
    assert_int_equal(ioctl(p->t.keeper_fd, FIONREAD, &unread), -1);
    expect_exchange(p);
    assert_int_equal(ioctl(p->t.keeper_fd, FIONREAD, &unread), 0);
    assert_int_equal(poll_for(p->t.fd, POLLIN, 0), 0);
    expect_exchange(p);
}

#define on_pty(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_pty(test_open),
        on_pty(test_mode),
        on_pty(test_wrong_rate),
        on_pty(test_link_made_and_removed),
        on_pty(test_link_without_folder),
        on_pty(test_link_of_another_daemon),
        on_pty(test_quiet_without_master),
        on_pty(test_bytes_both_ways),
        on_pty(test_unread_answer_is_dropped),
        on_pty(test_all_that_is_unread_is_dropped),
        on_pty(test_fresh_bytes_stay),
        on_pty(test_full),
        on_pty(test_after_shell),
        on_pty(test_cooked_before_answer),
        on_pty(test_after_each_setting),
        on_pty(test_request_with_newline_after_opost),
        on_pty(test_raw_settings_stay),
        on_pty(test_exclusive_is_taken_back),
        on_pty(test_read_brings_keeper_back),
        on_pty(test_vhangup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
