/* Files and programs as sources, on the wire before, during and after their failure: what
 * mbus-slave.conf(5) says of them, and mbus-records 9.2. */
#include "tests/system/house.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

/* ---- file ------------------------------------------------------------------------------------ */

#define FILE_RECORD(path, more)                                                                    \
    ROOM("room", "file = { path = \"" path "\"; interval = \"100 ms\"; " more "};")

/* Exactly one line when it begins, and one when it ends. */
static void a_file_that_fails_and_returns(void **state)
{
    static const struct {
        const char *text, *why;
    } bad[] = {
        { "garbage\n", "\"garbage\" is no number" },
        { "", "empty" },
        { "nan\n", "\"nan\"" },
        { "-inf\n", "\"-inf\"" },
        { "1e999\n", "\"1e999\"" },
        { "12 13\n", "\"12 13\"" },
        { "0x10\n", "\"0x10\"" },
    };
    static char huge[200 * 1024];
    static const char binary[] = { 0x7F, 'E', 'L', 'F', 0, 0, (char)0xFF, (char)0xFE };
    unsigned n = 0;

    (void)state;
    memset(huge, '1', sizeof(huge));
    house_init(&house, false);
    house_config(&house, "", FILE_RECORD("%s", "") ", " CONSTANT, rig_path(&house.rig, "sensor"));
    house_start(&house);
    EXPECT(&house, TEMPORARY_ERROR, BAD_IS(DATA_ERROR, "00 00") CONSTANT_IS);
    rig_expect_log(&house.rig, "house.room: file: ");
    rig_expect_log(&house.rig, "No such file or directory");
    EXPECT_TOLD(&house, "room", ++n, 0);
    for (size_t i = 0; i < ARRAY_SIZE(bad) + 2; i++) {
        house_write_text(&house, "sensor", "215\n");
        EXPECT(&house, GOOD, GOOD_IS("D7 00") CONSTANT_IS);
        EXPECT_TOLD(&house, "room", n, n);
        if (i < ARRAY_SIZE(bad))
            house_write_text(&house, "sensor", bad[i].text);
        else if (i == ARRAY_SIZE(bad))
            house_write(&house, "sensor", huge, sizeof(huge));
        else
            house_write(&house, "sensor", binary, sizeof(binary));
        EXPECT(&house, TEMPORARY_ERROR, BAD_IS(DATA_ERROR, "D7 00") CONSTANT_IS);
        EXPECT_TOLD(&house, "room", n + 1, n);
        n++;
        if (i < ARRAY_SIZE(bad))
            rig_expect_log(&house.rig, bad[i].why);
    }
    unlink(rig_path(&house.rig, "sensor"));
    wait_ms(300); /* another reason is no other trouble */
    EXPECT_TOLD(&house, "room", n, n - 1);
    house_write_text(&house, "sensor", " -3 \r\n");
    EXPECT(&house, GOOD, GOOD_IS("FD FF") CONSTANT_IS);
    EXPECT_TOLD(&house, "room", n, n);
    house_end(&house);
}

static void a_number_beyond_the_record_is_an_overflow(void **state)
{
    (void)state;
    house_init(&house, false);
    house_config(&house, "", FILE_RECORD("%s", ""), rig_path(&house.rig, "sensor"));
    house_write_text(&house, "sensor", "32767");
    house_start(&house);
    EXPECT(&house, GOOD, GOOD_IS("FF 7F"));
    house_write_text(&house, "sensor", "32768");
    EXPECT(&house, TEMPORARY_ERROR, BAD_IS(OVERFLOW, "FF 7F"));
    house_write_text(&house, "sensor", "-1e300");
    EXPECT(&house, TEMPORARY_ERROR, BAD_IS(UNDERFLOW, "FF 7F"));
    EXPECT_TOLD(&house, "room", 1, 0);
    house_write_text(&house, "sensor", "1");
    EXPECT(&house, GOOD, GOOD_IS("01 00"));
    EXPECT_TOLD(&house, "room", 1, 1);
    house_end(&house);
}

/* "A path with one *" that "must match exactly one file". */
static void a_star_finds_exactly_one_file(void **state)
{
    (void)state;
    house_init(&house, false);
    mkdir(rig_path(&house.rig, "28-a"), 0700);
    mkdir(rig_path(&house.rig, "28-b"), 0700);
    house_config(&house, "",
                 FILE_RECORD("%s/temperature", "pattern = \"t=(-?[0-9]+)\"; scale = 0.001; "),
                 rig_path(&house.rig, "28-*"));
    house_start(&house);
    EXPECT(&house, TEMPORARY_ERROR, BAD_IS(DATA_ERROR, "00 00"));
    house_write_text(&house, "28-a/temperature", "33 00 4b 46 : crc=27 YES\n33 00 t=21500\n");
    EXPECT(&house, GOOD, GOOD_IS("16 00"));
    house_write_text(&house, "28-b/temperature", "t=5000");
    EXPECT(&house, TEMPORARY_ERROR, BAD_IS(DATA_ERROR, "16 00"));
    unlink(rig_path(&house.rig, "28-a/temperature"));
    EXPECT(&house, GOOD, GOOD_IS("05 00"));
    EXPECT_TOLD(&house, "room", 2, 2);
    house_end(&house);
}

