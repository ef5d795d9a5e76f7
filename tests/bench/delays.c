/* Sensors are never in the way: how long answers take beside sensors of all sorts, good and bad. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"
#include "tests/bench/figures.h"
#include "tests/bench/master.h"
#include "tests/bench/rig.h"
#include "tests/bench/tables.h"

#define RECORDS 30
#define ROUNDS 2
#define READS 300 /* of each port in each round */
#define PAUSE_MS 7
#define ADDRESS 3
#define HUNG 20 /* more than there are threads for files */

/* ---- what the records hang on ---------------------------------------------------------------- */

/* A record is one of these: `argument` is its path below the folder, or its program. */
struct sensor {
    int n; /* so many records in a row */
    enum { VALUE, READ, RUN } how;
    const char *argument;
};

static const struct sensor constants[] = { { RECORDS, VALUE, "" }, { 0 } };

static const struct sensor healthy[] = { { HUNG + 2, READ, "number" },
                                         { 8, RUN, "\"/bin/echo\", \"7\"" },
                                         { 0 } };

static const struct sensor broken[] = {
    { HUNG, READ, "fifo" },
    { 2, READ, "vanishing/number" },
    { 3, RUN, "\"/bin/sh\", \"-c\", \"trap '' TERM; sleep 1000\"" },
    { 3, RUN, "\"/usr/bin/head\", \"-c\", \"1000000\", \"/dev/zero\"" },
    { 2, RUN, "\"/bin/echo\", \"7\"" },
    { 0 },
};

static void config_sensor(FILE *config, const struct sensor *sensor, int record)
{
    fprintf(config,
            "%s{ name = \"r%d\"; quantity = \"power\"; unit = \"W\"; type = \"int16\"; storage = "
            "%d; ",
            record > 0 ? ", " : "", record, record);
    if (sensor->how == VALUE)
        fprintf(config, "value = 7; }\n");
    else if (sensor->how == READ)
        fprintf(config, "file = { path = \"%s\"; interval = \"1 s\"; }; }\n",
                in_folder(sensor->argument));
    else
        fprintf(config,
                "command = { argv = [ %s ]; interval = \"1 s\"; timeout = \"900 ms\"; }; }\n",
                sensor->argument);
}

static void config_sensors(FILE *config, const struct sensor *sensors)
{
    int record = 0;

    fprintf(config, "meter = { address = %d; records = (\n", ADDRESS);
    for (; sensors->n > 0; sensors++) {
        for (int i = 0; i < sensors->n; i++)
            config_sensor(config, sensors, record++);
    }
    fprintf(config, "); };\n");
}

static void make_sensors(void)
{
    FILE *f;

    mkdir(in_folder("vanishing"), 0700);
    mkfifo(in_folder("fifo"), 0600);
    f = fopen(in_folder("vanishing/number"), "we");
    if (f == NULL)
        die("number");
    fprintf(f, "7\n");
    fclose(f);
}

static void vanish(void)
{
    unlink(in_folder("vanishing/number"));
    rmdir(in_folder("vanishing"));
}

/* ---- the ports ------------------------------------------------------------------------------- */

static const struct {
    const char *name, *device, *link;
    unsigned baud;
} ports[] = {
    { "pty at 2400 baud", "pty", "bus2400", 2400 },
    { "pty at 9600 baud", "pty", "bus9600", 9600 },
    { "TCP", NULL, NULL, 2400 },
};

#define PORTS ARRAY_SIZE(ports)

static int config_ports(FILE *config)
{
    int tcp = free_port();

    fprintf(config, "ports = (");
    for (size_t i = 0; i < PORTS - 1; i++)
        fprintf(config, "{ device = \"pty\"; link = \"%s\"; baud = %u; }, ",
                in_folder(ports[i].link), ports[i].baud);
    fprintf(config, "{ device = \"tcp:%d\"; } );\n", tcp);
    return tcp;
}

/* From when on an answer may leave, for a port of TCP at once. */
static double earliest_us(size_t port)
{
    return ports[port].device == NULL ? 0 : window_opens_us(ports[port].baud);
}

