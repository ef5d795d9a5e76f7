#include "tests/system/harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 10000
#define POLL_MS 5

int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void wait_ms(int ms)
{
    poll(NULL, 0, ms);
}

static const char *program(void)
{
    const char *path = getenv("MBUS_SLAVE");

    return path != NULL ? path : "build/mbus-slave";
}

const char *rig_path(const struct rig *rig, const char *name)
{
    static char paths[16][160];
    static unsigned next;
    char *path = paths[next++ % ARRAY_SIZE(paths)];

    snprintf(path, sizeof(paths[0]), "%s/%s", rig->dir, name);
    return path;
}

/* ---- the folder and what is in it ------------------------------------------------------------ */

void rig_init(struct rig *rig)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    *rig = (struct rig){ .dir = "/tmp/mbus-slave-test-XXXXXX" };
    assert_non_null(mkdtemp(rig->dir));
    assert_int_equal(mkdir(rig_path(rig, "state"), 0700), 0);
    assert_int_equal(mkdir(rig_path(rig, "run"), 0700), 0);
    strcpy(address.sun_path, rig_path(rig, "notify"));
    rig->notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(rig->notify_fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

static char *read_log(const struct rig *rig)
{
    static char text[256 * 1024];
    int fd = open(rig_path(rig, "log"), O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void rig_done(struct rig *rig)
{

    if (rig->pid > 0) {
        kill(rig->pid, SIGKILL);
        waitpid(rig->pid, NULL, 0);
        print_error("the daemon said:\n%s", read_log(rig));
    }
    close(rig->notify_fd);
    nftw(rig->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void rig_config(struct rig *rig, const char *format, ...)
{
    FILE *f = fopen(rig_path(rig, "mbus-slave.conf"), "we");
    va_list args;

    assert_non_null(f);
    va_start(args, format);
    vfprintf(f, format, args);
    va_end(args);
    fclose(f);
}

/* ---- the process ----------------------------------------------------------------------------- */

static void run_child(const struct rig *rig, char *const args[], int out)
{
    char *argv[16] = { "mbus-slave", "--config", (char *)rig_path(rig, "mbus-slave.conf"), NULL };

    if (args != NULL) {
        for (size_t i = 0; i + 2 < ARRAY_SIZE(argv) && (i == 0 || args[i - 1] != NULL); i++)
            argv[i + 1] = args[i];
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no daemon behind */
    setenv("NOTIFY_SOCKET", rig_path(rig, "notify"), 1);
    setenv("STATE_DIRECTORY", rig_path(rig, "state"), 1); /* not those of an installed daemon */
    setenv("RUNTIME_DIRECTORY", rig_path(rig, "run"), 1);
    /* Not the bus of this machine; nor a folder in which others are at work, since it is watched.
     */
    setenv("DBUS_SYSTEM_BUS_ADDRESS", rig->bus != NULL ? rig->bus : "unix:path=/nonexistent/bus",
           1);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    for (int fd = STDIN_FILENO; rig->closed && fd <= STDERR_FILENO; fd++)
        close(fd);
    execv(program(), argv);
    _exit(127);
}

void rig_launch(struct rig *rig, char *const args[])
{
    int out = open(rig_path(rig, "log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    assert_true(out >= 0);
    rig->pid = fork();
    assert_true(rig->pid >= 0);
    if (rig->pid == 0)
        run_child(rig, args, out);
    close(out);
}

void rig_start(struct rig *rig, char *const args[])
{
    rig_launch(rig, args);
    rig_expect_notify(rig, "READY=1");
}

int rig_wait(struct rig *rig)
{
    int64_t end = now_us() + PATIENCE_MS * 1000;
    int status;

    while (waitpid(rig->pid, &status, WNOHANG) == 0) {
        if (now_us() > end)
            fail_msg("the daemon does not end; it said:\n%s", read_log(rig));
        wait_ms(POLL_MS);
    }
    rig->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void rig_stop(struct rig *rig)
{
    assert_int_equal(kill(rig->pid, SIGTERM), 0);
    assert_int_equal(rig_wait(rig), 0);
}

int rig_run(struct rig *rig, char *const args[], char *output, size_t size)
{
    int status;

    unlink(rig_path(rig, "log"));
    rig_launch(rig, args);
    status = rig_wait(rig);
    snprintf(output, size, "%s", read_log(rig));
    return status;
}

/* ---- what it says ---------------------------------------------------------------------------- */

unsigned rig_count_log(const struct rig *rig, const char *text)
{
    unsigned n = 0;

    for (const char *at = read_log(rig); (at = strstr(at, text)) != NULL; at++)
        n++;
    return n;
}

void rig_expect_log(const struct rig *rig, const char *text)
{
    int64_t end = now_us() + PATIENCE_MS * 1000;

    while (rig_count_log(rig, text) == 0) {
        if (now_us() > end)
            fail_msg("\"%s\" is not in the log:\n%s", text, read_log(rig));
        wait_ms(POLL_MS);
    }
}

/* Without taking its exit status from rig_wait(). */
static bool has_ended(const struct rig *rig)
{
    siginfo_t info = { .si_pid = 0 };

    return rig->pid > 0 && waitid(P_PID, (id_t)rig->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == rig->pid;
}

void rig_expect_notify(struct rig *rig, const char *text)
{
    int64_t end = now_us() + PATIENCE_MS * 1000;
    struct pollfd p = { .fd = rig->notify_fd, .events = POLLIN };

    while (now_us() < end) {
        char message[4096];
        ssize_t n;

        if (poll(&p, 1, 100) <= 0) {
            if (has_ended(rig))
                break;
            continue;
        }
        n = recv(rig->notify_fd, message, sizeof(message) - 1, 0);
        message[n > 0 ? n : 0] = '\0';
        if (strstr(message, text) != NULL)
            return;
    }
    fail_msg("systemd was not told \"%s\"; the log:\n%s", text, read_log(rig));
}

/* ---- the master's end ------------------------------------------------------------------------ */

static int loopback_socket(struct sockaddr_in *address, int port)
{
    *address = (struct sockaddr_in){ .sin_family = AF_INET,
                                     .sin_port = htons((uint16_t)port),
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

int free_tcp_port(void)
{
    struct sockaddr_in address;
    socklen_t size = sizeof(address);
    int fd = loopback_socket(&address, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

int tcp_connect(int port)
{
    struct sockaddr_in address;
    int fd = loopback_socket(&address, port);

    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

int pty_connect(const char *path)
{
    struct termios t;
    int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (fd < 0)
        fail_msg("%s: %s", path, strerror(errno));
    assert_int_equal(tcgetattr(fd, &t), 0);
    cfmakeraw(&t);
    assert_int_equal(tcsetattr(fd, TCSANOW, &t), 0);
    return fd;
}

void send_hex(int fd, const char *text)
{
    uint8_t bytes[1024];
    size_t n = test_hex(text, bytes, sizeof(bytes));

    assert_int_equal(write(fd, bytes, n), n);
}

void expect_hex_(int fd, const char *text, const char *file, int line)
{
    uint8_t wanted[1024], got[1024];
    size_t n = test_hex(text, wanted, sizeof(wanted)), at = 0;

    while (at < n) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        ssize_t r = poll(&p, 1, 2000) == 1 ? read(fd, got + at, n - at) : 0;

        if (r <= 0) {
            print_error("%zu of %zu bytes came\n", at, n);
            _fail(file, line);
        }
        at += (size_t)r;
    }
    _assert_memory_equal(got, wanted, n, file, line);
}

void expect_silence_(int fd, int ms, const char *file, int line)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };

    _assert_true(poll(&p, 1, ms) == 0, "nothing arrives", file, line);
}

void expect_closed(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    char byte;

    assert_int_equal(poll(&p, 1, 5000), 1);
    assert_true(read(fd, &byte, 1) <= 0);
    close(fd);
}
