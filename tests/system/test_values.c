/* Numbers that are pushed or derived, on the wire when they are good and when they are not: what
 * mbus-slave.conf(5) says of them, and mbus-records 9.2. */
#include "tests/system/house.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct house house;

static int clean_up(void **state)
{
    (void)state;
    house_clean_up(&house);
    return 0;
}

/* ---- constant -------------------------------------------------------------------------------- */

static void a_constant_is_always_good(void **state)
{
    struct test_shown shown;

    (void)state;
    house_init(&house, true);
    house_config(&house, "", CONSTANT);
    house_start(&house);
    EXPECT_NOW(&house, GOOD, CONSTANT_IS);
    test_bus_show(house.bus.client, "house", "fixed", &shown);
    assert_string_equal(shown.value, "7");
    assert_string_equal(shown.error, "");
    assert_string_equal(test_bus_set(house.bus.client, "house.fixed", 8.0),
                        SERVICE ".Error.NotPushed");
    EXPECT_NOW(&house, GOOD, CONSTANT_IS);
    house_end(&house);
}

/* ---- pushed ---------------------------------------------------------------------------------- */

static void a_pushed_number_fails_and_returns(void **state)
{
    struct test_shown shown;

    (void)state;
    house_init(&house, true);
    house_config(&house, "", ROOM("room", "pushed = {};") ", " ROOM("next", "pushed = {};"));
    house_start(&house);
    EXPECT_NOW(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "00 00") BAD_IS(NO_DATA, "00 00"));
    test_bus_show(house.bus.client, "house", "room", &shown);
    assert_string_equal(shown.error, "no_data_available");
    assert_string_equal(test_bus_set(house.bus.client, "house.room", 21.4, "house/next", 3.0), "");
    EXPECT_NOW(&house, GOOD, GOOD_IS("15 00") GOOD_IS("03 00"));
    assert_string_equal(test_bus_set(house.bus.client, "house.room", 40000.0), "");
    EXPECT_NOW(&house, TEMPORARY_ERROR, BAD_IS(OVERFLOW, "15 00") GOOD_IS("03 00"));
    test_bus_show(house.bus.client, "house", "room", &shown);
    assert_string_equal(shown.error, "data_overflow");
    assert_string_equal(shown.trouble, "40000 is too large for the record");
    EXPECT_TOLD(&house, "room", 1, 0);
    assert_string_equal(test_bus_set(house.bus.client, "house.room", -40000.0), "");
    EXPECT_NOW(&house, TEMPORARY_ERROR, BAD_IS(UNDERFLOW, "15 00") GOOD_IS("03 00"));
    assert_string_equal(test_bus_set(house.bus.client, "house.room", 5.0), "");
    EXPECT_NOW(&house, GOOD, GOOD_IS("05 00") GOOD_IS("03 00"));
    EXPECT_TOLD(&house, "room", 1, 1);
    EXPECT_TOLD(&house, "next", 0, 0);
    house_end(&house);
}

/* "A push of many values is all or nothing." */
static void a_push_is_all_or_nothing(void **state)
{
    sd_bus *client;

    (void)state;
    house_init(&house, true);
    house_config(&house, "",
                 ROOM("room", "pushed = { start = 1; };") ", " ROOM(
                     "next", "pushed = { start = 2; };") ", " CONSTANT);
    house_start(&house);
    client = house.bus.client;
    assert_string_equal(test_bus_set(client, "house.room", 8.0, "house.none", 9.0),
                        SERVICE ".Error.NoSuchRecord");
    assert_string_equal(test_bus_set(client, "house.room", 8.0, "hut.next", 9.0),
                        SERVICE ".Error.NoSuchMeter");
    assert_string_equal(test_bus_set(client, "house.room", 8.0, "house.fixed", 9.0),
                        SERVICE ".Error.NotPushed");
    assert_string_equal(test_bus_set(client, "house.room", 8.0, "house.next", (double)NAN),
                        SERVICE ".Error.NotANumber");
    assert_string_equal(test_bus_set(client, "house.next", 9.0, "house.room", (double)INFINITY),
                        SERVICE ".Error.NotANumber");
    EXPECT_NOW(&house, GOOD, GOOD_IS("01 00") GOOD_IS("02 00") CONSTANT_IS);
    assert_string_equal(test_bus_set(client, "house.room", 8.0, "house.next", 9.0), "");
    EXPECT_NOW(&house, GOOD, GOOD_IS("08 00") GOOD_IS("09 00") CONSTANT_IS);
    house_end(&house);
}

