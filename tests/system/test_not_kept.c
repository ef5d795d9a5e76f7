/* Disks that are full, states that are damaged: "the meter goes on answering, and says what is not
 * kept" (mbus-slave.conf(5), group state). */
#include "tests/system/house.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT ROOM("room", "pushed = { start = 1; }; writable = true;")

static struct house house;

static int clean_up(void **state)
{
    (void)state;
    house_clean_up(&house);
    return 0;
}

static void begin(void)
{
    house_init(&house, true);
    house.more = "state = { interval = 1; };";
    house_config(&house, "", KEPT);
    house_start(&house);
}

static void push(double number)
{
    assert_string_equal(test_bus_set(house.bus.client, "house.room", number), "");
}

/* Manager.StateTrouble: what is not kept, and why. */
static void expect_trouble(const char *text)
{
    char *trouble = NULL;

    assert_true(sd_bus_get_property_string(house.bus.client, SERVICE, SERVICE_PATH,
                                           SERVICE ".Manager", "StateTrouble", NULL,
                                           &trouble) >= 0);
    if (*text == '\0')
        assert_string_equal(trouble, "");
    else
        assert_non_null(strstr(trouble, text));
    free(trouble);
}

/* No new file can be made: a folder is in its place. Nobody but root could be kept out of the state
 * directory by its permissions, and tests may be root. */
