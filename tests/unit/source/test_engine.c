/* What the engine does for all kinds: a begin that fails, what is held, a loop that stood still,
 * and what a reload may take over. */
#include "tests/unit/source/engine.h"

#include <errno.h>
#include <unistd.h>

#include "meter/draft.h"
#include "source/set.h"

/* ---- begin and age --------------------------------------------------------------------------- */

static unsigned n_refreshed;

static int no_memory(struct source *s)
{
    (void)s;
    return -ENOMEM;
}

static void count_refresh(struct source *s)
{
    (void)s;
    n_refreshed++;
}

/* A source that could not begin has nothing to be refreshed with. */
static void one_that_cannot_begin_stands_still(void **state)
{
    static const struct source_ops ops = { .name = "file",
                                           .start = no_memory,
                                           .refresh = count_refresh };
    struct engine e;
    struct source *s;

    (void)state;
    engine_begin(&e, METER_TEXT("", "{ name = \"power\"; quantity = \"power\"; unit = \"W\"; "
                                    "pushed = { }; }"));
    s = set_new_source(e.sources, &e.loaded.config->sources[0], e.meter);
    assert_non_null(s);
    s->ops = &ops;
    n_refreshed = 0;
    set_start(s);
    EXPECT_SHOWN(&e, "power", "error 18");
    engine_run_for(&e, 50 * MSEC);
    assert_int_equal(n_refreshed, 0);
    assert_string_equal(e.why, strerror(ENOMEM));
    set_stop(s);
    engine_end(&e);
}

/* Others that come but do not fit make it no younger. */
static void what_is_held_grows_old(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", "{ name = \"power\"; quantity = \"power\"; unit = \"W\"; type ="
                                    " \"int8\"; pushed = { }; max_age = \"300 ms\"; on_error = "
                                    "\"hold\"; }"));
    engine_push(&e, "power", whole(10));
    for (int i = 0; i < 4; i++) {
        engine_run_for(&e, 50 * MSEC);
        engine_push(&e, "power", whole(1000));
        EXPECT_SHOWN(&e, "power", "10");
    }
    e.n_changed = 0;
    engine_run_for(&e, 200 * MSEC);
    EXPECT_SHOWN(&e, "power", "error 16");
    assert_int_equal(e.n_changed, 1);
    engine_push(&e, "power", whole(11));
    EXPECT_SHOWN(&e, "power", "11");
    engine_end(&e);
}

/* Each tick would change the sum: the seconds of a standstill are one step. */
static void a_standstill_is_not_made_up_for(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e,
                 METER_TEXT("", "{ name = \"power\"; quantity = \"power\"; unit = \"kW\"; pushed"
                                " = { start = 36000; }; }, { name = \"energy\"; unit = \"kWh\";"
                                " derived = { integral = [ \"power\" ]; }; }"));
    usleep(3300 * 1000);
    e.n_changed = 0;
    engine_run_for(&e, 300 * MSEC);
    assert_int_equal(e.n_changed, 1);
    engine_end(&e);
}

/* ---- reload ---------------------------------------------------------------------------------- */

/* 5 kWh are not 5 MWh. */
static void a_number_stays_in_its_unit(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", "{ name = \"energy\"; unit = \"kWh\"; pushed = { }; }"));
    engine_push(&e, "energy", whole(5));
    engine_reload(&e, METER_TEXT("", "{ name = \"energy\"; unit = \"MWh\"; pushed = { }; }"));
    EXPECT_SHOWN(&e, "energy", "error 15");
    engine_end(&e);
}

#define LIMIT(value)                                                                               \
    "{ name = \"limit\"; unit = \"V\"; value = " value                                             \
    "; writable = { command = [ \"/bin/true\" ]; "                                                 \
    "}; }"

/* What a master has set of a constant is the store's to bring back, or not. */
static void the_file_overrules_a_constant(void **state)
{
    const struct value nine = { .integer = 9 };
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", LIMIT("3")));
    meter_draft_begin(e.meter);
    meter_draft_set_value(e.meter, 0, &nine);
    meter_draft_commit(e.meter);
    sources_written(e.sources, e.meter);
    EXPECT_SHOWN(&e, "limit", "9");
    engine_reload(&e, METER_TEXT("", LIMIT("4")));
    EXPECT_SHOWN(&e, "limit", "4");
    engine_end(&e);
}

#define SECONDS                                                                                    \
    "{ name = \"working\"; quantity = \"operating_time\"; unit = \"s\"; internal = { counter = "   \
    "\"operating_time\"; }; }"
#define HOURS                                                                                      \
    "{ name = \"hours\"; quantity = \"operating_time\"; unit = \"h\"; internal = { counter = "     \
    "\"operating_time\"; }; }"

/* The record that counted is gone: the other goes on, and does not begin at its own begin. */
static void no_time_is_counted_twice(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", HOURS ", " SECONDS));
    AWAIT_SHOWN(&e, "working", "2");
    engine_reload(&e, METER_TEXT("", SECONDS));
    assert_int_equal(e.meter->tally.operating_time, 2);
    AWAIT_SHOWN(&e, "working", "3");
    engine_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_cannot_begin_stands_still),
        cmocka_unit_test(what_is_held_grows_old),
        cmocka_unit_test(a_standstill_is_not_made_up_for),
        cmocka_unit_test(a_number_stays_in_its_unit),
        cmocka_unit_test(the_file_overrules_a_constant),
        cmocka_unit_test(no_time_is_counted_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
