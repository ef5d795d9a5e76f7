/*
 * Measures the daemon and prints tables: bench [TABLE...], all of them without.
 * $MBUS_SLAVE, $MBUS_SLAVECTL and $FLOOR are the programs; with $BENCH_VERBOSE they may complain.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "tests/bench/rig.h"
#include "tests/bench/tables.h"

static const struct table {
    const char *name;
    void (*print)(void);
} tables[] = {
    { "speed", table_speed },   { "instructions", table_instructions },
    { "delays", table_delays }, { "feed", table_feed },
    { "memory", table_memory }, { "idle", table_idle },
};

static bool is_wanted(const char *name, int argc, char *argv[])
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return true;
    }
    return argc < 2;
}

static const char *program(const char *variable)
{
    const char *path = getenv(variable);

    if (path == NULL)
        die(variable);
    return path;
}

int main(int argc, char *argv[])
{
    daemon_path = program("MBUS_SLAVE");
    ctl_path = program("MBUS_SLAVECTL");
    floor_path = program("FLOOR");
    setvbuf(stdout, NULL, _IOLBF, 0);
    rig_begin();
    for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
        if (is_wanted(tables[i].name, argc, argv))
            tables[i].print();
    }
    return 0;
}
