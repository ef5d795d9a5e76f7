/* Ten thousand values a second through mbus-slavectl feed, while a master asks. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/macros.h"
#include "tests/bench/figures.h"
#include "tests/bench/master.h"
#include "tests/bench/rig.h"
#include "tests/bench/tables.h"

#define METERS 100
#define RECORDS 100
#define SECONDS 10
#define WANTED 10000 /* values a second */
#define STEP_MS 10   /* as many lines at once as belong to that time */
#define FLAT_OUT (20 * WANTED)
#define READS_MAX 20000
#define PAUSE_MS 2
#define ADDRESS 1

/* The last has the shortest window of all. */
static const struct {
    const char *link;
    unsigned baud;
} ports[] = { { "bus2400", 2400 }, { "bus9600", 9600 }, { "bus38400", 38400 } };

#define PORTS ARRAY_SIZE(ports)

struct bench {
    pid_t bus, daemon;
    int fds[PORTS];
    bool toggle;
};

/* What comes of one run. */
struct run {
    const char *name;
    double seconds, values;
    bool is_taken;                        /* all of them */
    double daemon_cpu, bus_cpu, feed_cpu; /* seconds */
    double delays[PORTS * READS_MAX];     /* after the earliest instant */
    size_t n;
    unsigned missed;
    double worst[PORTS];
};

/* ---- the daemon ------------------------------------------------------------------------------ */

