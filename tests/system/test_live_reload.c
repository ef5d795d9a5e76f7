/* SIGHUP while values come in and masters read: what goes on, and what becomes of records that are
 * changed. */
#include "tests/system/house.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct house house;

static int clean_up(void **state)
{
    (void)state;
    house_clean_up(&house);
    return 0;
}

#define MUTED "house: answers nobody"
#define UNMUTED "house: answers again"
#define OLD(name) ROOM(name, "pushed = {}; max_age = 1;")
#define KEPT(name) ROOM(name, "pushed = { start = 1; };")
#define NOT_KEPT(name) ROOM(name, "pushed = {};")
#define TWICE(name) ROOM("twice", "derived = { product = [ \"" name "\" ]; factor = 2; };")

static void begin(const char *settings, const char *records)
{
    house_init(&house, true);
    house_config(&house, settings, "%s", records);
    house_start(&house);
}

static void reload(const char *settings, const char *records)
{
    house_config(&house, settings, "%s", records);
    house_reload(&house);
}

static void push(const char *name, double number)
{
    assert_string_equal(test_bus_set(house.bus.client, name, number), "");
}

static void values_go_on_over_a_reload(void **state)
{
    struct telegram before, after;

    (void)state;
    begin("", KEPT("kept") ", " NOT_KEPT("room") ", " TWICE("room"));
    push("house.room", 7);
    push("house.kept", 5);
    telegram_read(&house.m.pty, HOUSE, &before);
    house_reload(&house);
    EXPECT_NOW(&house, GOOD, GOOD_IS("05 00") GOOD_IS("07 00") GOOD_IS("0E 00"));
    /* Another meter, one could think: its version has changed. */
    reload("version = 7;", KEPT("kept") ", " NOT_KEPT("room") ", " TWICE("room"));
    EXPECT_NOW(&house, GOOD, GOOD_IS("05 00") GOOD_IS("07 00") GOOD_IS("0E 00"));
    telegram_read(&house.m.pty, HOUSE, &after);
    assert_int_equal((uint8_t)(after.access - before.access), 5); /* read four times since */
    push("house.room", 8);
    EXPECT_NOW(&house, GOOD, GOOD_IS("05 00") GOOD_IS("08 00") GOOD_IS("10 00"));
    house_end(&house);
}

/* Trouble that goes on is no news. */
static void trouble_goes_on_over_a_reload(void **state)
{
    (void)state;
    begin("", NOT_KEPT("room"));
    push("house.room", 7);
    push("house.room", 40000);
    for (unsigned i = 0; i < 2; i++) {
        EXPECT_NOW(&house, TEMPORARY_ERROR, BAD_IS(OVERFLOW, "07 00"));
        EXPECT_TOLD(&house, "room", 1, 0);
        if (i == 0)
            house_reload(&house);
    }
    push("house.room", 8);
    EXPECT_NOW(&house, GOOD, GOOD_IS("08 00"));
    EXPECT_TOLD(&house, "room", 1, 1);
    house_end(&house);
}

static void records_come_and_go(void **state)
{
    struct test_shown shown;

    (void)state;
    begin("", KEPT("kept") ", " NOT_KEPT("room"));
    push("house.kept", 5);
    push("house.room", 7);
    /* One comes in front of them, one behind. */
    reload("", NOT_KEPT("first") ", " KEPT("kept") ", " NOT_KEPT("room") ", " TWICE("room"));
    EXPECT_NOW(&house, TEMPORARY_ERROR,
               BAD_IS(NO_DATA, "00 00") GOOD_IS("05 00") GOOD_IS("07 00") GOOD_IS("0E 00"));
    push("house.first", 1);
    EXPECT_NOW(&house, GOOD, GOOD_IS("01 00") GOOD_IS("05 00") GOOD_IS("07 00") GOOD_IS("0E 00"));
    test_bus_show(house.bus.client, "house", "twice", &shown);
    assert_string_equal(shown.value, "14");
    /* Another order, and one less. */
    reload("", TWICE("room") ", " NOT_KEPT("room") ", " KEPT("kept"));
    EXPECT_NOW(&house, GOOD, GOOD_IS("0E 00") GOOD_IS("07 00") GOOD_IS("05 00"));
    assert_string_equal(test_bus_set(house.bus.client, "house.first", 1.0),
                        SERVICE ".Error.NoSuchRecord");
    /* A new name is a new record. */
    reload("", NOT_KEPT("chamber") ", " KEPT("saved"));
    EXPECT_NOW(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "00 00") GOOD_IS("01 00"));
    push("house.chamber", 3);
    EXPECT_NOW(&house, GOOD, GOOD_IS("03 00") GOOD_IS("01 00"));
    /* Another source of the same name. */
    reload("", ROOM("chamber", "value = 4;") ", " KEPT("saved"));
    EXPECT_NOW(&house, GOOD, GOOD_IS("04 00") GOOD_IS("01 00"));
    assert_string_equal(test_bus_set(house.bus.client, "house.chamber", 1.0),
                        SERVICE ".Error.NotPushed");
    house_end(&house);
}