/* ---- one case -------------------------------------------------------------------------------- */

/* What a process has of everything that could pile up. */
struct pile {
    long threads, children, descriptors, kib;
};

struct bench_case {
    const char *name;
    const struct sensor *sensors;
    double delays[PORTS][ROUNDS * READS]; /* after the earliest instant, of those that came */
    size_t n[PORTS];
    unsigned missed[PORTS];
    struct pile early, late; /* after a third of the newest round, and at its end */
};

static struct bench_case cases[] = {
    { .name = "constants", .sensors = constants },
    { .name = "healthy", .sensors = healthy },
    { .name = "broken", .sensors = broken },
};

static struct pile look_at(pid_t pid)
{
    return (struct pile){
        .threads = proc_number(pid, "status", "Threads:"),
        .children = count_children(pid),
        .descriptors = count_descriptors(pid),
        .kib = proc_number(pid, "smaps_rollup", "Private_Dirty:"),
    };
}

static void take(struct bench_case *c, size_t port, double us)
{
    if (us < 0 || us > window_closes_us(ports[port].baud))
        c->missed[port]++;
    if (us >= 0)
        c->delays[port][c->n[port]++] = us - earliest_us(port);
}

static void read_all(struct bench_case *c, const int fds[static PORTS], pid_t pid)
{
    for (int i = 0; i < READS; i++) {
        for (size_t port = 0; port < PORTS; port++)
            take(c, port, ask(fds[port], ADDRESS, i % 2));
        if (i == READS / 10)
            vanish();
        if (i == READS / 3)
            c->early = look_at(pid);
        poll(NULL, 0, PAUSE_MS);
    }
    c->late = look_at(pid);
}

static void run(struct bench_case *c)
{
    FILE *config = config_begin(SAVED_EVERY);
    int tcp = config_ports(config), fds[PORTS];
    pid_t pid;

    make_sensors();
    config_sensors(config, c->sensors);
    pid = server_start(config, NULL);
    for (size_t port = 0; port < PORTS; port++)
        fds[port] = ports[port].link != NULL ? connect_pty(ports[port].link) : connect_tcp(tcp);
    read_all(c, fds, pid);
    for (size_t port = 0; port < PORTS; port++)
        close(fds[port]);
    server_stop(pid);
}

/* ---- the tables ------------------------------------------------------------------------------ */

static void print_port(size_t port)
{
    double constant = quantile(cases[0].delays[port], cases[0].n[port], 0.5);

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct bench_case *c = &cases[i];
        double *delays = c->delays[port];
        size_t n = c->n[port];

        printf("| %s | %s | %.0f | %.0f | %.0f | %.0f | %.2f | %u of %d |\n", ports[port].name,
               c->name, quantile(delays, n, 0.5), quantile(delays, n, 0.9),
               quantile(delays, n, 0.99), quantile(delays, n, 1),
               quantile(delays, n, 0.5) / constant, c->missed[port], ROUNDS * READS);
    }
}

static void print_pile(const struct bench_case *c)
{
    printf("| %s | %ld, %ld | %ld, %ld | %ld, %ld | %ld, %ld |\n", c->name, c->early.threads,
           c->late.threads, c->early.children, c->late.children, c->early.descriptors,
           c->late.descriptors, c->early.kib, c->late.kib);
}

void table_delays(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
            run(&cases[i]);
    }
    printf(
        "\nA meter of %d records: constants; 22 files and 8 commands, once a second; or %d files "
        "that hang, 2 whose folder vanishes, 3 commands that hang and ignore SIGTERM, 3 that "
        "print a megabyte, 2 good ones.\n",
        RECORDS, HUNG);
    printf("\n| port | sensors | us after the earliest instant: median | 90 %% | 99 %% | worst | "
           "median beside constants | window missed |\n|---|---|---|---|---|---|---|---|\n");
    for (size_t port = 0; port < PORTS; port++)
        print_port(port);
    printf("\n| what piles up, after a third of a round and at its end | threads | children | "
           "descriptors | private dirty KiB |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        print_pile(&cases[i]);
}