static bool is_on_bus(void)
{
    const char *const argv[] = { ctl_path, "status", "--json", NULL };
    int status = 0;
    pid_t pid;

    for (int i = 0; i < 100; i++) {
        pid = spawn(argv, -1);
        waitpid(pid, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            return true;
        poll(NULL, 0, 50);
    }
    return false;
}

static void config_ports(FILE *config)
{
    fprintf(config, "ports = (");
    for (size_t i = 0; i < PORTS; i++)
        fprintf(config, "%s{ device = \"pty\"; link = \"%s\"; baud = %u; }", i > 0 ? ", " : "",
                in_folder(ports[i].link), ports[i].baud);
    fprintf(config, ");\n");
}

static bool set_up(struct bench *b)
{
    FILE *config;

    if (!bus_start(&b->bus))
        return false;
    config = config_begin("5 s");
    config_ports(config);
    config_meters(config, KIND_PUSHED, METERS, RECORDS);
    b->daemon = server_start(config, NULL);
    for (size_t i = 0; i < PORTS; i++)
        b->fds[i] = connect_pty(ports[i].link);
    return is_on_bus();
}

static void tear_down(struct bench *b)
{
    for (size_t i = 0; i < PORTS; i++)
        close(b->fds[i]);
    server_stop(b->daemon);
    bus_stop(b->bus);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void write_lines(FILE *f, long from, long n)
{
    for (long i = from; i < from + n; i++)
        fprintf(f, "m%ld.r%ld %ld\n", i / RECORDS % METERS + 1, i % RECORDS, i);
    fflush(f);
}

/* In a process of its own; `rate` 0: as fast as they are taken. */
static pid_t write_values(int fd, int reader, long n, long rate)
{
    double start = now_us();
    FILE *f;
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    close(reader);
    f = fdopen(fd, "w");
    if (f == NULL)
        _exit(1);
    for (long i = 0, due = rate > 0 ? 0 : n; i < n; i = due) {
        if (rate > 0) {
            poll(NULL, 0, STEP_MS);
            due = (long)((now_us() - start) * (double)rate / 1e6);
        }
        due = due < n ? due : n;
        write_lines(f, i, due - i);
    }
    fclose(f);
    _exit(0);
}

/* ---- the master ------------------------------------------------------------------------------ */

static void ask_once(struct bench *b, struct run *run, size_t port)
{
    double us = ask(b->fds[port], ADDRESS, b->toggle),
           late = us - window_opens_us(ports[port].baud);

    if (us < 0 || us > window_closes_us(ports[port].baud))
        run->missed++;
    if (us >= 0 && run->n < ARRAY_SIZE(run->delays))
        run->delays[run->n++] = late;
    if (us >= 0 && late > run->worst[port])
        run->worst[port] = late;
}

/* Until the process ends (with what it used), or `seconds` have passed. */
static int ask_until(struct bench *b, struct run *run, pid_t pid, double seconds,
                     struct rusage *used)
{
    double start = now_us();
    int status = 0;

    while (pid > 0 ? wait4(pid, &status, WNOHANG, used) == 0 : now_us() - start < seconds * 1e6) {
        for (size_t port = 0; port < PORTS; port++)
            ask_once(b, run, port);
        b->toggle = !b->toggle;
        poll(NULL, 0, PAUSE_MS);
    }
    run->seconds = (now_us() - start) / 1e6;
    return status;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static double seconds_of(const struct rusage *used)
{
    return (double)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) +
           (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1e6;
}

static int feed(struct bench *b, struct run *run, long n, long rate, struct rusage *used)
{
    const char *const argv[] = { ctl_path, "feed", NULL };
    int fds[2], status;
    pid_t writer, feeder;

    if (pipe(fds) < 0)
        die("pipe");
    writer = write_values(fds[1], fds[0], n, rate);
    close(fds[1]);
    feeder = spawn(argv, fds[0]);
    close(fds[0]);
    status = ask_until(b, run, feeder, 0, used);
    waitpid(writer, NULL, 0);
    return status;
}

/* `n` 0: nothing is fed. */
static void measure(struct bench *b, struct run *run, long n, long rate)
{
    double daemon = cpu_ns(b->daemon), bus = cpu_ns(b->bus);
    struct rusage used = { 0 };
    int status = 0;

    if (n > 0)
        status = feed(b, run, n, rate, &used);
    else
        ask_until(b, run, 0, SECONDS, NULL);
    run->values = (double)n;
    run->is_taken = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    run->daemon_cpu = (cpu_ns(b->daemon) - daemon) / 1e9;
    run->bus_cpu = (cpu_ns(b->bus) - bus) / 1e9;
    run->feed_cpu = seconds_of(&used);
}

static void print(struct run *run)
{
    printf("| %s | %.0f%s | %.1f | %.1f | %.1f | %.0f | %.0f | %.0f, %.0f, %.0f | %u of %zu |\n",
           run->name, run->values / run->seconds, run->is_taken ? "" : " (not all taken)",
           run->daemon_cpu / run->seconds * 100, run->bus_cpu / run->seconds * 100,
           run->feed_cpu / run->seconds * 100, quantile(run->delays, run->n, 0.5),
           quantile(run->delays, run->n, 0.99), run->worst[0], run->worst[1], run->worst[2],
           run->missed, run->n);
}

void table_feed(void)
{
    static struct run runs[] = { { .name = "none" },
                                 { .name = "10,000 a second" },
                                 { .name = "as many as go" } };
    struct bench b = { 0 };

    if (!set_up(&b)) {
        printf("\nmbus-slavectl feed: not measured, as there is no dbus-daemon here.\n");
        return;
    }
    measure(&b, &runs[0], 0, 0);
    measure(&b, &runs[1], (long)WANTED * SECONDS, WANTED);
    measure(&b, &runs[2], FLAT_OUT, 0);
    printf("\n| values fed (%d records, saved every 5 s) | values a second | %% CPU: daemon | "
           "dbus-daemon | feed | us after the earliest instant: median | 99 %% | worst at 2400, "
           "9600, 38400 baud | window missed |\n|---|---|---|---|---|---|---|---|---|\n",
           METERS * RECORDS);
    for (size_t i = 0; i < ARRAY_SIZE(runs); i++)
        print(&runs[i]);
    printf("\nMemory of the daemon after that, all of the program counted: %ld bytes a record.\n",
           proc_number(b.daemon, "smaps_rollup", "Private_Dirty:") * 1024 / (METERS * RECORDS));
    tear_down(&b);
}
