/* The engine is not here: this test has what it would be called by, and the program's own words. */
#include "tests/unit/sys/program.h"

#include "source/shared.h"
#include "source/write_command.h"

struct sources {
    struct programs programs;
    int n_failed;
    char why[512];
};

struct fixture {
    struct sources set;
    struct meter_record records[2];
    struct meter_def def;
    struct meter meter;
    struct source_config config;
    struct source source;
    char *argv[3];
};

sd_event *sources_event(const struct sources *set)
{
    return set->programs.event;
}

void write_command_failed(struct source *s, const char *why)
{
    s->set->n_failed++;
    snprintf(s->set->why, sizeof(s->set->why), "%s", why);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    programs_init(&f->set.programs);
    f->records[1].name = "valve";
    f->records[1].counting.field = DATA_FIELD_INT16;
    f->def = (struct meter_def){ .name = "heating", .records = f->records, .n_records = 2 };
    f->meter.def = &f->def;
    f->meter.now.address = 7;
    f->config.record = 1;
    f->config.write_command = f->argv;
    f->config.timeout = 20 * USEC_PER_SEC;
    f->source = (struct source){ .config = &f->config, .set = &f->set, .meter = &f->meter };
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    write_command_stop(&f->source);
    assert_null(f->source.write_command);
    programs_done(&f->set.programs);
    free(f);
    return 0;
}

static void command(struct fixture *f, const char *script)
{
    f->argv[0] = programs_script(&f->set.programs, script);
}

static void write_integer(struct fixture *f, int64_t integer)
{
    char value[32];

    snprintf(value, sizeof(value), "%lld", (long long)integer);
    write_command_run(&f->source, value);
}

/* Runs the loop until a file of the folder has so many lines; `ret` gets the text. */
static void wait_for_lines(struct fixture *f, const char *name, int wanted, char ret[static 1024])
{
    usec_t end = clock_now() + 10 * USEC_PER_SEC;
    int lines = 0;

    while (lines < wanted) {
        FILE *file;
        size_t n = 0;

        assert_true(clock_now() < end);
        loop_for(f->set.programs.event, 5 * USEC_PER_MSEC);
        file = fopen(programs_path(&f->set.programs, name), "re");
        if (file == NULL)
            continue;
        n = fread(ret, 1, 1023, file);
        fclose(file);
        ret[n] = '\0';
        lines = 0;
        for (size_t i = 0; i < n; i++)
            lines += ret[i] == '\n';
    }
}

static void wait_for_no_child(struct fixture *f)
{
    usec_t end = clock_now() + 10 * USEC_PER_SEC;

    while (count_processes(-1) > 0) {
        assert_true(clock_now() < end);
        loop_for(f->set.programs.event, 5 * USEC_PER_MSEC);
    }
}

#define TELL "echo \"$MBUS_METER $MBUS_RECORD $MBUS_VALUE $MBUS_ADDRESS\" >>$F/told\n"

static void the_program_learns_what_was_written(void **state)
{
    struct fixture *f = *state;
    char text[1024];

    command(f, TELL);
    write_integer(f, -1234);
    wait_for_lines(f, "told", 1, text);
    wait_for_no_child(f);
    write_command_run(&f->source, "21.5");
    wait_for_lines(f, "told", 2, text);
    wait_for_no_child(f);
    f->meter.now.address = 250;
    write_command_run(&f->source, "2024-05-17 12:34");
    wait_for_lines(f, "told", 3, text);
    assert_string_equal(
        text, "heating valve -1234 7\nheating valve 21.5 7\nheating valve 2024-05-17 12:34 250\n");
    wait_for_no_child(f);
    assert_int_equal(f->set.n_failed, 0);
}

static void nothing_is_made_before_a_master_writes(void **state)
{
    struct fixture *f = *state;

    assert_null(f->source.write_command);
    command(f, ":");
    write_integer(f, 1);
    assert_non_null(f->source.write_command);
}

