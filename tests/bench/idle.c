/* Idle means idle: wake-ups of daemons that nobody asks. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/macros.h"
#include "tests/bench/figures.h"
#include "tests/bench/master.h"
#include "tests/bench/rig.h"
#include "tests/bench/tables.h"

#define RECORDS 10
#define ADDRESS 1
/* The newest answer is looked after for 2 s, and the bus for as long; the state is saved once. */
#define SETTLE_MS 4000

static struct idle {
    const char *name;
    enum kind kind;
    bool has_bus;
    const char *watchdog; /* microseconds */
    pid_t pid;
    int fd;
    long before, after;
} rows[] = {
    { .name = "constants", .kind = KIND_CONSTANT },
    { .name = "constants, a watchdog of 10 s", .kind = KIND_CONSTANT, .watchdog = "10000000" },
    { .name = "pushed", .kind = KIND_PUSHED },
    { .name = "derived of pushed", .kind = KIND_DERIVED },
    { .name = "internal: counts of answers", .kind = KIND_INTERNAL },
    { .name = "clock, to the minute", .kind = KIND_CLOCK },
    { .name = "pushed, on D-Bus", .kind = KIND_PUSHED, .has_bus = true },
};

/* Each wake-up from epoll_wait() and back is one voluntary switch. */
static long switches(pid_t pid)
{
    return proc_number(pid, "status", "voluntary_ctxt_switches:");
}

static void begin(struct idle *row)
{
    FILE *config = config_begin("1 s");
    int port = config_tcp(config);

    config_meters(config, row->kind, 1, RECORDS);
    if (row->watchdog != NULL)
        setenv("WATCHDOG_USEC", row->watchdog, 1);
    row->pid = server_start(config, NULL);
    unsetenv("WATCHDOG_USEC");
    row->fd = connect_tcp(port);
    ask_surely(row->fd, ADDRESS, true);
}

static void end(struct idle *row)
{
    close(row->fd);
    server_stop(row->pid);
}

void table_idle(void)
{
    const char *idle = getenv("IDLE");
    int seconds = idle != NULL ? (int)strtol(idle, NULL, 10) : 30;
    bool has_bus = false;
    pid_t bus = 0;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (rows[i].has_bus)
            has_bus = bus_start(&bus);
        begin(&rows[i]);
    }
    wait_ms(SETTLE_MS);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        rows[i].before = switches(rows[i].pid);
    wait_ms(seconds * 1000);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        rows[i].after = switches(rows[i].pid);
    printf("\n| wake-ups in %d idle seconds, a client connected | |\n|---|---|\n", seconds);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (!rows[i].has_bus || has_bus)
            printf("| %s | %ld |\n", rows[i].name, rows[i].after - rows[i].before);
        end(&rows[i]);
    }
    if (has_bus)
        bus_stop(bus);
}
