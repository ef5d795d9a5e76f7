/* Numbers that other programs push, and the engine's part in what they become: all or nothing,
 * errors that are told once, age, silence. */
#include "tests/unit/source/engine.h"

#include <errno.h>
#include <math.h>

#include "meter/draft.h"

#define TWO                                                                                        \
    "{ name = \"power\"; quantity = \"power\"; unit = \"W\"; type = \"int16\"; pushed = { }; },"   \
    "{ name = \"volume\"; unit = \"m3\"; resolution = 0.001; pushed = { start = 12.5; }; "         \
    "writable = true; },"                                                                          \
    "{ name = \"fixed\"; unit = \"V\"; value = 3; }"

static void begins_without_or_with_its_start(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", TWO));
    EXPECT_SHOWN(&e, "power", "error 15");
    EXPECT_SHOWN(&e, "volume", "12.5");
    assert_int_equal(e.meter->n_errors, 1);
    assert_int_equal(e.n_began, 0);
    engine_end(&e);
}

static void what_never_came_is_explained(void **state)
{
    const struct source *s;
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", TWO));
    s = sources_find(e.sources, e.meter, 0);
    assert_string_equal(source_trouble(s), "no value came since the start");
    engine_push(&e, "power", whole(1));
    assert_string_equal(source_trouble(s), "");
    engine_end(&e);
}

/* What is wrong with it is told also where the record shows the same as before. */
static void other_trouble_is_a_change(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", "{ name = \"power\"; quantity = \"power\"; unit = \"W\"; type ="
                                    " \"int8\"; pushed = { }; on_error = \"hold\"; }"));
    engine_push(&e, "power", whole(10));
    e.n_changed = 0;
    engine_push(&e, "power", whole(1000));
    assert_int_equal(e.n_changed, 1);
    engine_push(&e, "power", whole(1000));
    assert_int_equal(e.n_changed, 1);
    engine_push(&e, "power", whole(2000));
    assert_int_equal(e.n_changed, 2);
    EXPECT_SHOWN(&e, "power", "10");
    engine_push(&e, "power", whole(10));
    assert_int_equal(e.n_changed, 3);
    engine_end(&e);
}

/* What was kept is newer than `start`. */
static void begins_with_what_was_kept(void **state)
{
    struct number kept = real(77.25);
    struct engine e;

    (void)state;
    engine_prepare(&e, METER_TEXT("", TWO));
    meter_set_number(e.meter, 1, &kept);
    engine_start(&e);
    EXPECT_SHOWN(&e, "volume", "77.25");
    engine_end(&e);
}

/* A counter that had overflowed is not back at what it was before. */
static void an_overflow_is_kept(void **state)
{
    struct number kept = real(1e12);
    struct engine e;

    (void)state;
    engine_prepare(&e, METER_TEXT("", TWO));
    meter_set_number(e.meter, 1, &kept);
    engine_start(&e);
    EXPECT_SHOWN(&e, "volume", "error 16");
    assert_int_equal(e.n_began, 1);
    engine_push(&e, "volume", whole(5));
    e.n_changed = 0;
    engine_push(&e, "volume", real(2e12));
    assert_int_equal(e.n_changed, 1);
    assert_true(e.meter->now.cells[1].number.real == 2e12);
    engine_end(&e);
}

static void shows_what_is_pushed(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", TWO));
    e.n_changed = 0;
    assert_int_equal(engine_push(&e, "power", whole(230)), 0);
    EXPECT_SHOWN(&e, "power", "230");
    assert_int_equal(e.n_changed, 1);
    assert_int_equal(engine_push(&e, "power", whole(230)), 0);
    assert_int_equal(e.n_changed, 1); /* nothing new */
    assert_int_equal(e.meter->n_errors, 0);
    engine_end(&e);
}

