/* What a master writes into a live record, and the command that hands it on (mbus-slave.conf(5),
 * writable; mbus-protocol 13.6 and 13.7). */
#include "tests/system/house.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct house house;

static int clean_up(void **state)
{
    (void)state;
    house_clean_up(&house);
    return 0;
}

/* Appends a line of what it is told, but only when nobody holds it. */
static const char script[] =
    "#!/bin/sh\n"
    "cd \"${0%/*}\"\n"
    "while [ -e held ]; do sleep 0.05; done\n"
    "echo \"$MBUS_METER $MBUS_RECORD $MBUS_VALUE $MBUS_ADDRESS $*\" >>told\n"
    "[ ! -e broken ] || { echo no such valve >&2; exit 1; }\n";

static char told[512];

static const char *load_told(void)
{
    FILE *f = fopen(rig_path(&house.rig, "told"), "re");
    size_t n = f != NULL ? fread(told, 1, sizeof(told) - 1, f) : 0;

    if (f != NULL)
        fclose(f);
    told[n] = '\0';
    return told;
}

static void expect_told(const char *text)
{
    int64_t end = now_us() + 5000000;

    while (strcmp(load_told(), text) != 0) {
        if (now_us() > end)
            fail_msg("wanted:\n%sthe command was told:\n%s", text, told);
        wait_ms(20);
    }
}

#define HANDED_ON "writable = { min = 0; max = 400; command = [ \"%s\", \"--set\" ]; };"

static void begin(const char *records)
{
    house_init(&house, true);
    house_script(&house, "valve", script);
    house_config(&house, "", "%s", records);
    house_start(&house);
}

static void begin_handed_on(const char *format)
{
    char records[512];

    house_init(&house, true);
    snprintf(records, sizeof(records), format, rig_path(&house.rig, "valve"));
    house_script(&house, "valve", script);
    house_config(&house, "", "%s", records);
    house_start(&house);
}

/* Neither needs a command: the number is what the record then shows, over D-Bus too. */
static void a_pushed_record_takes_what_a_master_writes(void **state)
{
    struct test_shown shown;

    (void)state;
    begin(ROOM("room", "pushed = {}; writable = true;") ", " ROOM(
        "twice", "derived = { product = [ \"room\" ]; factor = 2; };"));
    EXPECT_NOW(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "00 00") BAD_IS(NO_DATA, "00 00"));
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 08 00", REPLY_ACK);
    EXPECT_NOW(&house, GOOD, GOOD_IS("08 00") GOOD_IS("10 00"));
    test_bus_show(house.bus.client, "house", "room", &shown);
    assert_string_equal(shown.value, "8");
    assert_string_equal(shown.error, "");
    test_bus_set(house.bus.client, "house.room", 9.0);
    EXPECT_NOW(&house, GOOD, GOOD_IS("09 00") GOOD_IS("12 00"));
    house_end(&house);
}

/* A write makes an old number new, and a mended trouble ends in the journal too. */
static void a_write_ends_the_trouble(void **state)
{
    (void)state;
    begin(ROOM("room", "pushed = {}; max_age = 1; writable = true;"));
    EXPECT(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "00 00"));
    rig_expect_log(&house.rig, "house.room: pushed: no value came");
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 08 00", REPLY_ACK);
    EXPECT_NOW(&house, GOOD, GOOD_IS("08 00"));
    EXPECT_TOLD(&house, "room", 1, 1);
    EXPECT(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "08 00"));
    EXPECT_TOLD(&house, "room", 2, 1);
    house_end(&house);
}

/* "E5 once checked, stored and handed on; the command runs after, with the value in its
 * environment." */
static void the_command_runs_behind_the_e5(void **state)
{
    (void)state;
    begin_handed_on(ROOM("valve", "value = 1; " HANDED_ON));
    house_write_text(&house, "held", "");
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 08 00", REPLY_ACK);
    EXPECT_NOW(&house, GOOD, GOOD_IS("08 00")); /* the command hangs: nobody waits for it */
    assert_string_equal(load_told(), "");
    unlink(rig_path(&house.rig, "held"));
    expect_told("house valve 8 5 --set\n");
    master_expect(&house.m.tcp, "> 53 05 51 02 FD 49 09 00", REPLY_ACK);
    expect_told("house valve 8 5 --set\nhouse valve 9 5 --set\n");
    house_end(&house);
}

