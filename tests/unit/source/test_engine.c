/* What the engine does for all kinds: a begin that fails, what is held, a loop that stood still,
 * and what a reload may take over. */
#include "tests/unit/source/engine.h"

/* ---- begin and age --------------------------------------------------------------------------- */

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
        cmocka_unit_test(no_time_is_counted_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