static void takes_all_or_nothing(void **state)
{
    struct engine e;
    struct source_push pushes[3];
    size_t bad = 99;

    (void)state;
    engine_begin(&e, METER_TEXT("", TWO));
    pushes[0] = (struct source_push){ e.meter, 0, whole(1) };
    pushes[1] = (struct source_push){ e.meter, 1, real(NAN) };
    pushes[2] = (struct source_push){ e.meter, 2, whole(1) };
    assert_int_equal(sources_push(e.sources, pushes, 3, &bad), -EDOM);
    assert_int_equal(bad, 1);
    pushes[1].number = real(-INFINITY);
    assert_int_equal(sources_push(e.sources, pushes, 3, &bad), -EDOM);
    pushes[1].number = whole(2);
    assert_int_equal(sources_push(e.sources, pushes, 3, &bad), -ENOTSUP);
    assert_int_equal(bad, 2);
    EXPECT_SHOWN(&e, "power", "error 15");
    EXPECT_SHOWN(&e, "volume", "12.5");
    assert_int_equal(sources_push(e.sources, pushes, 2, &bad), 0);
    EXPECT_SHOWN(&e, "power", "1");
    EXPECT_SHOWN(&e, "volume", "2");
    engine_end(&e);
}

/* mbus-records 9.2: overflow and underflow; told when it begins and when it ends. */
static void what_does_not_fit_is_told_once(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", TWO));
    engine_push(&e, "power", whole(40000));
    EXPECT_SHOWN(&e, "power", "error 16");
    assert_string_equal(e.why, "40000 is too large for the record");
    engine_push(&e, "power", real(-1e9));
    EXPECT_SHOWN(&e, "power", "error 17");
    assert_int_equal(e.n_began, 1);
    engine_push(&e, "power", whole(4));
    assert_int_equal(e.n_ended, 1);
    EXPECT_SHOWN(&e, "power", "4");
    engine_end(&e);
}

static void on_error_holds_or_shows_zero(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(
        &e,
        METER_TEXT(
            "", "{ name = \"hold\"; quantity = \"power\"; unit = \"W\"; type = \"int8\"; pushed = {"
                " }; on_error = \"hold\"; },"
                "{ name = \"zero\"; quantity = \"power\"; unit = \"W\"; type = \"int8\"; pushed = {"
                " }; on_error = \"zero\"; }"));
    engine_push(&e, "hold", whole(1000));
    EXPECT_SHOWN(&e, "hold", "error 16"); /* nothing to hold yet */
    engine_push(&e, "hold", whole(10));
    engine_push(&e, "hold", whole(1000));
    EXPECT_SHOWN(&e, "hold", "10");
    engine_push(&e, "zero", whole(10));
    engine_push(&e, "zero", whole(1000));
    EXPECT_SHOWN(&e, "zero", "0");
    assert_int_equal(e.meter->n_errors, 0);
    engine_end(&e);
}

#define AGING                                                                                      \
    "{ name = \"power\"; quantity = \"power\"; unit = \"W\"; pushed = { }; max_age = \"300 ms\"; " \
    "},"                                                                                           \
    "{ name = \"held\"; quantity = \"power\"; unit = \"W\"; pushed = { }; max_age = \"300 ms\"; "  \
    "on_error = \"hold\"; },"                                                                      \
    "{ name = \"ever\"; quantity = \"power\"; unit = \"W\"; pushed = { }; }"

/* Never a silently old number: past max_age it is none, also where it would be held. */
static void what_is_too_old_is_none(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", AGING));
    engine_push(&e, "power", whole(1));
    engine_push(&e, "held", whole(2));
    engine_push(&e, "ever", whole(3));
    engine_run_for(&e, 150 * MSEC);
    engine_push(&e, "power", whole(1));
    engine_run_for(&e, 230 * MSEC);
    EXPECT_SHOWN(&e, "power", "1");
    EXPECT_SHOWN(&e, "held", "error 15");
    assert_string_equal(e.why, "no value came for 0.3 s");
    AWAIT_SHOWN(&e, "power", "error 15");
    EXPECT_SHOWN(&e, "ever", "3");
    assert_int_equal(e.n_began, 2);
    engine_run_for(&e, 400 * MSEC);
    assert_int_equal(e.n_began, 2);
    engine_push(&e, "power", whole(1));
    EXPECT_SHOWN(&e, "power", "1");
    AWAIT_SHOWN(&e, "power", "error 15"); /* and once more */
    assert_int_equal(e.n_ended, 1);
    assert_int_equal(e.n_muted, 0);
    engine_end(&e);
}