/* Opening a FIFO that nobody writes blocks, as a dead sensor does: no answer waits for it. */
static void a_file_that_hangs_delays_nobody(void **state)
{
    int64_t longest = 0;
    int fd;

    (void)state;
    house_init(&house, false);
    assert_int_equal(mkfifo(rig_path(&house.rig, "sensor"), 0600), 0);
    house_config(&house, "",
                 "{ name = \"room\"; unit = \"V\"; type = \"int16\"; max_age = 1; "
                 "file = { path = \"%s\"; interval = \"100 ms\"; }; }, " CONSTANT,
                 rig_path(&house.rig, "sensor"));
    house_start(&house);
    EXPECT_NOW(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "00 00") CONSTANT_IS);
    for (unsigned i = 0; i < 50; i++) {
        int64_t before = now_us();
        struct telegram t;

        telegram_read(&house.m.tcp, HOUSE, &t);
        assert_true(t.is_there);
        longest = now_us() - before > longest ? now_us() - before : longest;
    }
    assert_true(longest < 500000);
    rig_expect_log(&house.rig, "house.room: file: "); /* past its max_age */
    EXPECT_TOLD(&house, "room", 1, 0);
    fd = open(rig_path(&house.rig, "sensor"), O_WRONLY | O_CLOEXEC);
    assert_int_equal(write(fd, "12\n", 3), 3);
    close(fd);
    EXPECT(&house, GOOD, GOOD_IS("0C 00") CONSTANT_IS);
    EXPECT(&house, TEMPORARY_ERROR, BAD_IS(NO_DATA, "0C 00") CONSTANT_IS); /* hangs again */
    EXPECT_TOLD(&house, "room", 2, 1);
    house_end(&house); /* and the daemon ends though it hangs */
}

/* ---- command --------------------------------------------------------------------------------- */

#define COMMAND_RECORD(name)                                                                       \
    ROOM(name, "max_age = 0; command = { argv = [ \"%s\", \"" name "\" ]; interval = 1; "          \
               "timeout = \"500 ms\"; };")

static pid_t read_pid(const char *path)
{
    FILE *f = fopen(path, "re");
    char text[32] = "";

    assert_non_null(f);
    assert_non_null(fgets(text, sizeof(text), f));
    fclose(f);
    return (pid_t)strtol(text, NULL, 10);
}

/* What was killed may wait for whoever has to take its exit status. */
static bool is_alive(pid_t pid)
{
    char path[64], state = 'X';
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    f = fopen(path, "re");
    if (f == NULL)
        return false;
    assert_int_equal(fscanf(f, "%*d (%*[^)]) %c", &state), 1);
    fclose(f);
    return state != 'X' && state != 'Z';
}

/* A program for each way to fail, which it does as long as there is a file "fail". */
static void a_command_that_fails_and_returns(void **state)
{
    static const char script[] = "#!/bin/sh\n"
                                 "cd \"${0%/*}\"\n"
                                 "[ -e fail ] || { echo 12; exit; }\n"
                                 "case $1 in\n"
                                 "exits) echo 99; echo it is broken >&2; exit 3 ;;\n"
                                 "hangs) echo 99; sleep 1000 & echo $! >child; wait ;;\n"
                                 "dies) echo 99; kill -9 $$ ;;\n"
                                 "talks) echo nonsense ;;\n"
                                 "esac\n";
    const char *program;
    pid_t child;

    (void)state;
    house_init(&house, false);
    house_script(&house, "sensor", script);
    program = rig_path(&house.rig, "sensor");
    house_config(&house, "",
                 COMMAND_RECORD("exits") ", " COMMAND_RECORD("hangs") ", " COMMAND_RECORD(
                     "dies") ", " COMMAND_RECORD("talks"),
                 program, program, program, program);
    house_start(&house);
    EXPECT(&house, GOOD, GOOD_IS("0C 00") GOOD_IS("0C 00") GOOD_IS("0C 00") GOOD_IS("0C 00"));
    house_write_text(&house, "fail", "");
    EXPECT(&house, TEMPORARY_ERROR,
           BAD_IS(DATA_ERROR, "0C 00") BAD_IS(DATA_ERROR, "0C 00") BAD_IS(DATA_ERROR, "0C 00")
               BAD_IS(DATA_ERROR, "0C 00"));
    rig_expect_log(&house.rig, "house.exits: command: exit status 3: it is broken");
    rig_expect_log(&house.rig, "house.hangs: command: no answer within");
    rig_expect_log(&house.rig, "house.dies: command: killed by signal 9");
    rig_expect_log(&house.rig, "house.talks: command: \"nonsense\" is no number");
    child = read_pid(rig_path(&house.rig, "child"));
    unlink(rig_path(&house.rig, "fail"));
    EXPECT(&house, GOOD, GOOD_IS("0C 00") GOOD_IS("0C 00") GOOD_IS("0C 00") GOOD_IS("0C 00"));
    EXPECT_TOLD(&house, "exits", 1, 1);
    EXPECT_TOLD(&house, "hangs", 1, 1);
    EXPECT_TOLD(&house, "dies", 1, 1);
    EXPECT_TOLD(&house, "talks", 1, 1);
    assert_false(is_alive(child)); /* killed with its children */
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_fails_and_returns),
        cmocka_unit_test(a_number_beyond_the_record_is_an_overflow),
        cmocka_unit_test(a_star_finds_exactly_one_file),
        cmocka_unit_test(a_file_that_hangs_delays_nobody),
        cmocka_unit_test(a_command_that_fails_and_returns),
    };

    return cmocka_run_group_tests_name("sensors", tests, NULL, clean_up);
}
