/* What a meter knows of itself: its clock (mbus-protocol 13.3), and what it counts
 * (mbus-slave.conf(5), clock and internal). */
#include "tests/system/house.h"

#include <stdlib.h>

static struct house house;

static int clean_up(void **state)
{
    (void)state;
    house_clean_up(&house);
    return 0;
}

/* ---- clock ----------------------------------------------------------------------------------- */

#define CLOCK(name, type, zone)                                                                    \
    "{ name = \"" name "\"; quantity = \"datetime\"; type = \"" type "\"; clock = { " zone "}; }"

/* 2024-05-17 12:34, winter time all the year round. */
static void a_clock_shows_what_a_master_has_set(void **state)
{
    struct telegram before, after;

    (void)state;
    setenv("TZ", "UTC", 1);
    house_init(&house, false);
    house_config(&house, "allow = [ \"clock\" ];",
                 CLOCK("to_minute", "datetime", "") ", " CLOCK("to_second", "datetime_s", ""));
    house_start(&house);
    telegram_read(&house.m.pty, HOUSE, &before);
    assert_int_equal(before.status, GOOD);
    assert_hex(before.records, 2, "04 6D");
    assert_hex(before.records + 6, 2, "06 6D");
    master_expect(&house.m.pty, "> 53 05 51 04 6D 22 0C 11 35", REPLY_ACK);
    telegram_read(&house.m.pty, HOUSE, &after);
    assert_hex(after.records, 6, "04 6D 22 2C 11 35");
    assert_hex(after.records + 9, 4, "22 AC 11 35");
    assert_true((after.records[8] & 0x3F) < 10); /* its seconds run */
    wait_ms(1200);
    telegram_read(&house.m.tcp, HOUSE, &before);
    assert_true(before.records[8] > after.records[8]);
    house_stop(&house);
    house_start(&house);
    telegram_read(&house.m.pty, HOUSE, &after);
    assert_hex(after.records, 6, "04 6D 22 2C 11 35");
    house_end(&house);
    unsetenv("TZ");
}

/* A Pi may run on UTC: what a master sets is what it reads. */
static void a_clock_is_set_in_the_zone_that_it_shows(void **state)
{
    struct telegram t;

    (void)state;
    setenv("TZ", "UTC", 1);
    house_init(&house, false);
    house_config(&house, "allow = [ \"clock\" ];",
                 CLOCK("to_minute", "datetime", "zone = \"Asia/Kolkata\"; "));
    house_start(&house);
    master_expect(&house.m.pty, "> 53 05 51 04 6D 22 0C 11 35", REPLY_ACK);
    telegram_read(&house.m.pty, HOUSE, &t);
    assert_hex(t.records, t.n, "04 6D 22 2C 11 35");
    house_end(&house);
    unsetenv("TZ");
}

/* ---- internal -------------------------------------------------------------------------------- */

#define COUNTER(name)                                                                              \
    "{ name = \"" name "\"; quantity = \"reset_counter\"; type = \"int16\"; internal = { "         \
    "counter = \"" name "\"; }; }"
#define COUNT_IS(bytes) "02 FD 60 " bytes

static void expect_counts(struct telegram *t, const char *counts)
{
    telegram_read(&house.m.pty, HOUSE, t);
    assert_int_equal(t->status, GOOD);
    assert_hex(t->records, t->n, counts);
}

/* What was counted before the answer that shows it. */
static void the_meter_counts_what_it_does(void **state)
{
    struct telegram t;

    (void)state;
    house_init(&house, false);
    house_config(&house, "",
                 COUNTER("requests") ", " COUNTER("answers") ", " COUNTER("errors") ", " COUNTER(
                     "restarts"));
    house_start(&house);
    expect_counts(&t, COUNT_IS("01 00") COUNT_IS("01 00") COUNT_IS("00 00") COUNT_IS("01 00"));
    expect_counts(&t, COUNT_IS("03 00") COUNT_IS("03 00") COUNT_IS("00 00") COUNT_IS("01 00"));
    /* Refused, and not for us. */
    master_expect(&house.m.pty, "> 53 05 51 02 FD 60 05 00", REPLY_NONE);
    master_expect(&house.m.pty, "> 40 06", REPLY_NONE);
    expect_counts(&t, COUNT_IS("06 00") COUNT_IS("05 00") COUNT_IS("01 00") COUNT_IS("01 00"));
    house_reload(&house);
    expect_counts(&t, COUNT_IS("08 00") COUNT_IS("07 00") COUNT_IS("01 00") COUNT_IS("01 00"));
    house_stop(&house);
    house_start(&house);
    expect_counts(&t, COUNT_IS("0A 00") COUNT_IS("09 00") COUNT_IS("01 00") COUNT_IS("02 00"));
    house_end(&house);
}

static void the_meter_counts_how_long_it_works(void **state)
{
    struct telegram t;

    (void)state;
    house_init(&house, false);
    house_config(&house, "",
                 "{ name = \"all\"; quantity = \"operating_time\"; unit = \"s\"; type = \"int8\"; "
                 "internal = { counter = \"operating_time\"; }; }, "
                 "{ name = \"on\"; quantity = \"on_time\"; unit = \"s\"; type = \"int8\"; "
                 "internal = { counter = \"on_time\"; }; }");
    house_start(&house);
    expect_counts(&t, "01 24 00 01 20 00");
    EXPECT(&house, GOOD, "01 24 02 01 20 02");
    house_stop(&house);
    house_start(&house);
    expect_counts(&t, "01 24 02 01 20 00");
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_shows_what_a_master_has_set),
        cmocka_unit_test(a_clock_is_set_in_the_zone_that_it_shows),
        cmocka_unit_test(the_meter_counts_what_it_does),
        cmocka_unit_test(the_meter_counts_how_long_it_works),
    };

    return cmocka_run_group_tests_name("own values", tests, NULL, clean_up);
}
