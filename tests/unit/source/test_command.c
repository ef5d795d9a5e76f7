/* The engine is not here: this test has what the source calls. */
#include "tests/unit/sys/program.h"

#include <stdarg.h>

#include "source/shared.h"
#include "source/source.h"

struct sources {
    struct programs programs;
    struct pool *pool;
    int n_done, n_good;
    float real;
    char why[SOURCE_TROUBLE_MAX];
};

struct fixture {
    struct sources set;
    struct source_config config;
    struct source source;
    char *argv[4];
};

sd_event *sources_event(const struct sources *set)
{
    return set->programs.event;
}

struct pool *sources_pool(struct sources *set)
{
    return set->pool;
}

struct pool *sources_text_pool(struct sources *set)
{
    return sources_pool(set);
}

void source_number(struct source *s, const struct number *number)
{
    s->set->n_done++;
    s->set->n_good++;
    s->set->real = (float)(number->is_real ? number->real : (double)number->integer);
    s->set->why[0] = '\0';
}

void source_failed(struct source *s, const char *format, ...)
{
    va_list args;

    s->set->n_done++;
    va_start(args, format);
    vsnprintf(s->set->why, sizeof(s->set->why), format, args);
    va_end(args);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    programs_init(&f->set.programs);
    assert_int_equal(pool_new(f->set.programs.event, SOURCE_PRIORITY, 2, &f->set.pool), 0);
    f->config = (struct source_config){ .kind = SOURCE_COMMAND,
                                        .timeout = 20 * USEC_PER_SEC,
                                        .argv = f->argv,
                                        .text = { .scale = 1 } };
    f->source = (struct source){ .config = &f->config, .ops = &source_command, .set = &f->set };
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    source_command.stop(&f->source);
    assert_null(f->source.own);
    pool_free(f->set.pool);
    programs_done(&f->set.programs);
    free(f);
    return 0;
}

static void begin(struct fixture *f)
{
    assert_int_equal(source_command.start(&f->source), 0);
}

static void refresh(struct fixture *f, const char *script)
{
    int n = f->set.n_done;

    f->argv[0] = programs_script(&f->set.programs, script);
    source_command.refresh(&f->source);
    loop_until(f->set.programs.event, &f->set.n_done, n + 1);
    assert_int_equal(f->set.n_done, n + 1);
}

static void what_it_prints_becomes_the_number(void **state)
{
    struct fixture *f = *state;

    f->config.text.scale = 0.001;
    f->config.text.offset = 1;
    begin(f);
    refresh(f, "echo 21500");
    assert_string_equal(f->set.why, "");
    assert_float_equal(f->set.real, 22.5F, 1e-6F);
    refresh(f, "printf -- -500");
    assert_float_equal(f->set.real, 0.5F, 1e-6F);
}

static void no_shell_looks_at_the_arguments(void **state)
{
    struct fixture *f = *state;

    begin(f);
    f->argv[1] = "$(echo 1)";
    f->argv[2] = "12; echo 13";
    refresh(f, "[ \"$1\" = '$(echo 1)' ] && echo \"${2%%;*}\"");
    assert_string_equal(f->set.why, "");
    assert_float_equal(f->set.real, 12.0F, 1e-6F);
}

static void a_failure_says_why(void **state)
{
    struct fixture *f = *state;

    begin(f);
    refresh(f, "echo 5; echo 'no answer from 0x48' >&2; exit 3");
    assert_string_equal(f->set.why, "exit status 3: no answer from 0x48");
    refresh(f, "echo 5; exit 1");
    assert_string_equal(f->set.why, "exit status 1");
    refresh(f, "kill -SEGV $$");
    assert_string_equal(f->set.why, "killed by signal 11");
    refresh(f, "exec yes 1");
    assert_string_equal(f->set.why, "prints more than 64 KiB");
    f->argv[0] = "/nowhere/at/all";
    source_command.refresh(&f->source);
    loop_until(f->set.programs.event, &f->set.n_done, 5);
    assert_string_equal(f->set.why, "cannot be run: No such file or directory");
    assert_int_equal(f->set.n_good, 0);
    refresh(f, "echo 6 # it works again");
    assert_int_equal(f->set.n_good, 1);
}

static void what_is_no_number_is_a_failure(void **state)
{
    struct fixture *f = *state;
    static const char *const scripts[] = { ":", "echo abc", "printf '\\000\\001\\377'",
                                           "head -c 60000 /dev/zero" };

    begin(f);
    for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
        f->set.why[0] = '\0';
        refresh(f, scripts[i]);
        assert_int_not_equal(strlen(f->set.why), 0);
    }
    assert_int_equal(f->set.n_good, 0);
}

/* Matching this takes seconds: the loop has all of them for the bus. */
static void a_pattern_that_takes_its_time_stops_nobody(void **state)
{
    struct fixture *f = *state;
    usec_t begun_at = clock_now(), turn, longest = 0;

    f->config.text.pattern = "(.*)x";
    begin(f);
    f->argv[0] = programs_script(&f->set.programs, "head -c 30000 /dev/zero | tr '\\0' a");
    source_command.refresh(&f->source);
    while (f->set.n_done == 0 && clock_now() - begun_at < 60 * USEC_PER_SEC) {
        turn = clock_now();
        assert_true(sd_event_run(f->set.programs.event, 10 * USEC_PER_MSEC) >= 0);
        if (clock_now() - turn > longest)
            longest = clock_now() - turn;
    }
    assert_string_equal(f->set.why, "the pattern matches nothing");
    assert_true(clock_now() - begun_at > 2 * longest);
}

static void one_that_hangs_fails_in_time_and_leaves_nothing(void **state)
{
    struct fixture *f = *state;

    f->config.timeout = 200 * USEC_PER_MSEC;
    begin(f);
    refresh(f, "trap '' TERM\necho $$ >$F/pid; echo 5; sleep 100 & sleep 100");
    assert_string_equal(f->set.why, "no answer within 200 ms");
    assert_group_is_gone(programs_number(&f->set.programs, "pid"));
    refresh(f, "echo 7");
    assert_float_equal(f->set.real, 7.0F, 1e-6F);
    assert_no_child();
}

static void a_source_that_ends_calls_nobody(void **state)
{
    struct fixture *f = *state;

    begin(f);
    f->argv[0] = programs_script(&f->set.programs, "echo 5; sleep 100");
    source_command.refresh(&f->source);
    source_command.stop(&f->source);
    loop_for(f->set.programs.event, 200 * USEC_PER_MSEC);
    assert_int_equal(f->set.n_done, 0);
    assert_no_child();
}

static void many_refreshes_leave_nothing(void **state)
{
    struct fixture *f = *state;
    int before;

    begin(f);
    refresh(f, "echo 1");
    before = count_descriptors();
    for (int i = 0; i < 100; i++)
        refresh(f, i % 3 ? "echo 1" : "sleep 100 & exit 1");
    assert_int_equal(count_descriptors(), before);
    assert_no_child();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_it_prints_becomes_the_number),
        TEST(no_shell_looks_at_the_arguments),
        TEST(a_failure_says_why),
        TEST(what_is_no_number_is_a_failure),
        TEST(a_pattern_that_takes_its_time_stops_nobody),
        TEST(one_that_hangs_fails_in_time_and_leaves_nothing),
        TEST(a_source_that_ends_calls_nobody),
        TEST(many_refreshes_leave_nothing),
    };

    return cmocka_run_group_tests_name("source/command", tests, NULL, NULL);
}
