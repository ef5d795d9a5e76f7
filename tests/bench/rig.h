/* Daemons for the benchmark, each with a folder of its own: configuration, state, what runs. */
#ifndef TESTS_BENCH_RIG_H
#define TESTS_BENCH_RIG_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

void die(const char *what) __attribute__((noreturn));

/* Makes the folder, which goes when the program ends, and what all daemons find in their
 * environment; no bus is there. */
void rig_begin(void);

/* A path in the folder; good for the next dozen calls. */
const char *in_folder(const char *name);

int free_port(void);

/* Runs a program, which ends with us, its output away; `input`: its standard input, or -1. */
pid_t spawn(const char *const argv[], int input);

struct server {
    pid_t pid;
    int tcp;
};

/* What state.interval is where nothing else is said. */
#define SAVED_EVERY "60 s"

/* The file that the next server_start() reads, begun. */
FILE *config_begin(const char *saved_every);

/* One port of TCP, for servers that need no more. */
int config_tcp(FILE *config);

/* Where the value of a record comes from, as the tables name it. */
enum kind {
    KIND_CONSTANT,
    KIND_FILE,
    KIND_COMMAND,
    KIND_PUSHED,
    KIND_DERIVED, /* but the first of each meter, which is pushed */
    KIND_CLOCK,
    KIND_INTERNAL,
    KINDS,
};

const char *kind_name(enum kind kind);

/* So many meters at the addresses 1 to 250, then 0, all alike; their records have 4 bytes each, and
 * are fetched once an hour. */
void config_meters(FILE *config, enum kind kind, int n_meters, int n_records);

/*
 * Starts the daemon on that and waits for READY. `wrapper`: a program that runs it, with its
 * options, or NULL.
 */
pid_t server_start(FILE *config, const char *const wrapper[]);

/* Starts the newest configuration again, on the state that its server left. */
pid_t server_start_again(const char *const wrapper[]);

/* Waits, and takes what servers have to say meanwhile: they wait when nobody does. */
void wait_ms(int ms);

/* At once, and nothing is left of it; or as systemd does, which is waited for. */
void server_kill(pid_t pid);
void server_stop(pid_t pid);

/* A bus of our own; servers that were started before find it too. False: there is no dbus-daemon.
 */
bool bus_start(pid_t *ret);
void bus_stop(pid_t pid);

/* The programs. */
extern const char *daemon_path, *ctl_path, *floor_path;

#endif
