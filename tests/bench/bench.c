/*
 * Measures the daemon beside the floor, in pairs, and prints a table.
 *     bench MBUS_SLAVE FLOOR           everything but instructions
 *     bench load PORT COUNT            a plain load for callgrind: COUNT requests over TCP
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PAIRS 7
#define REQUESTS 20000
#define WINDOW_REQUESTS 300
#define STARTS 15
#define ANSWER_SIZE 30

#define METER                                                                                      \
    "meter = { address = 3; id = \"12345678\"; records = (\n"                                      \
    "  { name = \"voltage\"; unit = \"V\"; type = \"int16\"; value = 1234; },\n"                   \
    "  { name = \"volume\"; unit = \"m3\"; type = \"int16\"; value = 456; } ); };\n"

static const char *daemon_path, *floor_path;
static char folder[] = "/tmp/mbus-slave-bench-XXXXXX";

static void die(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static const char *in_folder(const char *name)
{
    static char paths[8][128];
    static unsigned next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

/* ---- figures --------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sorts the values; `share` 0.5 is the median. */
static double quantile(double *values, size_t n, double share)
{
    size_t at = (size_t)(share * (double)(n - 1) + 0.5);

    qsort(values, n, sizeof(*values), compare);
    return values[at];
}

/* Nanoseconds on a processor so far, user and kernel. */
static double cpu_ns(pid_t pid)
{
    char path[64], line[128] = "0";
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
    f = fopen(path, "re");
    if (f != NULL && fgets(line, sizeof(line), f) == NULL)
        line[0] = '\0';
    if (f != NULL)
        fclose(f);
    return strtod(line, NULL);
}

/* The number behind a word in a file below /proc/PID. */
static long proc_number(pid_t pid, const char *file, const char *word)
{
    char path[64], line[256];
    long value = -1;
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
    f = fopen(path, "re");
    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, word, strlen(word)) == 0)
            value = strtol(line + strlen(word), NULL, 10);
    }
    if (f != NULL)
        fclose(f);
    return value;
}

/* ---- the two servers ------------------------------------------------------------------------- */

static int free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(fd, (struct sockaddr *)&address, size) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        die("no free port");
    close(fd);
    return ntohs(address.sin_port);
}

static pid_t spawn(const char *path, const char *a, const char *b)
{
    pid_t pid = fork();

    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);

        dup2(null, STDERR_FILENO);
        execl(path, path, a, b, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static int notify_fd;

static void open_notify(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", in_folder("notify"));
    notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (bind(notify_fd, (struct sockaddr *)&address, sizeof(address)) < 0)
        die("notify");
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
}

/* Starts the daemon with this port and waits for READY. */
static pid_t start_daemon(const char *port)
{
    FILE *f = fopen(in_folder("conf"), "we");
    char message[512];
    pid_t pid;

    if (f == NULL)
        die("conf");
    fprintf(f, "port = { %s };\nlog = { level = \"error\"; };\n" METER, port);
    fclose(f);
    pid = spawn(daemon_path, "--config", in_folder("conf"));
    do {
        struct pollfd p = { .fd = notify_fd, .events = POLLIN };
        ssize_t n = poll(&p, 1, 5000) == 1 ? recv(notify_fd, message, sizeof(message) - 1, 0) : -1;

        if (n < 0)
            die("the daemon does not get ready");
        message[n] = '\0';
    } while (strstr(message, "READY=1") == NULL);
    return pid;
}

static void stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    unlink(in_folder("bus"));
}

/* ---- the master ------------------------------------------------------------------------------ */

static int connect_tcp(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int on = 1;

    for (int i = 0; i < 500; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
            return fd;
        }
        close(fd);
        poll(NULL, 0, 10);
    }
    die("connect");
    return -1;
}