/* As the configuration writes it. */
static void a_date_is_handed_on(void **state)
{
    (void)state;
    begin_handed_on("{ name = \"due\"; quantity = \"date\"; value = \"2024-05-17\"; "
                    "writable = { command = [ \"%s\" ]; }; }");
    master_expect(&house.m.pty, "> 53 05 51 02 6C 7F 2C", REPLY_ACK);
    expect_told("house due 2019-12-31 5 \n");
    house_end(&house);
}

/* Of many writes while it runs, the newest is handed on. */
static void the_newest_number_is_handed_on(void **state)
{
    (void)state;
    begin_handed_on(ROOM("valve", "value = 1; " HANDED_ON));
    house_write_text(&house, "held", "");
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 08 00", REPLY_ACK);
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 09 00", REPLY_ACK);
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 0A 00", REPLY_ACK);
    unlink(rig_path(&house.rig, "held"));
    expect_told("house valve 8 5 --set\nhouse valve 10 5 --set\n");
    house_end(&house);
}

static void what_is_refused_is_not_handed_on(void **state)
{
    static const char *const refused[] = {
        "> 53 05 51 02 FD 49 91 01",                /* 401 */
        "> 53 05 51 02 FD 49 FF FF",                /* -1 */
        "> 53 05 51 02 FD 49 09 00 01 7A FD",       /* with a bad address */
        "> 53 05 51 02 FD 49 09 00 02 FD 60 01 00", /* with a record that is not there */
    };

    (void)state;
    begin_handed_on(ROOM("valve", "value = 1; " HANDED_ON));
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
        master_expect(&house.m.pty, refused[i], REPLY_NONE);
    EXPECT_NOW(&house, GOOD, GOOD_IS("01 00"));
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 08 00", REPLY_ACK);
    expect_told("house valve 8 5 --set\n");
    house_end(&house);
}

/* The record keeps what was written; that nobody took it is told. */
static void a_command_that_fails_is_told(void **state)
{
    (void)state;
    begin_handed_on(ROOM("valve", "value = 1; " HANDED_ON));
    house_write_text(&house, "broken", "");
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 08 00", REPLY_ACK);
    rig_expect_log(&house.rig, "house.valve: what a master wrote was not handed on: exit status 1: "
                               "no such valve");
    EXPECT_NOW(&house, GOOD, GOOD_IS("08 00"));
    unlink(rig_path(&house.rig, "valve"));
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 09 00", REPLY_ACK);
    rig_expect_log(&house.rig, "No such file");
    house_end(&house);
}

/* What the file says next is what was written: the record does not fall back. */
static void a_file_is_written_by_its_command(void **state)
{
    char records[512];

    (void)state;
    house_init(&house, false);
    house_script(&house, "valve",
                 "#!/bin/sh\ncd \"${0%/*}\"\necho $MBUS_VALUE >next.new\nmv next.new place\n");
    house_write_text(&house, "place", "1\n");
    snprintf(records, sizeof(records),
             ROOM("valve", "file = { path = \"%s\"; interval = \"100 ms\"; }; writable = { "
                           "command = [ \"%s\" ]; };"),
             rig_path(&house.rig, "place"), rig_path(&house.rig, "valve"));
    house_config(&house, "", "%s", records);
    house_start(&house);
    EXPECT(&house, GOOD, GOOD_IS("01 00"));
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 08 00", REPLY_ACK);
    EXPECT(&house, GOOD, GOOD_IS("08 00"));
    wait_ms(500); /* and what the file says now is no other */
    EXPECT_NOW(&house, GOOD, GOOD_IS("08 00"));
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pushed_record_takes_what_a_master_writes),
        cmocka_unit_test(a_write_ends_the_trouble),
        cmocka_unit_test(the_command_runs_behind_the_e5),
        cmocka_unit_test(a_date_is_handed_on),
        cmocka_unit_test(the_newest_number_is_handed_on),
        cmocka_unit_test(what_is_refused_is_not_handed_on),
        cmocka_unit_test(a_command_that_fails_is_told),
        cmocka_unit_test(a_file_is_written_by_its_command),
    };

    return cmocka_run_group_tests_name("handed on", tests, NULL, clean_up);
}
