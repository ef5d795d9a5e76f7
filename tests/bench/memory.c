/* What a record costs in memory: many meters beside one, after a save of the state. */
#include <stdio.h>

#include "tests/bench/figures.h"
#include "tests/bench/rig.h"
#include "tests/bench/tables.h"

#define RECORDS 10
#define SETTLED_MS 1500 /* beyond the interval of the state */
#define LOOKS_MAX 40

static const enum kind kinds[] = { KIND_CONSTANT, KIND_PUSHED, KIND_DERIVED,
                                   KIND_FILE,     KIND_CLOCK,  KIND_INTERNAL };

/* Until it is the same for a while: sources begin one after the other. */
static long settled_kib(pid_t pid)
{
    long before = -1, now = 0;

    for (int i = 0; i < LOOKS_MAX && now != before; i++) {
        before = now;
        wait_ms(SETTLED_MS);
        now = proc_number(pid, "smaps_rollup", "Private_Dirty:");
    }
    return now;
}

static long kib_of(enum kind kind, int n_meters)
{
    FILE *config = config_begin("1 s");
    pid_t pid;
    long kib;

    config_tcp(config);
    config_meters(config, kind, n_meters, RECORDS);
    pid = server_start(config, NULL);
    kib = settled_kib(pid);
    server_stop(pid);
    return kib;
}

void table_memory(void)
{
    const int many = 1000;

    printf("\n| memory of a record (private dirty, %d meters of %d records beside one) | bytes "
           "|\n|---|---|\n",
           many, RECORDS);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        long kib = kib_of(kinds[i], many) - kib_of(kinds[i], 1);

        printf("| %s | %ld |\n", kind_name(kinds[i]), kib * 1024 / ((many - 1) * RECORDS));
    }
}
