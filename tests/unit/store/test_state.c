#include "tests/unit/store/store_test.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "store/crc32.h"
#include "store/state.h"
#include "sys/clock.h"

static char water[] = "water", heat[] = "heat";

static struct state *open_here(struct state_verdict *ret)
{
    struct state *s = NULL;
    struct state_verdict verdict;

    assert_int_equal(state_open(".", &s, ret ? ret : &verdict), 0);
    return s;
}

static void count(void *userdata, const struct state_notice *notice)
{
    if (notice->fate == STATE_HOLDS)
        ++*(int *)userdata;
}

/* As the daemon begins: the meter takes what the state has, then is saved from now on. Returns how
 * many settings hold. */
static int start(struct state *s, struct test_meter *t, struct meter **meters)
{
    int n = 0;

    test_meter_start(t);
    assert_int_equal(state_restore(s, &t->meter, count, &n), 0);
    *meters = &t->meter;
    assert_int_equal(state_reserve(s, meters, 1, NULL, 0), 0);
    assert_int_equal(state_save(s), 0);
    return n;
}

/* Whether the file has this line. */
static bool has_line(const char *line)
{
    const char *at = strstr(text_of("state"), line);

    return at && at[strlen(line)] == '\n' && at[-1] == '\n';
}

static void what_was_set_is_back_after_a_restart(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state_verdict verdict;
    struct state *s = open_here(&verdict);
    const struct ident ident = { 0x00000042, 0x5275, 2, 7 };

    (void)state;
    assert_int_equal(verdict.origin, DIRECTORY_FROM_CONFIG);
    assert_string_equal(verdict.directory, ".");
    assert_int_equal(verdict.found.used, GENERATION_NONE);
    test_meter_init(&t, water);
    assert_int_equal(start(s, &t, meters), 0);
    t.meter.draft = (struct meter_content){
        .address = 77,
        .ident = ident,
        .clock_offset = -3600,
        .cells = t.draft_cells,
    };
    memcpy(t.draft_cells, t.cells, sizeof(t.cells));
    t.draft_cells[0].value.integer = -5;
    t.draft_cells[1].value.real = 0.1F;
    t.draft_cells[2].unlisted = true;
    t.meter.drafting = true;
    assert_int_equal(state_save(s), 0);
    state_close(s);

    s = open_here(&verdict);
    assert_int_equal(verdict.found.used, GENERATION_CURRENT);
    assert_int_equal(start(s, &t, meters), 6);
    assert_int_equal(t.meter.now.address, 77);
    assert_memory_equal(&t.meter.now.ident, &ident, sizeof(ident));
    assert_int_equal(t.meter.now.clock_offset, -3600);
    assert_int_equal(t.cells[0].value.integer, -5);
    assert_true(t.cells[1].value.real == 0.1F);
    assert_true(t.cells[2].unlisted);
    assert_false(t.cells[0].unlisted);
    state_close(s);
}

/* 3, set to 77; the file goes to 5 and back to 3: 77 is forgotten. */
static void an_overruled_setting_does_not_come_back(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state *s = open_here(NULL);

    (void)state;
    test_meter_init(&t, water);
    start(s, &t, meters);
    t.meter.now.address = 77;
    assert_int_equal(state_save(s), 0);
    assert_true(has_line("meter water address 77 configured 3"));
    /* Reloads, without a restart. */
    t.def.address = 5;
    assert_int_equal(start(s, &t, meters), 0);
    assert_int_equal(t.meter.now.address, 5);
    t.def.address = 3;
    assert_int_equal(start(s, &t, meters), 0);
    assert_int_equal(t.meter.now.address, 3);
    assert_false(has_line("meter water address 77 configured 3"));
    state_close(s);
}

/* A meter, a record and a port that the configuration lost by mistake. */
static void what_is_not_configured_stays(void **state)
{
    static const char kept[] = "meter water address 77 configured 3";
    struct test_meter t, other;
    struct meter *meters[1];
    struct state_rate rate = { "/dev/tty", 2400, 9600 };
    struct state *s = open_here(NULL);
    unsigned baud;
    int n = 0;

    (void)state;
    test_meter_init(&t, water);
    test_meter_init(&other, heat);
    start(s, &t, meters);
    assert_int_equal(state_reserve(s, meters, 1, &rate, 1), 0);
    t.meter.now.address = 77;
    t.cells[1].unlisted = true;
    assert_int_equal(state_save(s), 0);
    for (int restart = 0; restart < 2; restart++) {
        start(s, &other, meters);
        other.meter.now.address = (uint8_t)(90 + restart);
        assert_int_equal(state_save(s), 0);
        assert_true(has_line(kept));
        assert_true(has_line("meter water record flow unlisted as 053B"));
        assert_true(has_line("port /dev/tty baud 9600 configured 2400"));
        state_close(s);
        s = open_here(NULL);
    }
    /* The meter is back without that record: the line waits. */
    t.def.n_records = 1;
    assert_int_equal(start(s, &t, meters), 1);
    assert_true(has_line("meter water record flow unlisted as 053B"));
    t.def.n_records = TEST_RECORDS;
    assert_int_equal(start(s, &t, meters), 2);
    assert_int_equal(state_restore_rate(s, "/dev/tty", 2400, count, &n, &baud), 0);
    assert_int_equal(baud, 9600);
    assert_int_equal(n, 1);
    state_close(s);
}

