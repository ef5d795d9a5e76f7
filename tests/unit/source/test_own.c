/* What a meter knows without anybody: its clock, and what it has done itself. */
#include "tests/unit/source/engine.h"

#include <stdlib.h>
#include <time.h>

#include "mbus/datetime.h"

#define CLOCKS                                                                                     \
    "{ name = \"minute\"; quantity = \"datetime\"; type = \"datetime\"; clock = { zone = "         \
    "\"UTC\"; }; },"                                                                               \
    "{ name = \"second\"; quantity = \"datetime\"; type = \"datetime_s\"; clock = { zone = "       \
    "\"UTC\"; }; },"                                                                               \
    "{ name = \"day\"; quantity = \"date\"; clock = { zone = \"UTC\"; }; },"                       \
    "{ name = \"tokyo\"; quantity = \"datetime\"; type = \"datetime_s\"; clock = { zone = "        \
    "\"Asia/Tokyo\"; }; }"

/* Seconds since 1970 as the clock on the wall shows them. */
static int64_t wall(const struct engine *e, size_t record, size_t size)
{
    const int64_t bits = e->meter->now.cells[record].value.integer;
    struct datetime moment;
    uint8_t bytes[8];

    for (unsigned i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)((uint64_t)bits >> 8 * i);
    assert_int_equal(e->meter->now.cells[record].error, 0);
    assert_true(datetime_read(bytes, size, &moment));
    return moment.day * SECONDS_PER_DAY + (moment.has_time ? moment.second : 0);
}

static void the_clock_shows_the_time(void **state)
{
    struct engine e;
    int64_t now;

    (void)state;
    engine_begin(&e, METER_TEXT("", CLOCKS));
    engine_run_for(&e, 50 * MSEC);
    now = (int64_t)time(NULL);
    assert_in_range(now - wall(&e, 0, 4), 0, 61);
    assert_in_range(now - wall(&e, 1, 6), 0, 1);
    assert_in_range(now - wall(&e, 2, 2), 0, SECONDS_PER_DAY);
    assert_int_equal(wall(&e, 3, 6) - wall(&e, 1, 6), 9 * 3600);
    engine_run_for(&e, 1500 * MSEC);
    now = (int64_t)time(NULL);
    assert_in_range(now - wall(&e, 1, 6), 0, 1);
    assert_int_equal(e.meter->n_errors, 0);
    engine_end(&e);
}

/* What a master has set it to is shown as soon as that is in force. */
static void the_clock_is_that_of_the_meter(void **state)
{
    struct engine e;
    int64_t now;

    (void)state;
    engine_begin(&e, METER_TEXT("", CLOCKS));
    e.meter->now.clock_offset = -86400 * 365;
    sources_written(e.sources, e.meter);
    engine_run_for(&e, 50 * MSEC);
    now = (int64_t)time(NULL);
    assert_in_range(now - wall(&e, 1, 6) - 86400 * 365, 0, 1);
    engine_end(&e);
}

/* A day in the other half of the year is read as it was set, by the same clock on the wall. */
static void summer_and_winter_are_one_clock(void **state)
{
    const int64_t half_a_year = (int64_t)182 * SECONDS_PER_DAY;
    struct engine e;
    int64_t now;

    (void)state;
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    engine_begin(&e, METER_TEXT("", "{ name = \"second\"; quantity = \"datetime\"; type = "
                                    "\"datetime_s\"; clock = { }; }"));
    engine_run_for(&e, 20 * MSEC);
    now = wall(&e, 0, 6);
    e.meter->now.clock_offset = half_a_year;
    sources_written(e.sources, e.meter);
    engine_run_for(&e, 20 * MSEC);
    assert_in_range(wall(&e, 0, 6) - now - half_a_year, 0, 1);
    engine_end(&e);
    unsetenv("TZ");
    tzset();
}

/* A minute ends when it does on the meter's clock. */
static void a_minute_is_the_meters(void **state)
{
    struct engine e;
    int64_t now, before;

    (void)state;
    engine_begin(&e, METER_TEXT("", CLOCKS));
    now = (int64_t)time(NULL);
    /* One second and a bit before a minute is over. */
    e.meter->now.clock_offset = 58 - now % 60;
    sources_written(e.sources, e.meter);
    engine_run_for(&e, 20 * MSEC);
    before = wall(&e, 0, 4);
    engine_run_for(&e, 2200 * MSEC);
    assert_int_equal(wall(&e, 0, 4), before + 60);
    engine_end(&e);
}

/* The zone of a record is not left behind for others. */
static void a_zone_is_the_records_own(void **state)
{
    struct engine e;
    struct tm before, after;
    time_t moment = 1700000000;

    (void)state;
    localtime_r(&moment, &before);
    engine_begin(&e, METER_TEXT("", CLOCKS));
    engine_run_for(&e, 20 * MSEC);
    localtime_r(&moment, &after);
    assert_int_equal(before.tm_gmtoff, after.tm_gmtoff);
    engine_end(&e);
}

#define COUNTERS                                                                                   \
    "{ name = \"answers\"; quantity = \"count\"; internal = { counter = \"answers\"; }; "          \
    "},"                                                                                           \
    "{ name = \"restarts\"; quantity = \"reset_counter\"; internal = { counter = "                 \
    "\"restarts\"; }; },"                                                                          \
    "{ name = \"working\"; quantity = \"operating_time\"; unit = \"s\"; internal = { counter = "   \
    "\"operating_time\"; }; },"                                                                    \
    "{ name = \"hours\"; quantity = \"operating_time\"; unit = \"h\"; type = \"real32\"; "         \
    "internal = { counter = \"operating_time\"; }; },"                                             \
    "{ name = \"on\"; quantity = \"on_time\"; unit = \"s\"; internal = { counter = \"on_time\"; "  \
    "}; }"

static void counters_are_those_of_the_meter(void **state)
{
    struct engine e;

    (void)state;
    engine_prepare(&e, METER_TEXT("", COUNTERS));
    e.meter->tally.answers = 41;
    e.meter->tally.restarts = 3;
    e.meter->tally.operating_time = 3600;
    engine_start(&e);
    EXPECT_SHOWN(&e, "answers", "41");
    EXPECT_SHOWN(&e, "restarts", "3");
    EXPECT_SHOWN(&e, "hours", "1");
    EXPECT_SHOWN(&e, "on", "0");
    e.meter->tally.answers++;
    sources_answered(e.sources, e.meter);
    EXPECT_SHOWN(&e, "answers", "42");
    engine_end(&e);
}

/* Two records of one meter count its time once. */
static void time_is_counted_once(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", COUNTERS));
    AWAIT_SHOWN(&e, "working", "2");
    EXPECT_SHOWN(&e, "on", "2");
    assert_int_equal(e.meter->tally.operating_time, 2);
    assert_int_equal(e.n_tallied, 2);
    engine_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_shows_the_time),
        cmocka_unit_test(the_clock_is_that_of_the_meter),
        cmocka_unit_test(summer_and_winter_are_one_clock),
        cmocka_unit_test(a_minute_is_the_meters),
        cmocka_unit_test(a_zone_is_the_records_own),
        cmocka_unit_test(counters_are_those_of_the_meter),
        cmocka_unit_test(time_is_counted_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
