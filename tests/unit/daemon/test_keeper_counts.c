/* What changes by itself: in the ledger at once, in the state within the interval. */
#include "tests/unit/daemon/keeper_test.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "meter/draft.h"
#include "meter/live.h"

#define KILLS 100

static struct meter *heat(const struct fixture *f)
{
    return f->meters.items[0];
}

/* As the daemon does it: the meter has it, then the keeper. */
static void push(struct fixture *f, int64_t number)
{
    const struct number whole = { .integer = number };

    meter_set_number(heat(f), 0, &whole);
    keeper_number_changed(&f->keeper, heat(f), 0);
}

static void answer(struct fixture *f)
{
    heat(f)->tally.answers++;
    heat(f)->access++;
    keeper_tally_changed(&f->keeper, heat(f));
}

static int64_t number_of(const struct fixture *f)
{
    const struct meter_cell *cell = &heat(f)->now.cells[0];

    return cell->has_number ? cell->number.integer : -1;
}

/* A process that did not end as it should: nothing is saved, all descriptors are gone. */
static void crash(struct fixture *f)
{
    worker_free(f->keeper.worker);
    ledger_close(&f->keeper.ledger);
    state_close(f->keeper.state);
    sd_event_source_disable_unref(f->keeper.after);
    sd_event_source_disable_unref(f->keeper.due);
    free(f->keeper.rates);
    free(f->keeper.told);
    free(f->keeper.directory);
    meters_done(&f->meters);
    f->event = sd_event_unref(f->event);
}