/* Lines of a later version with the same format. */
static void what_is_not_known_stays(void **state)
{
    static const char text[] = "mbus-slave state 1\n"
                               "meter water answers 12\n"
                               "meter water record energy count 5 as 0406\n"
                               "switch pump on\n"
                               "end 3 ";
    char bytes[512];
    struct test_meter t;
    struct meter *meters[1];
    struct state *s;

    (void)state;
    snprintf(bytes, sizeof(bytes), "%s%08X\n", text, crc32(text, strlen(text)));
    put_file("state", bytes);
    s = open_here(NULL);
    test_meter_init(&t, water);
    start(s, &t, meters);
    t.meter.now.address = 77;
    assert_int_equal(state_save(s), 0);
    assert_true(has_line("meter water answers 12"));
    assert_true(has_line("meter water record energy count 5 as 0406"));
    assert_true(has_line("switch pump on"));
    assert_true(has_line("meter water address 77 configured 3"));
    state_close(s);
}

/* `--forget` has no meters; a running daemon has. */
static void forgotten(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state *s = open_here(NULL);

    (void)state;
    test_meter_init(&t, water);
    start(s, &t, meters);
    t.meter.now.address = 77;
    t.meter.now.clock_offset = 5;
    t.cells[0].value.integer = 7;
    t.cells[2].unlisted = true;
    assert_int_equal(state_save(s), 0);
    state_close(s);

    s = open_here(NULL);
    assert_int_equal(state_forget(s, "heat"), 0);
    assert_int_equal(state_forget(s, "water"), 1);
    assert_true(has_line("meter water address 77 configured 3"));
    assert_int_equal(state_save(s), 0);
    assert_null(strstr(text_of("state"), "water"));
    assert_int_equal(state_forget(s, "water"), 0);
    state_close(s);

    s = open_here(NULL);
    assert_int_equal(start(s, &t, meters), 0);
    t.meter.now.address = 77;
    assert_int_equal(state_save(s), 0);
    assert_int_equal(state_forget(s, "water"), 1);
    test_meter_start(&t);
    assert_int_equal(state_save(s), 0);
    assert_null(strstr(text_of("state"), "water"));
    state_close(s);
}

static void draft_address(struct test_meter *t, uint8_t address)
{
    t->meter.draft = t->meter.now;
    t->meter.draft.address = address;
    t->meter.drafting = true;
}

static void live_number(struct meter_cell *cell, int64_t number)
{
    *cell = (struct meter_cell){ .number = { .integer = number }, .has_number = true };
}

/* A push, and a master's write that is about to get its E5, into records that keep their number. */
static void numbers_and_counters_are_back(void **state)
{
    static const struct meter_tally tally = { 5, 4, 3, 2, 1 };
    struct test_meter t;
    struct meter *meters[1];
    struct state *s = open_here(NULL);

    (void)state;
    test_meter_init(&t, water);
    test_meter_live(&t);
    start(s, &t, meters);
    live_number(&t.cells[0], 17);
    t.meter.tally = tally;
    t.meter.access = 85;
    draft_address(&t, 77);
    t.meter.draft.cells = t.draft_cells;
    live_number(&t.draft_cells[0], 18);
    assert_int_equal(state_save_now(s), 0);
    assert_true(has_line("meter water record energy number 17 resolution 3 as 0406"));
    assert_null(strstr(text_of("state"), "address"));
    assert_int_equal(state_save(s), 0);
    state_close(s);

    s = open_here(NULL);
    t.meter.drafting = false;
    assert_int_equal(start(s, &t, meters), 1);
    assert_int_equal(t.meter.now.address, 77);
    assert_int_equal(t.cells[0].number.integer, 18);
    assert_int_equal(t.meter.access, 85);
    assert_memory_equal(&t.meter.tally, &tally, sizeof(tally));
    /* What it has counted is not what masters have set. */
    assert_int_equal(state_forget(s, "water"), 1);
    t.meter.now.address = 3;
    assert_int_equal(state_save(s), 0);
    assert_int_equal(state_forget(s, "water"), 0);
    assert_true(has_line("meter water access 85"));
    assert_true(has_line("meter water tally 5 4 3 2 1"));
    assert_true(has_line("meter water record energy number 18 resolution 3 as 0406"));
    state_close(s);
}