/* What `on_error` makes of a number that is too old. */
static void an_old_number_is_never_shown_as_good(void **state)
{
    (void)state;
    house_init(&house, true);
    house_config(
        &house, "",
        ROOM("shown", "pushed = {}; max_age = 1;") ", " ROOM(
            "held",
            "pushed = {}; max_age = 1; on_error = \"hold\";") ", " ROOM("zero",
                                                                        "pushed = {}; max_age = 1; "
                                                                        "on_error = \"zero\";"));
    house_start(&house);
    assert_string_equal(
        test_bus_set(house.bus.client, "house.shown", 5.0, "house.held", 6.0, "house.zero", 7.0),
        "");
    EXPECT_NOW(&house, GOOD, GOOD_IS("05 00") GOOD_IS("06 00") GOOD_IS("07 00"));
    assert_string_equal(test_bus_set(house.bus.client, "house.held", 1e6), "");
    EXPECT_NOW(&house, GOOD, GOOD_IS("05 00") GOOD_IS("06 00") GOOD_IS("07 00"));
    EXPECT(&house, TEMPORARY_ERROR,
           BAD_IS(NO_DATA, "05 00") BAD_IS(OVERFLOW, "06 00") GOOD_IS("00 00"));
    rig_expect_log(&house.rig, "house.shown: pushed: no value came for 1 s");
    EXPECT_TOLD(&house, "shown", 1, 0);
    EXPECT_TOLD(&house, "held", 1, 0);
    EXPECT_TOLD(&house, "zero", 1, 0);
    assert_string_equal(
        test_bus_set(house.bus.client, "house.shown", 1.0, "house.held", 2.0, "house.zero", 3.0),
        "");
    EXPECT_NOW(&house, GOOD, GOOD_IS("01 00") GOOD_IS("02 00") GOOD_IS("03 00"));
    EXPECT_TOLD(&house, "shown", 1, 1);
    EXPECT_TOLD(&house, "held", 1, 1);
    EXPECT_TOLD(&house, "zero", 1, 1);
    house_end(&house);
}

#define MUTED "house: answers nobody"
#define UNMUTED "house: answers again"

/* It looks dead: no read, no selection, no write, no broadcast. */
static void a_meter_with_dead_data_looks_dead(void **state)
{
    static const char *const requests[] = {
        "> 40 05",    "> 5B 05",
        "> 5A 05",    "> 49 05",
        "> 53 05 50", "> 53 05 51 01 7A 08",
        "> 53 05 54", "> 73 FD 52 78 56 34 12 FF FF FF FF",
        "> 7B FD",
    };
    struct test_shown shown;

    (void)state;
    house_init(&house, true);
    house_config(&house, "on_stale = \"silent\";", ROOM("room", "pushed = {}; max_age = 1;"));
    house_start(&house);
    EXPECT_NOW(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "00 00"));
    EXPECT(&house, 0, NULL);
    rig_expect_log(&house.rig, MUTED);
    for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
        master_expect(&house.m.pty, requests[i], REPLY_NONE);
        master_expect(&house.m.tcp, requests[i], REPLY_NONE);
    }
    master_expect(&house.m.pty, "> 40 FE", REPLY_ACK); /* the fence alone: no collision */
    test_bus_show(house.bus.client, "house", "room", &shown);
    assert_string_equal(shown.error, "no_data_available");
    house_reload(&house);
    EXPECT_NOW(&house, 0, NULL);
    assert_string_equal(test_bus_set(house.bus.client, "house.room", 5.0), "");
    EXPECT_NOW(&house, GOOD, GOOD_IS("05 00"));
    master_expect(&house.m.pty, "> 73 FD 52 78 56 34 12 FF FF FF FF", REPLY_ACK);
    assert_int_equal(rig_count_log(&house.rig, MUTED), 1);
    assert_int_equal(rig_count_log(&house.rig, UNMUTED), 1);
    EXPECT(&house, 0, NULL);
    assert_int_equal(rig_count_log(&house.rig, MUTED), 2);
    house_end(&house);
}

/* ---- derived --------------------------------------------------------------------------------- */

#define DERIVED(name, how) ROOM(name, "derived = { " how " };")
#define FIVE(x) x x x x x