/* What was counted under a name is there again when the name is. */
static void a_record_that_returns_has_its_number(void **state)
{
    (void)state;
    begin("", KEPT("kept") ", " NOT_KEPT("room"));
    push("house.kept", 5);
    push("house.room", 7);
    reload("", NOT_KEPT("room"));
    EXPECT_NOW(&house, GOOD, GOOD_IS("07 00"));
    reload("", KEPT("kept") ", " NOT_KEPT("room"));
    EXPECT_NOW(&house, GOOD, GOOD_IS("05 00") GOOD_IS("07 00"));
    house_end(&house);
}

static void a_meter_is_mute_over_a_reload_and_by_one(void **state)
{
    (void)state;
    begin("", OLD("room") ", " NOT_KEPT("next"));
    push("house.next", 3);
    EXPECT(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "00 00") GOOD_IS("03 00"));
    rig_expect_log(&house.rig, "no value came");
    reload("on_stale = \"silent\";", OLD("room") ", " NOT_KEPT("next"));
    EXPECT_NOW(&house, 0, NULL);
    assert_int_equal(rig_count_log(&house.rig, MUTED), 1);
    house_reload(&house);
    EXPECT_NOW(&house, 0, NULL);
    reload("on_stale = \"silent\"; version = 9;", OLD("room") ", " NOT_KEPT("next"));
    EXPECT_NOW(&house, 0, NULL);
    assert_int_equal(rig_count_log(&house.rig, MUTED), 1);
    assert_int_equal(rig_count_log(&house.rig, UNMUTED), 0);
    reload("", OLD("room") ", " NOT_KEPT("next"));
    EXPECT_NOW(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "00 00") GOOD_IS("03 00"));
    assert_int_equal(rig_count_log(&house.rig, UNMUTED), 1);
    reload("on_stale = \"silent\";", OLD("room") ", " NOT_KEPT("next"));
    EXPECT_NOW(&house, 0, NULL);
    /* The one that is too old goes. */
    reload("on_stale = \"silent\";", NOT_KEPT("next"));
    EXPECT_NOW(&house, GOOD, GOOD_IS("03 00"));
    EXPECT_TOLD(&house, "room", 1, 0);
    house_end(&house);
}

#define VALVE(command)                                                                             \
    "{ name = \"valve\"; unit = \"m3\"; type = \"int16\"; value = 1; writable = { " command " }; " \
    "}"

/* Nothing that is under way outlives what it was for. */
static void sensors_go_while_they_are_at_work(void **state)
{
    static const char script[] = "#!/bin/sh\nsleep 1000\n";
    char records[1024];

    (void)state;
    house_init(&house, true);
    house_script(&house, "sensor", script);
    assert_int_equal(mkfifo(rig_path(&house.rig, "pipe"), 0600), 0);
    snprintf(
        records, sizeof(records),
        ROOM("pipe", "file = { path = \"%s\"; interval = \"100 ms\"; };") ", " ROOM(
            "program",
            "command = { argv = [ \"%s\" ]; interval = 1; };") ", " VALVE("command = [ \"%s\" ];"),
        rig_path(&house.rig, "pipe"), rig_path(&house.rig, "sensor"),
        rig_path(&house.rig, "sensor"));
    house_config(&house, "", "%s", records);
    house_start(&house);
    master_expect(&house.m.pty, "> 53 05 51 02 16 08 00", REPLY_ACK);
    for (unsigned i = 0; i < 10; i++) {
        reload("", VALVE(""));
        EXPECT_NOW(&house, GOOD, "02 16 08 00");
        house_config(&house, "", "%s", records);
        house_reload(&house);
        master_expect(&house.m.pty, "> 53 05 51 02 16 08 00", REPLY_ACK);
    }
    house_end(&house);
}

/* Reloads of two files in turn, while values are pushed and read. */
static void reloads_lose_no_push(void **state)
{
    (void)state;
    begin("", KEPT("kept") ", " TWICE("kept"));
    for (int i = 1; i <= 60; i++) {
        char wanted[64];

        if (i % 3 == 0) {
            house_config(&house, i % 2 == 0 ? "" : "version = 3;", "%s",
                         KEPT("kept") ", " TWICE("kept"));
            assert_int_equal(kill(house.rig.pid, SIGHUP), 0);
        }
        push("house.kept", i);
        snprintf(wanted, sizeof(wanted), GOOD_IS("%02X 00") GOOD_IS("%02X 00"), (unsigned)i,
                 2 * (unsigned)i);
        EXPECT_NOW(&house, GOOD, wanted);
        if (i % 3 == 0)
            rig_expect_notify(&house.rig, "READY=1");
    }
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_go_on_over_a_reload),
        cmocka_unit_test(trouble_goes_on_over_a_reload),
        cmocka_unit_test(records_come_and_go),
        cmocka_unit_test(a_record_that_returns_has_its_number),
        cmocka_unit_test(a_meter_is_mute_over_a_reload_and_by_one),
        cmocka_unit_test(sensors_go_while_they_are_at_work),
        cmocka_unit_test(reloads_lose_no_push),
    };

    return cmocka_run_group_tests_name("live reload", tests, NULL, clean_up);
}