/* on_stale: a dead source looks like a dead meter, until all its values live. */
static void silent_means_mute(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("on_stale = \"silent\";", AGING));
    engine_push(&e, "power", whole(1));
    engine_push(&e, "held", whole(2));
    assert_false(e.meter->is_mute);
    AWAIT_SHOWN(&e, "power", "error 15");
    AWAIT_SHOWN(&e, "held", "error 15");
    assert_true(e.meter->is_mute);
    engine_push(&e, "power", whole(1));
    assert_true(e.meter->is_mute);
    engine_push(&e, "held", whole(70000000000));
    assert_false(e.meter->is_mute); /* too large, but not too old */
    assert_int_equal(e.n_muted, 2);
    engine_end(&e);
}

/* Nobody knows when a number came that was kept: it is not good before the next one, and kept. */
static void a_kept_number_is_of_unknown_age(void **state)
{
    struct number kept = whole(7);
    struct engine e;

    (void)state;
    engine_prepare(&e,
                   METER_TEXT("", "{ name = \"a\"; quantity = \"power\"; unit = \"W\"; pushed = { "
                                  "start = 0; }; max_age = \"1 min\"; },"
                                  "{ name = \"b\"; quantity = \"power\"; unit = \"W\"; pushed = { "
                                  "start = 0; }; max_age = 0; }"));
    meter_set_number(e.meter, 0, &kept);
    meter_set_number(e.meter, 1, &kept);
    engine_start(&e);
    EXPECT_SHOWN(&e, "a", "error 15");
    EXPECT_SHOWN(&e, "b", "7");
    assert_true(e.meter->now.cells[0].has_number && e.meter->now.cells[0].number.integer == 7);
    assert_int_equal(e.n_began, 0);
    engine_push(&e, "a", whole(8));
    EXPECT_SHOWN(&e, "a", "8");
    engine_end(&e);
}

/* A master's write is as good as a push, and counts for its age. */
static void a_master_writes_it(void **state)
{
    const struct value value = { .integer = 5250 };
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", TWO));
    engine_push(&e, "volume", real(1e12));
    EXPECT_SHOWN(&e, "volume", "error 16");
    meter_draft_begin(e.meter);
    meter_draft_set_value(e.meter, 1, &value);
    meter_draft_commit(e.meter);
    e.n_changed = 0;
    sources_written(e.sources, e.meter);
    assert_int_equal(e.n_changed, 1);
    assert_int_equal(e.n_ended, 1);
    EXPECT_SHOWN(&e, "volume", "5.25");
    assert_true(sources_find(e.sources, e.meter, 1)->has_number);
    sources_written(e.sources, e.meter);
    assert_int_equal(e.n_changed, 1); /* it was handed on already */
    engine_end(&e);
}

/* ---- reload ---- */

#define VOLTAGE "{ name = \"voltage\"; unit = \"V\"; value = 3; },"

/* Another record before it, another value elsewhere: what was pushed stays. */
static void a_reload_keeps_what_was_pushed(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", TWO));
    engine_push(&e, "power", whole(230));
    engine_push(&e, "volume", whole(99));
    engine_reload(&e, METER_TEXT("", TWO));
    EXPECT_SHOWN(&e, "power", "230");
    engine_reload(&e, METER_TEXT("version = 2;", VOLTAGE TWO));
    EXPECT_SHOWN(&e, "power", "230");
    EXPECT_SHOWN(&e, "volume", "99");
    assert_ptr_equal(sources_find(e.sources, e.meter, 1)->meter, e.meter);
    assert_int_equal(sources_find(e.sources, e.meter, 1)->config->record, 1);
    assert_null(sources_find(e.sources, e.meter, 0));
    engine_end(&e);
}