static const char *file_text(const struct fixture *f, const char *name)
{
    static char text[1 << 14];
    int fd = open(fixture_path(f, name), O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

    assert_true(n >= 0);
    text[n] = '\0';
    if (fd >= 0)
        close(fd);
    return text;
}

static bool state_says(const struct fixture *f, const char *text)
{
    return strstr(file_text(f, "state"), text) != NULL;
}

/* ---- when it is written ---- */

/* How often `state` was replaced since the last call. */
static unsigned count_saves(int watch)
{
    char events[1 << 14];
    ssize_t got = read(watch, events, sizeof(events));
    unsigned n = 0;

    for (ssize_t at = 0; at < got;) {
        const struct inotify_event *event = (const struct inotify_event *)(events + at);

        n += strcmp(event->name, "state") == 0;
        at += (ssize_t)(sizeof(*event) + event->len);
    }
    return n;
}

static int watch_state(const struct fixture *f)
{
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

    assert_true(watch >= 0);
    /* Of events that are the same, one behind the other, one is told: so those in between too. */
    assert_true(inotify_add_watch(watch, f->directory, IN_CREATE | IN_MOVED_TO) >= 0);
    return watch;
}

/* Thousands of changes, and at most one write in an interval. */
static void one_save_an_interval(void **state)
{
    struct fixture f;
    unsigned changes = 0, saves, most;
    usec_t begun;
    int watch;

    (void)state;
    begin(&f);
    watch = watch_state(&f);
    begun = clock_now();
    while (clock_now() < begun + 2200 * USEC_PER_MSEC) {
        for (int i = 0; i < 10; i++)
            push(&f, changes++);
        answer(&f);
        run_for(&f, USEC_PER_MSEC);
    }
    saves = count_saves(watch);
    most = (unsigned)((clock_now() - begun) / f.config.state_interval);
    assert_true(changes > 1000);
    assert_in_range(saves, 2, most);
    /* Nothing changes, nothing is written, not even once in a while. */
    run_for(&f, 700 * USEC_PER_MSEC);
    assert_true(count_saves(watch) <= 1);
    run_for(&f, 1200 * USEC_PER_MSEC);
    assert_int_equal(count_saves(watch), 0);
    /* The first change after that is written within the interval. */
    push(&f, 4711);
    assert_false(state_says(&f, " 4711 "));
    run_for(&f, 700 * USEC_PER_MSEC);
    assert_true(state_says(&f, "meter heat record energy number 4711 resolution 0 as 0406"));
    close(watch);
    end(&f);
}

/* What a save wrote is forced to the disk: only then it becomes `state.old` at the next one. */
static void a_save_is_forced_to_the_disk(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    push(&f, 17);
    run_for(&f, 1000 * USEC_PER_MSEC);
    push(&f, 18);
    run_for(&f, 1000 * USEC_PER_MSEC);
    assert_true(state_says(&f, "number 18 "));
    assert_non_null(strstr(file_text(&f, "state.old"), "number 17 "));
    end(&f);
}

/* A start and a stop without anything in between: the flash of a Pi takes one write. */
static void a_start_writes_nothing(void **state)
{
    struct fixture f;
    int watch;

    (void)state;
    begin(&f);
    push(&f, 17);
    fixture_stop(&f);
    watch = watch_state(&f);
    fixture_start(&f);
    assert_int_equal(count_saves(watch), 0);
    fixture_stop(&f);
    assert_int_equal(count_saves(watch), 1);
    close(watch);
    fixture_remove(&f);
}

/* ---- what is back ---- */

static void a_stop_keeps_all(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    assert_int_equal(heat(&f)->tally.restarts, 1);
    push(&f, 17);
    answer(&f);
    heat(&f)->tally.operating_time = 3600;
    assert_true(fixture_has(&f, "run/ledger"));
    fixture_stop(&f);
    assert_false(fixture_has(&f, "run/ledger"));
    fixture_start(&f);
    assert_int_equal(number_of(&f), 17);
    assert_int_equal(heat(&f)->now.cells[0].error, 0);
    assert_int_equal(heat(&f)->tally.answers, 1);
    assert_int_equal(heat(&f)->tally.operating_time, 3600);
    assert_int_equal(heat(&f)->tally.restarts, 2);
    assert_int_equal(heat(&f)->access, 1);
    end(&f);
}

static void a_crash_loses_nothing(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    for (unsigned i = 1; i <= 5; i++) {
        push(&f, 100 + i);
        answer(&f);
        crash(&f);
        fixture_start(&f);
        assert_int_equal(number_of(&f), 100 + i);
        assert_int_equal(heat(&f)->tally.answers, i);
        assert_int_equal(heat(&f)->tally.restarts, 1 + i);
        assert_int_equal(f.meters.items[1]->tally.restarts, 1 + i);
    }
    end(&f);
}

/* Without $RUNTIME_DIRECTORY what was saved last is back. */
static void without_a_runtime_directory(void **state)
{
    struct fixture f;

    (void)state;
    fixture_make(&f);
    unsetenv("RUNTIME_DIRECTORY");
    fixture_start(&f);
    push(&f, 17);
    run_for(&f, 1000 * USEC_PER_MSEC);
    push(&f, 18);
    crash(&f);
    fixture_start(&f);
    assert_int_equal(number_of(&f), 17);
    push(&f, 18);
    fixture_stop(&f);
    fixture_start(&f);
    assert_int_equal(number_of(&f), 18);
    assert_false(fixture_has(&f, "run/ledger"));
    end(&f);
}

/* A run without a ledger in between: what an older one left is not believed. */
static void an_old_ledger_is_not_believed(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    push(&f, 17);
    crash(&f);
    unsetenv("RUNTIME_DIRECTORY");
    for (int i = 0; i < 2; i++) {
        fixture_start(&f);
        push(&f, 18 + i);
        fixture_stop(&f);
    }
    setenv("RUNTIME_DIRECTORY", fixture_path(&f, "run"), 1);
    assert_true(fixture_has(&f, "run/ledger"));
    fixture_start(&f);
    assert_int_equal(number_of(&f), 19);
    end(&f);
}

static int write_energy(struct fixture *f, int64_t count)
{
    const struct value value = { .integer = count };
    int r;

    meter_draft_begin(heat(f));
    meter_draft_set_value(heat(f), 0, &value);
    r = keeper_store(&f->keeper, heat(f));
    if (r == 0)
        meter_draft_commit(heat(f));
    else
        meter_draft_abandon(heat(f));
    return r;
}

/* The E5 says that it is kept, whatever was pushed before. */
static void a_masters_write_into_a_pushed_record(void **state)
{
    struct fixture f;

    (void)state;
    for (int with_ledger = 0; with_ledger < 2; with_ledger++) {
        fixture_make(&f);
        if (!with_ledger)
            unsetenv("RUNTIME_DIRECTORY");
        fixture_start(&f);
        push(&f, 17);
        assert_int_equal(write_energy(&f, 42), 0);
        crash(&f);
        fixture_start(&f);
        assert_int_equal(number_of(&f), 42);
        end(&f);
    }
}

static void overwrite(const char *path)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    assert_int_equal(pwrite(fd, "no such thing", 13, 0), 13);
    close(fd);
}

static void a_damaged_ledger_is_set_aside(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    push(&f, 17);
    run_for(&f, 1000 * USEC_PER_MSEC);
    push(&f, 18);
    crash(&f);
    overwrite(fixture_path(&f, "run/ledger"));
    fixture_start(&f);
    assert_int_equal(number_of(&f), 17);
    assert_true(fixture_has(&f, "run/ledger.damaged"));
    push(&f, 19);
    crash(&f);
    fixture_start(&f);
    assert_int_equal(number_of(&f), 19);
    end(&f);
}

