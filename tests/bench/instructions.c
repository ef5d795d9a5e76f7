/* What an answer costs by the kind of source: the difference of two runs under callgrind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/master.h"
#include "tests/bench/rig.h"
#include "tests/bench/tables.h"

#define FEW 500
#define MANY 2500
#define RECORDS 10
#define ADDRESS 1
/* By then each source has its first number, and what there is to be told of that is told. */
#define SETTLE_MS 3000

static double instructions_of(const char *path)
{
    char line[256];
    double n = 0;
    FILE *f = fopen(path, "re");

    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, "summary: ", 9) == 0 || strncmp(line, "totals: ", 8) == 0)
            n = strtod(strchr(line, ' '), NULL);
    }
    if (f != NULL)
        fclose(f);
    return n;
}

/* Of the whole run, start and stop included. */
static double run(enum kind kind, int n_meters, unsigned n)
{
    char option[160];
    const char *const valgrind[] = { "valgrind", "--quiet", "--tool=callgrind", option, NULL };
    FILE *config = config_begin(SAVED_EVERY);
    int port = config_tcp(config), fd;
    pid_t pid;

    config_meters(config, kind, n_meters, RECORDS);
    snprintf(option, sizeof(option), "--callgrind-out-file=%s", in_folder("callgrind"));
    pid = server_start(config, valgrind);
    fd = connect_tcp(port);
    wait_ms(SETTLE_MS);
    for (unsigned i = 0; i < n; i++)
        ask_surely(fd, ADDRESS, i % 2);
    close(fd);
    server_stop(pid);
    return instructions_of(in_folder("callgrind"));
}

static double an_answer(enum kind kind, int n_meters)
{
    return (run(kind, n_meters, MANY) - run(kind, n_meters, FEW)) / (MANY - FEW);
}

void table_instructions(void)
{
    double constant = 0;

    if (system("command -v valgrind >/dev/null") != 0) {
        printf("\nInstructions an answer: not measured, as there is no valgrind here.\n");
        return;
    }
    printf("\n| instructions an answer of %d records (user space, callgrind) | | beside constants "
           "|\n|---|---|---|\n",
           RECORDS);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        double n = an_answer(kind, 1);

        constant = kind == KIND_CONSTANT ? n : constant;
        printf("| %s | %.0f | %.2f |\n", kind_name(kind), n, n / constant);
    }
    double among_many = an_answer(KIND_CONSTANT, 1000);
    printf("| constant, one of 1000 meters | %.0f | %.2f |\n", among_many, among_many / constant);
}
