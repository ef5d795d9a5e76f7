/* What the engine does for all kinds: a begin that fails, what is held, a loop that stood still,
 * and what a reload may take over. */
#include "tests/unit/source/engine.h"

/* ---- begin and age --------------------------------------------------------------------------- */

/* A source that could not begin has nothing to be refreshed with. */
static void one_that_cannot_begin_stands_still(void **state)
{
    static char wrong[] = "(";
    struct engine e;
    struct source_config *config;
    char *right;

    (void)state;
    engine_prepare(&e, METER_TEXT("", "{ name = \"load\"; quantity = \"power\"; unit = \"W\"; "
                                      "file = { path = \"/proc/loadavg\"; pattern = \"x\"; "
                                      "interval = \"100 ms\"; }; }"));
    config = &e.loaded.config->sources[0];
    right = config->text.pattern;
    config->text.pattern = wrong;
    engine_start(&e);
    config->text.pattern = right;
    EXPECT_SHOWN(&e, "load", "error 18");
    engine_run_for(&e, 250 * MSEC);
    EXPECT_SHOWN(&e, "load", "error 18");
    assert_int_equal(e.n_began, 1);
    engine_end(&e);
}

/* ---- reload ---------------------------------------------------------------------------------- */

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
        cmocka_unit_test(no_time_is_counted_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