/* Edited so that the record keeps no number, and back: the counter is not lost. */
static void a_number_waits_for_its_record(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state *s = open_here(NULL);

    (void)state;
    test_meter_init(&t, water);
    test_meter_live(&t);
    start(s, &t, meters);
    live_number(&t.cells[0], 17);
    assert_int_equal(state_save_now(s), 0);
    t.records[0].is_live = false;
    start(s, &t, meters);
    assert_true(has_line("meter water record energy number 17 resolution 3 as 0406"));
    t.records[0].is_live = true;
    start(s, &t, meters);
    assert_int_equal(t.cells[0].number.integer, 17);
    state_close(s);
}

/* A reload gives meters back what they had that moment, whether the disk takes it or not. */
static void noted_for_a_reload(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state *s = open_here(NULL);

    (void)state;
    test_meter_init(&t, water);
    test_meter_live(&t);
    start(s, &t, meters);
    live_number(&t.cells[0], 17);
    assert_int_equal(mkdir("state.new", 0755), 0);
    assert_int_equal(state_save_now(s), -EISDIR);
    draft_address(&t, 77);
    assert_int_equal(state_note(s), 0);
    test_meter_start(&t);
    assert_int_equal(state_restore(s, &t.meter, NULL, NULL), 0);
    assert_int_equal(t.cells[0].number.integer, 17);
    assert_int_equal(t.meter.now.address, 3);
    assert_int_equal(state_reserve(s, meters, 1, NULL, 0), 0);
    /* It is not on the disk yet, though nothing is new. */
    assert_int_equal(state_save_now(s), -EISDIR);
    assert_int_equal(rmdir("state.new"), 0);
    assert_int_equal(state_save_now(s), 0);
    assert_true(has_line("meter water record energy number 17 resolution 3 as 0406"));
    state_close(s);
}