static void a_ledger_of_another_state(void **state)
{
    struct fixture f;
    char other[80];

    (void)state;
    begin(&f);
    push(&f, 17);
    crash(&f);
    snprintf(other, sizeof(other), "%s/other", f.directory);
    assert_int_equal(mkdir(other, 0700), 0);
    f.config.state_directory = other;
    fixture_start(&f);
    assert_int_equal(number_of(&f), -1);
    assert_int_equal(heat(&f)->tally.restarts, 1);
    assert_true(fixture_has(&f, "run/ledger.damaged"));
    end(&f);
}

/* ---- where it cannot be kept ---- */

/* Counters that cannot be saved do not stop masters; a write that fails does. */
static void counters_without_room(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    push(&f, 17);
    run_for(&f, 1000 * USEC_PER_MSEC);
    fill_disk(true);
    push(&f, 18);
    run_for(&f, 1000 * USEC_PER_MSEC);
    assert_true(f.keeper.failed < 0);
    assert_false(heat(&f)->busy);
    assert_true(write_energy(&f, 42) < 0);
    assert_true(heat(&f)->busy);
    run_for(&f, 1000 * USEC_PER_MSEC);
    assert_true(heat(&f)->busy);
    fill_disk(false);
    run_for(&f, 1000 * USEC_PER_MSEC);
    assert_false(heat(&f)->busy);
    assert_true(state_says(&f, "number 18 "));
    assert_int_equal(write_energy(&f, 42), 0);
    end(&f);
}

/* The last save has failed: the ledger is there at the next start. */
static void a_stop_without_room(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    push(&f, 17);
    fill_disk(true);
    fixture_stop(&f);
    fill_disk(false);
    assert_true(fixture_has(&f, "run/ledger"));
    fixture_start(&f);
    assert_int_equal(number_of(&f), 17);
    end(&f);
}

/* mbus-slave of tomorrow has been here: nothing is written, and the ledger goes on. */
static void a_state_of_a_newer_version(void **state)
{
    static const char newer[] = "mbus-slave state 2\nend 0 DBED2A60\n";
    struct fixture f;
    int fd;

    (void)state;
    fixture_make(&f);
    fd = open(fixture_path(&f, "state"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, newer, strlen(newer)), strlen(newer));
    close(fd);
    fixture_start(&f);
    push(&f, 17);
    assert_int_equal(write_energy(&f, 42), -ENOTSUP);
    assert_false(heat(&f)->busy);
    run_for(&f, 1000 * USEC_PER_MSEC);
    for (int is_stop = 0; is_stop < 2; is_stop++) {
        if (is_stop)
            fixture_stop(&f);
        else
            crash(&f);
        fixture_start(&f);
        assert_int_equal(number_of(&f), 17);
    }
    assert_string_equal(file_text(&f, "state"), newer);
    end(&f);
}

static void no_state_directory(void **state)
{
    static char none[] = "/proc/none";
    struct fixture f;

    (void)state;
    fixture_make(&f);
    f.config.state_directory = none;
    fixture_start(&f);
    push(&f, 17);
    answer(&f);
    crash(&f);
    fixture_start(&f);
    assert_int_equal(number_of(&f), 17);
    end(&f);
}

/* ---- reload ---- */

/* Takes the configuration that has the meters of `defs`. */
static void reload(struct fixture *f, struct meter_def *defs, size_t n)
{
    struct config config = f->config;
    struct meters before, after;
    bool changed;

    config.meters = defs;
    config.n_meters = n;
    keeper_before_reload(&f->keeper);
    assert_int_equal(meters_reload(&f->meters, &config, &after, &changed), 0);
    before = f->meters;
    f->meters = after;
    assert_int_equal(keeper_reload(&f->keeper, &config), 0);
    meters_done(&before);
    f->config = config;
}

/* A meter that is redefined goes on with what it had that moment, saved or not. */
static void a_reload_keeps_numbers(void **state)
{
    struct fixture f;

    (void)state;
    for (int mode = 0; mode < 3; mode++) {
        struct meter_def defs[FIXTURE_METERS];

        fixture_make(&f);
        if (mode != 0)
            unsetenv("RUNTIME_DIRECTORY");
        fixture_start(&f);
        push(&f, 17);
        answer(&f);
        heat(&f)->access++; /* an answer that did not leave */
        memcpy(defs, f.defs, sizeof(defs));
        defs[0].address = 9;
        fill_disk(mode == 2);
        reload(&f, defs, FIXTURE_METERS);
        fill_disk(false);
        assert_int_equal(heat(&f)->now.address, 9);
        assert_int_equal(number_of(&f), 17);
        assert_int_equal(heat(&f)->tally.answers, 1);
        assert_int_equal(heat(&f)->tally.restarts, 1);
        assert_int_equal(heat(&f)->access, 2);
        end(&f);
    }
}