/* Never two at once, and of many writes the last. */
static void the_newest_alone_waits(void **state)
{
    struct fixture *f = *state;
    char text[1024];

    command(f, "mkdir $F/lock || echo two >>$F/told\n" TELL
               "while [ ! -e $F/go ]; do sleep 0.01; done\nrmdir $F/lock\n");
    write_integer(f, 1);
    wait_for_lines(f, "told", 1, text);
    for (int i = 2; i <= 1000; i++)
        write_integer(f, i);
    assert_int_equal(count_processes(-1), 1);
    fclose(fopen(programs_path(&f->set.programs, "go"), "we"));
    wait_for_lines(f, "told", 2, text);
    wait_for_no_child(f);
    loop_for(f->set.programs.event, 100 * USEC_PER_MSEC);
    wait_for_lines(f, "told", 2, text);
    assert_string_equal(text, "heating valve 1 7\nheating valve 1000 7\n");
    assert_int_equal(f->set.n_failed, 0);
}

static void a_failure_is_told_and_the_next_write_runs(void **state)
{
    struct fixture *f = *state;
    char text[1024];

    command(f, TELL "[ $MBUS_VALUE = 2 ] && exit 0\necho 'no valve' >&2; exit 3");
    write_integer(f, 1);
    write_integer(f, 2);
    loop_until(f->set.programs.event, &f->set.n_failed, 1);
    assert_string_equal(f->set.why, "exit status 3: no valve");
    wait_for_lines(f, "told", 2, text);
    assert_string_equal(text, "heating valve 1 7\nheating valve 2 7\n");
    wait_for_no_child(f);
    assert_int_equal(f->set.n_failed, 1);
    f->argv[0] = "/nowhere";
    write_integer(f, 3);
    loop_until(f->set.programs.event, &f->set.n_failed, 2);
    assert_string_equal(f->set.why, "cannot be run: No such file or directory");
}

static void one_that_hangs_is_killed_and_the_newest_runs(void **state)
{
    struct fixture *f = *state;
    char text[1024];

    f->config.timeout = 200 * USEC_PER_MSEC;
    command(f, TELL "[ $MBUS_VALUE = 5 ] || sleep 100");
    write_integer(f, 4);
    write_integer(f, 9);
    write_integer(f, 5);
    loop_until(f->set.programs.event, &f->set.n_failed, 1);
    assert_string_equal(f->set.why, "no answer within 200 ms");
    wait_for_lines(f, "told", 2, text);
    assert_string_equal(text, "heating valve 4 7\nheating valve 5 7\n");
    wait_for_no_child(f);
    assert_int_equal(f->set.n_failed, 1);
}

/* No timeout is configured: a quick one would not be one of 10 s. */
static void without_a_timeout_there_is_one(void **state)
{
    struct fixture *f = *state;
    char text[1024];

    f->config.timeout = 0;
    command(f, "sleep 0.3\n" TELL);
    write_integer(f, 6);
    wait_for_lines(f, "told", 1, text);
    assert_int_equal(f->set.n_failed, 0);
}

static void the_end_of_the_source_ends_its_command(void **state)
{
    struct fixture *f = *state;
    char text[1024];
    int group;

    command(f, "echo $$ >$F/pid; sleep 100");
    write_integer(f, 7);
    wait_for_lines(f, "pid", 1, text);
    group = programs_number(&f->set.programs, "pid");
    write_integer(f, 8);
    write_command_stop(&f->source);
    assert_null(f->source.write_command);
    assert_group_is_gone(group);
    wait_for_no_child(f);
    assert_int_equal(f->set.n_failed, 1); /* what the master wrote was not handed on */
    write_command_stop(&f->source);
    assert_int_equal(f->set.n_failed, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_program_learns_what_was_written),
        TEST(nothing_is_made_before_a_master_writes),
        TEST(the_newest_alone_waits),
        TEST(a_failure_is_told_and_the_next_write_runs),
        TEST(one_that_hangs_is_killed_and_the_newest_runs),
        TEST(without_a_timeout_there_is_one),
        TEST(the_end_of_the_source_ends_its_command),
    };

    return cmocka_run_group_tests_name("source/write_command", tests, NULL, NULL);
}