/* Trouble that lasts is not told once more, nor forgotten. */
static void a_reload_keeps_trouble(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", TWO));
    engine_push(&e, "power", whole(40000));
    engine_reload(&e, METER_TEXT("version = 2;", VOLTAGE TWO));
    EXPECT_SHOWN(&e, "power", "error 16");
    assert_int_equal(e.n_began, 1);
    engine_push(&e, "power", whole(4));
    assert_int_equal(e.n_ended, 1);
    engine_end(&e);
}

static void a_reload_drops_what_is_gone(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("on_stale = \"silent\";", AGING));
    engine_run_for(&e, 400 * MSEC);
    assert_true(e.meter->is_mute);
    engine_reload(&e, METER_TEXT("on_stale = \"silent\";", TWO));
    assert_false(e.meter->is_mute); /* its one pushed number never grows old now */
    EXPECT_SHOWN(&e, "power", "error 15");
    engine_run_for(&e, 400 * MSEC);
    assert_false(e.meter->is_mute);
    engine_reload(&e, METER_TEXT("", VOLTAGE "{ name = \"b\"; unit = \"V\"; value = 3; }"));
    assert_null(sources_find(e.sources, e.meter, 0));
    engine_end(&e);
}

#define POWER(more)                                                                                \
    METER_TEXT("",                                                                                 \
               "{ name = \"a\"; quantity = \"power\"; unit = \"W\"; type = \"int8\"; pushed = { "  \
               "}; " more "}")

/* How old a number may be, and what is shown of one that failed, is not of the number itself. */
static void a_reload_takes_limits_over(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, POWER(""));
    engine_push(&e, "a", whole(8));
    engine_reload(&e, POWER("max_age = \"300 ms\";"));
    EXPECT_SHOWN(&e, "a", "8");
    AWAIT_SHOWN(&e, "a", "error 15");
    assert_int_equal(e.n_began, 1);
    engine_reload(&e, POWER("max_age = 7;"));
    EXPECT_SHOWN(&e, "a", "8");
    assert_int_equal(e.n_ended, 1);
    engine_push(&e, "a", whole(800));
    EXPECT_SHOWN(&e, "a", "error 16");
    engine_reload(&e, POWER("max_age = 7; on_error = \"hold\";"));
    EXPECT_SHOWN(&e, "a", "8");
    engine_reload(&e, POWER("on_error = \"zero\";"));
    EXPECT_SHOWN(&e, "a", "0");
    engine_end(&e);
}

/* The meter reads the same, but its number comes from elsewhere: what is there is not the new
 * one's. */
static void a_reload_to_another_source_begins_without(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e,
                 METER_TEXT("", "{ name = \"a\"; quantity = \"power\"; unit = \"W\"; pushed = { "
                                "}; }"));
    engine_push(&e, "a", whole(8));
    engine_reload(&e,
                  METER_TEXT("", "{ name = \"a\"; quantity = \"power\"; unit = \"W\"; command = { "
                                 "argv = [ \"/nonexistent\" ]; }; }"));
    EXPECT_SHOWN(&e, "a", "error 15");
    engine_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_without_or_with_its_start),
        cmocka_unit_test(what_never_came_is_explained),
        cmocka_unit_test(other_trouble_is_a_change),
        cmocka_unit_test(begins_with_what_was_kept),
        cmocka_unit_test(an_overflow_is_kept),
        cmocka_unit_test(shows_what_is_pushed),
        cmocka_unit_test(takes_all_or_nothing),
        cmocka_unit_test(what_does_not_fit_is_told_once),
        cmocka_unit_test(on_error_holds_or_shows_zero),
        cmocka_unit_test(what_is_too_old_is_none),
        cmocka_unit_test(silent_means_mute),
        cmocka_unit_test(a_kept_number_is_of_unknown_age),
        cmocka_unit_test(a_master_writes_it),
        cmocka_unit_test(a_reload_keeps_what_was_pushed),
        cmocka_unit_test(a_reload_keeps_trouble),
        cmocka_unit_test(a_reload_drops_what_is_gone),
        cmocka_unit_test(a_reload_takes_limits_over),
        cmocka_unit_test(a_reload_to_another_source_begins_without),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