static int connect_pty(void)
{
    struct termios t;
    int fd = -1;

    for (int i = 0; i < 500 && fd < 0; i++) {
        fd = open(in_folder("bus"), O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
            poll(NULL, 0, 10);
    }
    if (fd < 0)
        die("pty");
    tcgetattr(fd, &t);
    cfmakeraw(&t);
    tcsetattr(fd, TCSANOW, &t);
    return fd;
}

/* One request and its whole answer; the time to its first byte in microseconds. */
static double ask(int fd, bool toggle)
{
    const unsigned char requests[2][5] = { { 0x10, 0x5B, 0x03, 0x5E, 0x16 },
                                           { 0x10, 0x7B, 0x03, 0x7E, 0x16 } };
    unsigned char answer[64];
    size_t at = 0;
    double begin = now_us(), first = 0;

    if (write(fd, requests[toggle], 5) != 5)
        die("write");
    while (at < ANSWER_SIZE) {
        ssize_t n = read(fd, answer + at, sizeof(answer) - at);

        if (n <= 0)
            die("no answer");
        if (at == 0)
            first = now_us() - begin;
        at += (size_t)n;
    }
    return first;
}

struct run {
    double rate;        /* answers a second */
    double median, p99; /* microseconds to the first byte */
    double cpu_us;      /* an answer */
};

static struct run measure(int fd, pid_t server, size_t n)
{
    double *times = calloc(n, sizeof(*times)), begin, cpu;
    struct run run;

    for (size_t i = 0; i < n / 10 + 1; i++)
        ask(fd, i % 2);
    cpu = cpu_ns(server);
    begin = now_us();
    for (size_t i = 0; i < n; i++)
        times[i] = ask(fd, i % 2);
    run.rate = (double)n / (now_us() - begin) * 1e6;
    run.cpu_us = (cpu_ns(server) - cpu) / 1e3 / (double)n;
    run.median = quantile(times, n, 0.5);
    run.p99 = quantile(times, n, 0.99);
    free(times);
    return run;
}

/* ---- what is printed ------------------------------------------------------------------------- */

static void bench_tcp(void)
{
    double rates[PAIRS], floors[PAIRS], cpus[PAIRS], medians[PAIRS], p99s[PAIRS],
        rate_ratios[PAIRS], cpu_ratios[PAIRS];

    for (int i = 0; i < PAIRS; i++) {
        int ours = free_port(), theirs;
        char port[64], number[16];
        struct run a, b;
        pid_t pid, floor_pid;
        int fd;

        snprintf(port, sizeof(port), "device = \"tcp:%d\";", ours);
        pid = start_daemon(port);
        theirs = free_port();
        snprintf(number, sizeof(number), "%d", theirs);
        floor_pid = spawn(floor_path, "tcp", number);
        fd = connect_tcp(ours);
        a = measure(fd, pid, REQUESTS);
        close(fd);
        fd = connect_tcp(theirs);
        b = measure(fd, floor_pid, REQUESTS);
        close(fd);
        stop(pid);
        stop(floor_pid);
        rates[i] = a.rate;
        floors[i] = b.rate;
        cpus[i] = a.cpu_us;
        medians[i] = a.median;
        p99s[i] = a.p99;
        rate_ratios[i] = a.rate / b.rate;
        cpu_ratios[i] = a.cpu_us / b.cpu_us;
    }
    printf("| TCP: answers a second | %.0f (floor %.0f) | %.2f of the floor |\n",
           quantile(rates, PAIRS, 0.5), quantile(floors, PAIRS, 0.5),
           quantile(rate_ratios, PAIRS, 0.5));
    printf("| TCP: time to the answer, median and p99 | %.0f us, %.0f us | |\n",
           quantile(medians, PAIRS, 0.5), quantile(p99s, PAIRS, 0.5));
    printf("| TCP: CPU time an answer | %.1f us | %.2f of the floor |\n",
           quantile(cpus, PAIRS, 0.5), quantile(cpu_ratios, PAIRS, 0.5));
}

/* On a pty the window rules: what counts is how close to its earliest instant an answer leaves. */
static void bench_window(unsigned baud, double earliest_us)
{
    char port[192];
    double *late = calloc(WINDOW_REQUESTS, sizeof(*late)), begin;
    pid_t pid;
    int fd;

    snprintf(port, sizeof(port), "device = \"pty\"; link = \"%s\"; baud = %u;", in_folder("bus"),
             baud);
    pid = start_daemon(port);
    fd = connect_pty();
    ask(fd, true);
    begin = now_us();
    for (size_t i = 0; i < WINDOW_REQUESTS; i++)
        late[i] = ask(fd, i % 2) - earliest_us;
    printf("| pty at %u baud: answers a second (the window allows %.0f) | %.0f | |\n", baud,
           1e6 / earliest_us, WINDOW_REQUESTS / (now_us() - begin) * 1e6);
    printf("| pty at %u baud: after the earliest instant, median, p99, worst | %.0f us, %.0f us, "
           "%.0f us | |\n",
           baud, quantile(late, WINDOW_REQUESTS, 0.5), quantile(late, WINDOW_REQUESTS, 0.99),
           quantile(late, WINDOW_REQUESTS, 1));
    close(fd);
    stop(pid);
    free(late);
}

static void bench_start(void)
{
    double times[STARTS];
    char port[64];

    for (int i = 0; i < STARTS; i++) {
        double begin;
        pid_t pid;

        snprintf(port, sizeof(port), "device = \"tcp:%d\";", free_port());
        begin = now_us();
        pid = start_daemon(port);
        times[i] = (now_us() - begin) / 1e3;
        stop(pid);
    }
    printf("| fork and exec to READY, median and worst | %.1f ms, %.1f ms | |\n",
           quantile(times, STARTS, 0.5), quantile(times, STARTS, 1));
}

/* One daemon with a port of each kind that needs no hardware, a client connected. */
static void bench_idle(int seconds)
{
    char port[192];
    int tcp = free_port(), fd;
    long before, after;
    pid_t pid;

    snprintf(port, sizeof(port), "device = \"tcp:%d\";", tcp);
    pid = start_daemon(port);
    fd = connect_tcp(tcp);
    ask(fd, true);
    poll(NULL, 0, 200);
    printf("| memory: private dirty, PSS, RSS | %ld KiB, %ld KiB, %ld KiB | |\n",
           proc_number(pid, "smaps_rollup", "Private_Dirty:"),
           proc_number(pid, "smaps_rollup", "Pss:"), proc_number(pid, "smaps_rollup", "Rss:"));
    before = proc_number(pid, "status", "voluntary_ctxt_switches:");
    poll(NULL, 0, seconds * 1000);
    after = proc_number(pid, "status", "voluntary_ctxt_switches:");
    printf("| wake-ups in %d idle seconds | %ld | |\n", seconds, after - before);
    close(fd);
    stop(pid);
}

static int load(int port, long count)
{
    int fd = connect_tcp(port);

    for (long i = 0; i < count; i++)
        ask(fd, i % 2);
    close(fd);
    return 0;
}

int main(int argc, char *argv[])
{
    if (argc == 4 && strcmp(argv[1], "load") == 0)
        return load((int)strtol(argv[2], NULL, 10), strtol(argv[3], NULL, 10));
    if (argc != 3) {
        fprintf(stderr, "bench MBUS_SLAVE FLOOR | bench load PORT COUNT\n");
        return 2;
    }
    daemon_path = argv[1];
    floor_path = argv[2];
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (mkdtemp(folder) == NULL)
        die(folder);
    open_notify();
    bench_tcp();
    bench_window(2400, 4584);
    bench_window(9600, 2000);
    bench_start();
    bench_idle(getenv("IDLE") != NULL ? (int)strtol(getenv("IDLE"), NULL, 10) : 60);
    unlink(in_folder("conf"));
    unlink(in_folder("notify"));
    rmdir(folder);
    return 0;
}