static void derived_numbers_follow_their_inputs(void **state)
{
    (void)state;
    house_init(&house, true);
    house_config(
        &house, "",
        ROOM("a", "pushed = {};") ", " ROOM("b", "pushed = {};") ", " DERIVED(
            "sum",
            "sum "
            "= [ "
            "\"a"
            "\", "
            "\"b"
            "\" "
            "];") ", " DERIVED("difference",
                               "difference = [ \"a\", \"b\" ];") ", " DERIVED("product",
                                                                              "product = [ \"a\", "
                                                                              "\"b\" ]; "
                                                                              "factor = 10;") ","
                                                                                              " " DERIVED(
                                                                                                  "c"
                                                                                                  "o"
                                                                                                  "p"
                                                                                                  "y",
                                                                                                  "c"
                                                                                                  "o"
                                                                                                  "p"
                                                                                                  "y"
                                                                                                  " "
                                                                                                  "="
                                                                                                  " "
                                                                                                  "["
                                                                                                  " "
                                                                                                  "\"sum\" ];"));
    house_start(&house);
    EXPECT_NOW(&house, TEMPORARY_ERROR, FIVE(BAD_IS(NO_DATA, "00 00")) BAD_IS(NO_DATA, "00 00"));
    test_bus_set(house.bus.client, "house.a", 7.0);
    EXPECT_NOW(&house, TEMPORARY_ERROR, GOOD_IS("07 00") FIVE(BAD_IS(NO_DATA, "00 00")));
    test_bus_set(house.bus.client, "house.b", 5.0);
    EXPECT_NOW(&house, GOOD,
               GOOD_IS("07 00") GOOD_IS("05 00") GOOD_IS("0C 00") GOOD_IS("02 00") GOOD_IS("5E 01")
                   GOOD_IS("0C 00"));
    /* The input has it, and what cannot be computed of it: both for the reason that is true. */
    test_bus_set(house.bus.client, "house.b", 40000.0);
    EXPECT_NOW(&house, TEMPORARY_ERROR,
               GOOD_IS("07 00") BAD_IS(OVERFLOW, "05 00") BAD_IS(OVERFLOW, "0C 00")
                   BAD_IS(OVERFLOW, "02 00") BAD_IS(OVERFLOW, "5E 01") BAD_IS(OVERFLOW, "0C 00"));
    EXPECT_TOLD(&house, "b", 1, 0);
    EXPECT_TOLD(&house, "sum", 0, 0);
    EXPECT_TOLD(&house, "copy", 0, 0);
    test_bus_set(house.bus.client, "house.a", 30000.0, "house.b", 30000.0);
    EXPECT_NOW(&house, TEMPORARY_ERROR,
               GOOD_IS("30 75") GOOD_IS("30 75") BAD_IS(OVERFLOW, "0C 00") GOOD_IS("00 00")
                   BAD_IS(OVERFLOW, "5E 01") BAD_IS(OVERFLOW, "0C 00"));
    EXPECT_TOLD(&house, "b", 1, 1);
    EXPECT_TOLD(&house, "sum", 1, 0);
    EXPECT_TOLD(&house, "copy", 0, 0);
    test_bus_set(house.bus.client, "house.a", 1.0, "house.b", 1.0);
    EXPECT_NOW(&house, GOOD,
               GOOD_IS("01 00") GOOD_IS("01 00") GOOD_IS("02 00") GOOD_IS("00 00") GOOD_IS("0A 00")
                   GOOD_IS("02 00"));
    EXPECT_TOLD(&house, "sum", 1, 1);
    EXPECT_TOLD(&house, "product", 1, 1);
    house_end(&house);
}

/* 3600 an hour is one a second: it grows while its input is there, and stands while it is not. */
static void an_integral_counts_while_its_input_is_good(void **state)
{
    struct test_shown shown;
    double before, after;

    (void)state;
    house_init(&house, true);
    house_config(&house, "",
                 ROOM("rate", "pushed = {};") ", " DERIVED(
                     "count", "integral = [ \"rate\" ]; factor = 100;"));
    house_start(&house);
    EXPECT_NOW(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "00 00") BAD_IS(NO_DATA, "00 00"));
    test_bus_set(house.bus.client, "house.rate", 3600.0);
    wait_ms(1000);
    test_bus_set(house.bus.client, "house.rate", 1e6);
    test_bus_show(house.bus.client, "house", "count", &shown);
    before = strtod(shown.value, NULL);
    assert_string_equal(shown.error, "data_overflow");
    assert_true(before > 95 && before < 200); /* 100 a second */
    wait_ms(1500);
    test_bus_show(house.bus.client, "house", "count", &shown);
    after = strtod(shown.value, NULL);
    assert_true(after >= before && after <= before);
    test_bus_set(house.bus.client, "house.rate", 3600.0);
    wait_ms(1500); /* counted every second, though nothing is pushed */
    test_bus_show(house.bus.client, "house", "count", &shown);
    assert_string_equal(shown.error, "");
    assert_true(strtod(shown.value, NULL) > before + 50);
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_is_always_good),
        cmocka_unit_test(a_pushed_number_fails_and_returns),
        cmocka_unit_test(a_push_is_all_or_nothing),
        cmocka_unit_test(an_old_number_is_never_shown_as_good),
        cmocka_unit_test(a_meter_with_dead_data_looks_dead),
        cmocka_unit_test(derived_numbers_follow_their_inputs),
        cmocka_unit_test(an_integral_counts_while_its_input_is_good),
    };

    return cmocka_run_group_tests_name("values", tests, NULL, clean_up);
}