/* Another order, one less, one more: everything goes on in its place of the ledger. */
static void a_reload_moves_meters(void **state)
{
    static char gas[] = "gas";
    struct meter_def defs[FIXTURE_METERS], other;
    struct fixture f;

    (void)state;
    begin(&f);
    push(&f, 17);
    defs[0] = f.defs[1];
    defs[1] = f.defs[0];
    reload(&f, defs, FIXTURE_METERS);
    assert_int_equal(f.meters.items[1]->now.cells[0].number.integer, 17);
    assert_int_equal(f.meters.items[1]->index, 1);
    f.meters.items[0]->tally.answers = 5;
    keeper_tally_changed(&f.keeper, f.meters.items[0]);
    f.meters.items[1]->tally.answers = 6;
    keeper_tally_changed(&f.keeper, f.meters.items[1]);
    crash(&f);
    fixture_start(&f);
    assert_int_equal(f.meters.items[0]->tally.answers, 5);
    assert_int_equal(f.meters.items[1]->tally.answers, 6);
    assert_int_equal(f.meters.items[1]->now.cells[0].number.integer, 17);
    other = f.defs[1];
    other.name = gas;
    reload(&f, &other, 1);
    assert_int_equal(heat(&f)->tally.restarts, 1);
    assert_int_equal(number_of(&f), -1);
    push(&f, 21);
    crash(&f);
    fixture_start(&f);
    assert_int_equal(number_of(&f), 21);
    /* What is not configured waited in the state. */
    reload(&f, f.defs, FIXTURE_METERS);
    assert_int_equal(number_of(&f), 17);
    assert_int_equal(heat(&f)->tally.answers, 6);
    end(&f);
}

/* ---- kill -9 ---- */

/* Counts, and notes behind each step that it is done. */
static void count_until_killed(struct fixture *f, volatile int64_t *done)
{
    fixture_start(f);
    for (int64_t i = number_of(f) + 1;; i++) {
        push(f, i);
        answer(f);
        *done = i;
        if (i % 64 == 0)
            sd_event_run(f->event, 0);
    }
}

static void a_hundred_kills(void **state)
{
    volatile int64_t *done =
        mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct fixture f;

    (void)state;
    assert_ptr_not_equal(done, MAP_FAILED);
    fixture_make(&f);
    f.config.state_interval = 2 * USEC_PER_MSEC;
    *done = -1;
    for (unsigned i = 0; i < KILLS; i++) {
        const struct timespec soon = { .tv_nsec = 1000000 + (long)(i * 7919U % 20000U) * 1000 };
        pid_t pid = fork();
        int64_t answers;
        int status;

        if (pid == 0)
            count_until_killed(&f, done);
        nanosleep(&soon, NULL);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        fixture_start(&f);
        assert_in_range(number_of(&f) - *done, 0, 1);
        answers = (int64_t)heat(&f)->tally.answers;
        assert_in_range(number_of(&f) + 1 - answers, 0, i + 1);
        assert_in_range(answers, *done < 0 ? 0 : *done + 1 - (int64_t)i, number_of(&f) + 1);
        *done = number_of(&f);
        crash(&f);
    }
    assert_true(*done > KILLS);
    fixture_remove(&f);
    munmap((void *)done, sizeof(*done));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_save_an_interval),
        cmocka_unit_test(a_save_is_forced_to_the_disk),
        cmocka_unit_test(a_start_writes_nothing),
        cmocka_unit_test(a_stop_keeps_all),
        cmocka_unit_test(a_crash_loses_nothing),
        cmocka_unit_test(without_a_runtime_directory),
        cmocka_unit_test(an_old_ledger_is_not_believed),
        cmocka_unit_test(a_masters_write_into_a_pushed_record),
        cmocka_unit_test(a_damaged_ledger_is_set_aside),
        cmocka_unit_test(a_ledger_of_another_state),
        cmocka_unit_test(counters_without_room),
        cmocka_unit_test(a_stop_without_room),
        cmocka_unit_test(a_state_of_a_newer_version),
        cmocka_unit_test(no_state_directory),
        cmocka_unit_test(a_reload_keeps_numbers),
        cmocka_unit_test(a_reload_moves_meters),
        cmocka_unit_test(a_hundred_kills),
    };

    return cmocka_run_group_tests_name("keeper_counts", tests, NULL, NULL);
}