static void block_saves(void)
{
    assert_int_equal(mkdir(rig_path(&house.rig, "state/state.new"), 0700), 0);
    close(open(rig_path(&house.rig, "state/state.new/x"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
}

static void let_saves_pass(void)
{
    unlink(rig_path(&house.rig, "state/state.new/x"));
    assert_int_equal(rmdir(rig_path(&house.rig, "state/state.new")), 0);
}

static void it_goes_on_while_nothing_can_be_saved(void **state)
{
    (void)state;
    begin();
    expect_trouble("");
    block_saves();
    push(2);
    rig_expect_log(&house.rig, "counters and numbers cannot be kept: ");
    EXPECT_NOW(&house, GOOD, GOOD_IS("02 00"));
    push(3);
    wait_ms(2500);
    EXPECT_NOW(&house, GOOD, GOOD_IS("03 00"));
    expect_trouble("s a directory");
    assert_int_equal(rig_count_log(&house.rig, "cannot be kept"), 1);
    /* A master's write is not acknowledged before it is kept. */
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 08 00", REPLY_NONE);
    EXPECT_NOW(&house, GOOD, GOOD_IS("03 00"));
    rig_expect_log(&house.rig, "masters cannot change anything");
    let_saves_pass();
    rig_expect_log(&house.rig, "is kept again");
    expect_trouble("");
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 09 00", REPLY_ACK);
    EXPECT_NOW(&house, GOOD, GOOD_IS("09 00"));
    house_end(&house);
}

/* The ledger needs no room that it does not have: kill -9 loses nothing even then. */
static void a_kill_while_nothing_can_be_saved_loses_nothing(void **state)
{
    (void)state;
    begin();
    block_saves();
    push(2);
    rig_expect_log(&house.rig, "cannot be kept: ");
    push(3);
    house_crash(&house);
    house_start(&house);
    EXPECT_NOW(&house, GOOD, GOOD_IS("03 00"));
    rig_expect_log(&house.rig, "cannot be kept: ");
    house_stop(&house);
    let_saves_pass();
    house_start(&house);
    EXPECT_NOW(&house, GOOD, GOOD_IS("03 00"));
    house_end(&house);
}

/* The state directory goes while it is at work. */
static void the_folder_is_gone(void **state)
{
    char command[128];

    (void)state;
    begin();
    push(2);
    snprintf(command, sizeof(command), "rm -r '%s'", rig_path(&house.rig, "state"));
    assert_int_equal(system(command), 0);
    push(3);
    rig_expect_log(&house.rig, "cannot be kept: ");
    EXPECT_NOW(&house, GOOD, GOOD_IS("03 00"));
    house_end(&house);
}

/* ---- states of other times ------------------------------------------------------------------- */

static void a_state_of_a_newer_version_is_left_alone(void **state)
{
    static const char newer[] = "mbus-slave state 9\nwhat only they know\nend 1 99765594\n";
    char text[128] = "";
    FILE *f;

    (void)state;
    begin();
    push(2);
    house_stop(&house);
    house_write_text(&house, "state/state", newer);
    house_start(&house);
    rig_expect_log(&house.rig, "version");
    expect_trouble("newer version");
    EXPECT_NOW(&house, GOOD, GOOD_IS("01 00"));
    push(3);
    EXPECT_NOW(&house, GOOD, GOOD_IS("03 00"));
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 08 00", REPLY_NONE);
    wait_ms(1500);
    house_stop(&house);
    f = fopen(rig_path(&house.rig, "state/state"), "re");
    assert_non_null(f);
    assert_int_equal(fread(text, 1, sizeof(text) - 1, f), sizeof(newer) - 1);
    fclose(f);
    assert_string_equal(text, newer);
    house_start(&house);
    house_end(&house);
}

static void spoil(const char *name, long from, size_t n)
{
    FILE *f = fopen(rig_path(&house.rig, name), "r+e");

    assert_non_null(f);
    assert_int_equal(fseek(f, from, SEEK_SET), 0);
    for (size_t i = 0; i < n; i++)
        assert_int_not_equal(fputc(0x5A, f), EOF);
    fclose(f);
}

static bool is_there(const char *name)
{
    return access(rig_path(&house.rig, name), F_OK) == 0;
}

/* "A damaged file is set aside, the previous one used, both said." */
static void a_damaged_state_gives_way_to_the_one_before(void **state)
{
    (void)state;
    begin();
    push(2);
    house_stop(&house);
    house_start(&house);
    push(3);
    house_stop(&house);
    spoil("state/state", 20, 4);
    house_start(&house);
    rig_expect_log(&house.rig, "damaged");
    assert_true(is_there("state/state.damaged"));
    EXPECT_NOW(&house, GOOD, GOOD_IS("02 00"));
    house_end(&house);
}

static void a_damaged_ledger_is_set_aside(void **state)
{
    static const struct {
        long from;
        size_t n;
        const char *what;
    } spoilt[] = {
        { 0, 8, "is damaged and was set aside" },    /* no ledger */
        { 100, 1000, "is damaged in part and was" }, /* all its slots */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(spoilt); i++) {
        struct stat st;

        begin();
        push(2);
        wait_ms(1500); /* on the disk */
        push(3);
        house_crash(&house);
        assert_int_equal(stat(rig_path(&house.rig, "run/ledger"), &st), 0);
        spoil("run/ledger", spoilt[i].from,
              spoilt[i].n < (size_t)st.st_size ? spoilt[i].n
                                               : (size_t)(st.st_size - spoilt[i].from));
        house_start(&house);
        rig_expect_log(&house.rig, spoilt[i].what);
        assert_true(is_there("run/ledger.damaged"));
        EXPECT_NOW(&house, GOOD, GOOD_IS("02 00"));
        push(4);
        house_crash(&house);
        house_start(&house);
        EXPECT_NOW(&house, GOOD, GOOD_IS("04 00"));
        house_end(&house);
    }
}

/* Said once: what a crash could cost. */
static void without_a_folder_for_the_ledger_it_says_so(void **state)
{
    (void)state;
    house_init(&house, true);
    house.more = "state = { interval = 1; };";
    house_config(&house, "", KEPT);
    assert_int_equal(rmdir(rig_path(&house.rig, "run")), 0);
    house_start(&house);
    rig_expect_log(&house.rig, "kill -9 could lose up to 1 s of counters");
    push(2);
    wait_ms(1500);
    house_crash(&house);
    house_start(&house);
    EXPECT_NOW(&house, GOOD, GOOD_IS("02 00"));
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_on_while_nothing_can_be_saved),
        cmocka_unit_test(a_kill_while_nothing_can_be_saved_loses_nothing),
        cmocka_unit_test(the_folder_is_gone),
        cmocka_unit_test(a_state_of_a_newer_version_is_left_alone),
        cmocka_unit_test(a_damaged_state_gives_way_to_the_one_before),
        cmocka_unit_test(a_damaged_ledger_is_set_aside),
        cmocka_unit_test(without_a_folder_for_the_ledger_it_says_so),
    };

    return cmocka_run_group_tests_name("not kept", tests, NULL, clean_up);
}