/* The flash of a Pi is not worn by what is the same. */
static void nothing_new_is_not_written(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state *s = open_here(NULL);
    struct stat before, after;

    (void)state;
    test_meter_init(&t, water);
    start(s, &t, meters);
    assert_int_equal(stat("state", &before), 0);
    assert_int_equal(state_save(s), 0);
    assert_int_equal(stat("state", &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    state_close(s);
    s = open_here(NULL);
    start(s, &t, meters);
    assert_int_equal(stat("state", &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    t.meter.now.address = 77;
    assert_int_equal(state_save(s), 0);
    assert_int_equal(stat("state", &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);
    state_close(s);
}

static void a_newer_version_is_left_alone(void **state)
{
    static const char newer[] = "mbus-slave state 2\nend 0 DBED2A60\n";
    struct test_meter t;
    struct meter *meters[1];
    struct state_verdict verdict;
    struct state *s;

    (void)state;
    put_file("state", newer);
    s = open_here(&verdict);
    assert_int_equal(verdict.found.newer_version, 2);
    test_meter_init(&t, water);
    start(s, &t, meters);
    t.meter.now.address = 77;
    assert_int_equal(state_save(s), 0);
    assert_int_equal(state_flush(s), 0);
    /* It holds for as long as the process lives. */
    assert_int_equal(start(s, &t, meters), 1);
    state_close(s);
    assert_string_equal(text_of("state"), newer);
    assert_false(is_there("state.old"));
    assert_false(is_there("state.new"));
}

static void without_a_directory(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state_verdict verdict;
    struct state *s = NULL;

    (void)state;
    setenv("STATE_DIRECTORY", "/none/at/all:.", 1);
    assert_int_equal(state_open(NULL, &s, &verdict), -ENOENT);
    assert_int_equal(verdict.origin, DIRECTORY_FROM_SYSTEMD);
    assert_string_equal(verdict.directory, "/none/at/all");
    assert_null(s);
    setenv("STATE_DIRECTORY", ".:/none/at/all", 1);
    assert_int_equal(state_open(NULL, &s, &verdict), 0);
    assert_string_equal(verdict.directory, ".");
    state_close(s);
    unsetenv("STATE_DIRECTORY");
    if (is_there(DIRECTORY_DEFAULT)) {
        print_message("%s is there: not touched\n", DIRECTORY_DEFAULT);
        skip();
    }
    assert_int_equal(state_open(NULL, &s, &verdict), 0);
    assert_int_equal(verdict.origin, DIRECTORY_NONE);
    test_meter_init(&t, water);
    start(s, &t, meters);
    t.meter.now.address = 77;
    assert_int_equal(state_save(s), 0);
    assert_int_equal(start(s, &t, meters), 1);
    state_close(s);
}

static void the_second_is_refused(void **state)
{
    struct state *first = open_here(NULL), *second = NULL;
    struct state_verdict verdict;

    (void)state;
    assert_int_equal(state_open(".", &second, &verdict), -EBUSY);
    assert_null(second);
    assert_string_equal(verdict.directory, ".");
    state_close(first);
    second = open_here(NULL);
    state_close(second);
    state_close(NULL);
}

/* A save that cannot be written changes nothing, and the next one tries again. */
static void a_failed_save(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state *s = open_here(NULL);

    (void)state;
    test_meter_init(&t, water);
    start(s, &t, meters);
    draft_address(&t, 77);
    assert_int_equal(mkdir("state.new", 0755), 0);
    assert_int_equal(state_save(s), -EISDIR);
    assert_null(strstr(text_of("state"), "77"));
    /* A reload in between does not believe it. */
    assert_int_equal(start(s, &t, meters), 0);
    draft_address(&t, 77);
    assert_int_equal(rmdir("state.new"), 0);
    assert_int_equal(state_save(s), 0);
    assert_true(has_line("meter water address 77 configured 3"));
    state_close(s);
}

static void more_than_was_reserved(void **state)
{
    struct test_meter t;
    static char longer[2048];
    struct meter *meters[1];
    struct state *s = open_here(NULL);

    (void)state;
    test_meter_init(&t, water);
    start(s, &t, meters);
    memset(longer, 'x', sizeof(longer) - 1);
    t.def.name = longer;
    t.meter.now.address = 77;
    assert_int_equal(state_save(s), -EOVERFLOW);
    t.def.name = water;
    assert_int_equal(state_save(s), 0);
    state_close(s);
}

/* ---- The worker ---- */

struct outcome {
    int n, result;
};

static void on_synced(void *userdata, int result)
{
    struct outcome *outcome = userdata;

    outcome->n++;
    outcome->result = result;
}

static void loop_until(sd_event *event, const struct outcome *outcome, int n)
{
    usec_t end = clock_now() + 10 * USEC_PER_SEC;

    while (outcome->n < n) {
        assert_true(clock_now() < end);
        assert_true(sd_event_run(event, USEC_PER_SEC) >= 0);
    }
}

static int save_address(struct state *s, struct test_meter *t, uint8_t address)
{
    t->meter.now.address = address;
    return state_save(s);
}

static void synced_by_the_worker(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state *s = open_here(NULL);
    struct outcome outcome = { 0 }, never = { 0 };
    struct worker *worker;
    sd_event *event;

    (void)state;
    assert_int_equal(sd_event_new(&event), 0);
    assert_int_equal(worker_new(event, 1, &worker), 0);
    assert_int_equal(state_sync(s, worker, on_synced, &never), 0);
    test_meter_init(&t, water);
    start(s, &t, meters);
    assert_int_equal(state_sync(s, worker, on_synced, &outcome), 1);
    loop_until(event, &outcome, 1);
    assert_int_equal(outcome.result, 0);
    assert_int_equal(state_sync(s, worker, on_synced, &never), 0);
    assert_int_equal(save_address(s, &t, 77), 0);
    assert_true(is_there("state.old"));
    /* Asked twice, with a save in between: one answer, for both. */
    assert_int_equal(state_sync(s, worker, on_synced, &never), 1);
    assert_int_equal(save_address(s, &t, 78), 0);
    assert_int_equal(state_sync(s, worker, on_synced, &outcome), 1);
    loop_until(event, &outcome, 2);
    assert_int_equal(outcome.result, 0);
    assert_int_equal(never.n, 0);
    assert_int_equal(state_flush(s), 0);
    assert_int_equal(state_sync(s, worker, on_synced, &never), 0);
    assert_int_equal(save_address(s, &t, 79), 0);
    assert_non_null(strstr(text_of("state.old"), " 78 "));
    worker_free(worker);
    state_close(s);
    sd_event_unref(event);
}

/* The disk says no once: nothing so far is trusted, until everything was written once more. */
static void a_failed_sync(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state *s = open_here(NULL);
    struct outcome outcome = { 0 };
    struct worker *worker;
    sd_event *event;
    struct stat before, after;

    (void)state;
    assert_int_equal(sd_event_new(&event), 0);
    assert_int_equal(worker_new(event, 1, &worker), 0);
    test_meter_init(&t, water);
    start(s, &t, meters);
    assert_int_equal(rename("state", "away"), 0);
    assert_int_equal(state_sync(s, worker, on_synced, &outcome), 1);
    loop_until(event, &outcome, 1);
    assert_int_equal(outcome.result, -ENOENT);
    assert_int_equal(rename("away", "state"), 0);
    assert_int_equal(state_sync(s, worker, on_synced, &outcome), -EIO);
    assert_int_equal(state_flush(s), -EIO);
    assert_int_equal(stat("state", &before), 0);
    assert_int_equal(state_save(s), 0);
    assert_int_equal(stat("state", &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);
    assert_false(is_there("state.old"));
    assert_int_equal(state_sync(s, worker, on_synced, &outcome), 1);
    loop_until(event, &outcome, 2);
    assert_int_equal(outcome.result, 0);
    /* The worker ends first: the request that waits is answered. */
    assert_int_equal(save_address(s, &t, 77), 0);
    assert_int_equal(state_sync(s, worker, on_synced, &outcome), 1);
    worker_free(worker);
    assert_int_equal(outcome.n, 3);
    state_close(s);
    sd_event_unref(event);
}

/* ---- Sudden ends ---- */

#define KILLS 200

/* In a child: saves two contents in turn, with a sync now and then, until it is killed. */
static void save_for_ever(int ready)
{
    struct test_meter t;
    struct meter *meters[1];
    struct state *s = open_here(NULL);

    test_meter_init(&t, water);
    start(s, &t, meters);
    for (unsigned i = 0;; i++) {
        bool odd = i % 2;

        t.meter.now.address = odd ? 77 : 200;
        t.meter.now.clock_offset = odd ? 77 : 200;
        t.cells[0].value.integer = odd ? 77 : 200;
        if (state_save(s) != 0 || (i % 5 == 0 && state_flush(s) != 0))
            _exit(1);
        if (i == 0 && write(ready, "", 1) != 1)
            _exit(1);
    }
}

static void killed_at_any_moment(void **state)
{
    struct test_meter t;
    struct meter *meters[1];
    int seen[2] = { 0 };

    (void)state;
    test_meter_init(&t, water);
    srand(1);
    for (int i = 0; i < KILLS; i++) {
        struct state_verdict verdict;
        struct state *s;
        int ends[2], status;
        char byte;
        pid_t child;

        assert_int_equal(pipe(ends), 0);
        child = fork();
        if (child == 0)
            save_for_ever(ends[1]);
        assert_int_equal(read(ends[0], &byte, 1), 1);
        nanosleep(&(const struct timespec){ .tv_nsec = rand() % 3000000 }, NULL);
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        close(ends[0]);
        close(ends[1]);

        s = open_here(&verdict);
        assert_int_equal(verdict.found.used, GENERATION_CURRENT);
        assert_int_equal(start(s, &t, meters), 3);
        assert_true(t.meter.now.address == 77 || t.meter.now.address == 200);
        assert_int_equal(t.meter.now.clock_offset, t.meter.now.address);
        assert_int_equal(t.cells[0].value.integer, t.meter.now.address);
        seen[t.meter.now.address == 77]++;
        state_close(s);
    }
    assert_true(seen[0] > 0 && seen[1] > 0);
    assert_false(is_there("state.damaged"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(what_was_set_is_back_after_a_restart),
        IN_DIRECTORY(an_overruled_setting_does_not_come_back),
        IN_DIRECTORY(what_is_not_configured_stays),
        IN_DIRECTORY(what_is_not_known_stays),
        IN_DIRECTORY(forgotten),
        IN_DIRECTORY(numbers_and_counters_are_back),
        IN_DIRECTORY(a_number_waits_for_its_record),
        IN_DIRECTORY(noted_for_a_reload),
        IN_DIRECTORY(nothing_new_is_not_written),
        IN_DIRECTORY(a_newer_version_is_left_alone),
        IN_DIRECTORY(without_a_directory),
        IN_DIRECTORY(the_second_is_refused),
        IN_DIRECTORY(a_failed_save),
        IN_DIRECTORY(more_than_was_reserved),
        IN_DIRECTORY(synced_by_the_worker),
        IN_DIRECTORY(a_failed_sync),
        IN_DIRECTORY(killed_at_any_moment),
    };

    return cmocka_run_group_tests_name("store/state", tests, NULL, NULL);
}
