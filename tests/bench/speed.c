/* The daemon beside the cheapest thing possible, in pairs. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/figures.h"
#include "tests/bench/master.h"
#include "tests/bench/rig.h"
#include "tests/bench/tables.h"

#define PAIRS 7
#define REQUESTS 20000
#define WINDOW_REQUESTS 300
#define STARTS 15
#define ADDRESS 3

#define METER                                                                                      \
    "meter = { address = 3; id = \"12345678\"; records = (\n"                                      \
    "  { name = \"voltage\"; unit = \"V\"; type = \"int16\"; value = 1234; },\n"                   \
    "  { name = \"volume\"; unit = \"m3\"; type = \"int16\"; value = 456; } ); };\n"

struct run {
    double rate;        /* answers a second */
    double median, p99; /* microseconds to the first byte */
    double cpu_us;      /* an answer */
};

static struct run measure(int fd, pid_t server)
{
    double *times = calloc(REQUESTS, sizeof(*times)), begin, cpu;
    struct run run;

    for (size_t i = 0; i < REQUESTS / 10; i++)
        ask_surely(fd, ADDRESS, i % 2);
    cpu = cpu_ns(server);
    begin = now_us();
    for (size_t i = 0; i < REQUESTS; i++)
        times[i] = ask_surely(fd, ADDRESS, i % 2);
    run.rate = REQUESTS / (now_us() - begin) * 1e6;
    run.cpu_us = (cpu_ns(server) - cpu) / 1e3 / REQUESTS;
    run.median = quantile(times, REQUESTS, 0.5);
    run.p99 = quantile(times, REQUESTS, 0.99);
    free(times);
    close(fd);
    return run;
}

static pid_t start_tcp(int *ret_port)
{
    FILE *config = config_begin(SAVED_EVERY);

    *ret_port = config_tcp(config);
    fputs(METER, config);
    return server_start(config, NULL);
}

static struct run measure_daemon(void)
{
    int port;
    pid_t pid = start_tcp(&port);
    struct run run = measure(connect_tcp(port), pid);

    server_kill(pid);
    return run;
}

static struct run measure_floor(void)
{
    int port = free_port();
    char number[16];
    const char *const argv[] = { floor_path, "tcp", number, NULL };
    struct run run;
    pid_t pid;

    snprintf(number, sizeof(number), "%d", port);
    pid = spawn(argv, -1);
    run = measure(connect_tcp(port), pid);
    server_kill(pid);
    return run;
}

static void bench_tcp(void)
{
    double rates[PAIRS], floors[PAIRS], cpus[PAIRS], medians[PAIRS], p99s[PAIRS],
        rate_ratios[PAIRS], cpu_ratios[PAIRS];

    for (int i = 0; i < PAIRS; i++) {
        struct run a = measure_daemon(), b = measure_floor();

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
static void bench_window(unsigned baud)
{
    double late[WINDOW_REQUESTS], opens = window_opens_us(baud), begin;
    FILE *config = config_begin(SAVED_EVERY);
    pid_t pid;
    int fd;

    fprintf(config, "port = { device = \"pty\"; link = \"%s\"; baud = %u; };\n" METER,
            in_folder("bus"), baud);
    pid = server_start(config, NULL);
    fd = connect_pty("bus");
    ask_surely(fd, ADDRESS, true);
    begin = now_us();
    for (size_t i = 0; i < WINDOW_REQUESTS; i++)
        late[i] = ask_surely(fd, ADDRESS, i % 2) - opens;
    printf("| pty at %u baud: answers a second (the window allows %.0f) | %.0f | |\n", baud,
           1e6 / opens, WINDOW_REQUESTS / (now_us() - begin) * 1e6);
    printf("| pty at %u baud: after the earliest instant, median, p99, worst | %.0f us, %.0f us, "
           "%.0f us | |\n",
           baud, quantile(late, WINDOW_REQUESTS, 0.5), quantile(late, WINDOW_REQUESTS, 0.99),
           quantile(late, WINDOW_REQUESTS, 1));
    close(fd);
    server_stop(pid);
}

/* The first time it writes its state to the disk; after that there is nothing new to write. */
static void bench_start(void)
{
    double first[STARTS], again[STARTS];
    int port;

    for (int i = 0; i < STARTS; i++) {
        double begin = now_us();
        pid_t pid = start_tcp(&port);

        first[i] = (now_us() - begin) / 1e3;
        server_stop(pid);
        begin = now_us();
        pid = server_start_again(NULL);
        again[i] = (now_us() - begin) / 1e3;
        server_stop(pid);
    }
    printf("| fork and exec to READY, with a new state: median and worst | %.1f ms, %.1f ms | |\n",
           quantile(first, STARTS, 0.5), quantile(first, STARTS, 1));
    printf("| fork and exec to READY, again: median and worst | %.1f ms, %.1f ms | |\n",
           quantile(again, STARTS, 0.5), quantile(again, STARTS, 1));
}

/* With a client connected. */
static void bench_size(void)
{
    int port, fd;
    pid_t pid = start_tcp(&port);

    fd = connect_tcp(port);
    ask_surely(fd, ADDRESS, true);
    printf("| memory: private dirty, PSS, RSS | %ld KiB, %ld KiB, %ld KiB | |\n",
           proc_number(pid, "smaps_rollup", "Private_Dirty:"),
           proc_number(pid, "smaps_rollup", "Pss:"), proc_number(pid, "smaps_rollup", "Rss:"));
    close(fd);
    server_kill(pid);
}

void table_speed(void)
{
    printf("\n| figure | value | ratio |\n|---|---|---|\n");
    bench_tcp();
    bench_window(2400);
    bench_window(9600);
    bench_start();
    bench_size();
}
