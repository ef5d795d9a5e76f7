/* A keeper at work: two meters whose state goes into a folder of its own, on a disk that can be
 * made to be full. */
#ifndef TESTS_UNIT_DAEMON_KEEPER_TEST_H
#define TESTS_UNIT_DAEMON_KEEPER_TEST_H

#include "tests/unit/test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/keeper.h"
#include "sys/clock.h"

#define FIXTURE_METERS 2
#define FIXTURE_RECORDS 2

/* Of each meter the first record is pushed and keeps its number, the second is a constant. */
struct fixture {
    char directory[64]; /* its folder `run` is $RUNTIME_DIRECTORY */
    sd_event *event;
    struct meter_record records[FIXTURE_METERS][FIXTURE_RECORDS];
    struct meter_def defs[FIXTURE_METERS];
    struct port_config port;
    struct config config;
    struct meters meters;
    struct keeper keeper;
};

static inline const char *fixture_path(const struct fixture *f, const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % ARRAY_SIZE(paths)];

    snprintf(path, sizeof(paths[0]), "%s/%s", f->directory, name);
    return path;
}

static inline bool fixture_has(const struct fixture *f, const char *name)
{
    return access(fixture_path(f, name), F_OK) == 0;
}

static inline void fixture_define(struct fixture *f)
{
    static char energy[] = "energy", limit[] = "limit", heat[] = "heat", water[] = "water";
    char *const names[FIXTURE_METERS] = { heat, water };

    for (size_t i = 0; i < FIXTURE_METERS; i++) {
        const struct record wire = { .dib = { .data_field = DATA_FIELD_INT32 },
                                     .vib = { .bytes = { 0x06 }, .n = 1 } };
        const struct counting counting = { .field = DATA_FIELD_INT32 };

        f->records[i][0] = (struct meter_record){ .name = energy,
                                                  .wire = wire,
                                                  .counting = counting,
                                                  .writable = true,
                                                  .is_live = true,
                                                  .is_kept = true };
        f->records[i][1] =
            (struct meter_record){ .name = limit, .wire = wire, .counting = counting };
        f->defs[i] = (struct meter_def){ .name = names[i],
                                         .address = (uint8_t)(3 + i),
                                         .records = f->records[i],
                                         .n_records = FIXTURE_RECORDS };
    }
}

/* All but the keeper. */
static inline void fixture_make(struct fixture *f)
{
    static char device[] = "pty";

    *f = (struct fixture){ .directory = "/tmp/mbus-slave-test-XXXXXX",
                           .port = { .kind = PORT_PTY, .device = device } };
    assert_non_null(mkdtemp(f->directory));
    assert_int_equal(mkdir(fixture_path(f, "run"), 0700), 0);
    assert_int_equal(setenv("RUNTIME_DIRECTORY", fixture_path(f, "run"), 1), 0);
    fixture_define(f);
    f->config = (struct config){ .ports = &f->port,
                                 .n_ports = 1,
                                 .meters = f->defs,
                                 .n_meters = FIXTURE_METERS,
                                 .state_directory = f->directory,
                                 .state_interval = 500 * USEC_PER_MSEC };
    signal(SIGXFSZ, SIG_IGN);
}

static inline void fixture_start(struct fixture *f)
{
    assert_true(sd_event_new(&f->event) >= 0);
    assert_int_equal(meters_new(&f->config, &f->meters), 0);
    assert_int_equal(keeper_start(&f->keeper, f->event, &f->config, &f->meters), 0);
}

static inline void fixture_stop(struct fixture *f)
{
    keeper_stop(&f->keeper);
    meters_done(&f->meters);
    f->event = sd_event_unref(f->event);
}

static inline void begin(struct fixture *f)
{
    fixture_make(f);
    fixture_start(f);
}

static inline void fixture_remove(struct fixture *f)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", f->directory);
    assert_int_equal(system(command), 0);
}

static inline void end(struct fixture *f)
{
    fixture_stop(f);
    fixture_remove(f);
}

static inline void fill_disk(bool full)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = full ? 0 : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Lets everything happen that is due within `usec`. */
static inline void run_for(struct fixture *f, usec_t usec)
{
    usec_t until = clock_now() + usec;

    while (clock_now() < until)
        sd_event_run(f->event, 10 * USEC_PER_MSEC);
}

#endif
