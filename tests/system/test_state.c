/* What a master has set is kept: mbus-protocol 13.1 "store durably", mbus-slave.conf(5) "state". */
#include "tests/system/master.h"

#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KILLS 100

#define METER(address, name)                                                                       \
    "meter = { " name " address = " address "; id = \"12345678\"; "                                \
    "allow = [ \"address\", \"id\", \"identity\", \"readout\", \"reset\" ]; records = ( "          \
    "{ name = \"energy\"; unit = \"kWh\"; type = \"bcd8\"; value = 5; writable = true; } ); };\n"
#define METER_AT_3 METER("3", "")

/* The daemon with its state, and where its meter should be. */
struct fixture {
    struct rig rig;
    struct master m;
    unsigned address, id, energy;
};

static void configure(struct fixture *f, const char *meter)
{
    rig_config(&f->rig,
               "port = { device = \"pty\"; link = \"%s\"; baud = 4800; };\n"
               "state = { directory = \"%s\"; };\n%s",
               rig_path(&f->rig, "bus"), rig_path(&f->rig, "kept"), meter);
}

static void start(struct fixture *f)
{
    unlink(rig_path(&f->rig, "log"));
    rig_start(&f->rig, NULL);
    master_init(&f->m, pty_connect(rig_path(&f->rig, "bus")), 0xFE);
    assert_true(f->m.fenced);
}

static void begin(struct fixture *f)
{
    *f = (struct fixture){ .address = 3, .id = 12345678, .energy = 5 };
    rig_init(&f->rig);
    assert_int_equal(mkdir(rig_path(&f->rig, "kept"), 0700), 0);
    configure(f, METER_AT_3);
    start(f);
}

static void stop(struct fixture *f)
{
    close(f->m.fd);
    rig_stop(&f->rig);
}

static void end(struct fixture *f)
{
    stop(f);
    rig_done(&f->rig);
}

/* Eight digits as they travel. */
static const char *bcd(unsigned value)
{
    static char texts[4][12];
    static unsigned next;
    char *text = texts[next++ % ARRAY_SIZE(texts)];

    snprintf(text, sizeof(texts[0]), "%02u %02u %02u %02u", value % 100, value / 100 % 100,
             value / 10000 % 100, value / 1000000 % 100);
    return text;
}

/* The meter answers where it should, as what it should. */
static void expect_meter(struct fixture *f)
{
    char text[128];
    uint8_t records[16];
    unsigned telegrams;

    snprintf(text, sizeof(text), "> 40 %02X", f->address);
    master_expect(&f->m, text, REPLY_ACK);
    snprintf(text, sizeof(text), "> 73 FD 52 %s FF FF FF FF", bcd(f->id));
    master_expect(&f->m, text, REPLY_ACK);
    f->m.fcb[NETWORK] = true;
    snprintf(text, sizeof(text), "0C 06 %s", bcd(f->energy));
    assert_hex(records, master_read(&f->m, NETWORK, records, sizeof(records), &telegrams), text);
}

/* Writes a record to it and waits for the E5, not a moment longer. */
static void write_record(const struct fixture *f, const char *record)
{
    char text[64];
    uint8_t frame[FRAME_MAX];

    snprintf(text, sizeof(text), "> 53 %02X 51 %s", f->address, record);
    master_send(&f->m, frame, frame_parse(text, frame, sizeof(frame)));
    expect_hex(f->m.fd, "E5");
}

static void set_address(struct fixture *f, unsigned address)
{
    char text[32];

    snprintf(text, sizeof(text), "01 7A %02X", address);
    write_record(f, text);
    f->address = address;
}

static void set_something(struct fixture *f, unsigned round)
{
    char text[32];

    if (round % 3 == 0) {
        set_address(f, 1 + (f->address + 96) % 250);
    } else if (round % 3 == 1) {
        f->id = (f->id + 7654321U) % 100000000U;
        snprintf(text, sizeof(text), "0C 79 %s", bcd(f->id));
        write_record(f, text);
    } else {
        f->energy = (f->energy + 1234567U) % 100000000U;
        snprintf(text, sizeof(text), "0C 06 %s", bcd(f->energy));
        write_record(f, text);
    }
}

static void crash(struct fixture *f)
{
    kill(f->rig.pid, SIGKILL);
    assert_int_equal(rig_wait(&f->rig), -SIGKILL);
    close(f->m.fd);
}

static void what_is_set_survives_a_kill_behind_its_e5(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    for (unsigned i = 0; i < KILLS; i++) {
        char old[16];

        snprintf(old, sizeof(old), "> 40 %02X", f.address);
        set_something(&f, i);
        crash(&f);
        start(&f);
        expect_meter(&f);
        master_expect(&f.m, old, i % 3 == 0 ? REPLY_NONE : REPLY_ACK);
    }
    end(&f);
}

static void a_complete_identity_is_kept(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    write_record(&f, "07 79 04 03 02 01 24 40 22 04");
    crash(&f);
    start(&f);
    master_expect(&f.m, "> 73 FD 52 04 03 02 01 24 40 22 04", REPLY_ACK);
    master_expect(&f.m, "> 73 FD 52 78 56 34 12 FF FF FF FF", REPLY_NONE);
    end(&f);
}

/* "Every start says ..." */
static void a_start_says_who_set_the_address(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    set_address(&f, 77);
    for (unsigned i = 0; i < 2; i++) {
        stop(&f);
        start(&f);
        rig_expect_log(&f.rig, "answers at 77, set by a master; the file says 3");
        expect_meter(&f);
    }
    end(&f);
}

/* "If the file changes, the file wins and the journal says so." */
static void a_changed_file_wins(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    set_address(&f, 77);
    stop(&f);
    configure(&f, METER("4", ""));
    start(&f);
    f.address = 4;
    expect_meter(&f);
    rig_expect_log(&f.rig, "77");
    master_expect(&f.m, "> 40 4D", REPLY_NONE);
    stop(&f);
    start(&f);
    expect_meter(&f);
    assert_int_equal(rig_count_log(&f.rig, "set by a master"), 0);
    end(&f);
}

static void a_reload_keeps_what_a_master_set(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    set_address(&f, 77);
    kill(f.rig.pid, SIGHUP);
    rig_expect_notify(&f.rig, "RELOADING=1");
    rig_expect_notify(&f.rig, "READY=1");
    expect_meter(&f);
    configure(&f, METER("4", ""));
    kill(f.rig.pid, SIGHUP);
    rig_expect_notify(&f.rig, "RELOADING=1");
    rig_expect_notify(&f.rig, "READY=1");
    f.address = 4;
    expect_meter(&f);
    end(&f);
}

static void a_second_daemon_on_the_state_ends(void **state)
{
    struct fixture f;
    struct rig second;
    char output[4096];

    (void)state;
    begin(&f);
    rig_init(&second);
    rig_config(&second,
               "port = { device = \"pty\"; link = \"%s\"; };\n"
               "state = { directory = \"%s\"; };\n" METER_AT_3,
               rig_path(&second, "bus"), rig_path(&f.rig, "kept"));
    assert_int_not_equal(rig_run(&second, NULL, output, sizeof(output)), 0);
    assert_non_null(strstr(output, rig_path(&f.rig, "kept")));
    rig_done(&second);
    expect_meter(&f);
    end(&f);
}

static int forget(struct fixture *f, const char *meter, char *output, size_t size)
{
    char *args[] = { "--config", (char *)rig_path(&f->rig, "mbus-slave.conf"), "--forget",
                     (char *)meter, NULL };
    struct rig command = f->rig;

    return rig_run(&command, args, output, size);
}

static void a_meter_is_forgotten(void **state)
{
    struct fixture f;
    char output[4096];

    (void)state;
    begin(&f);
    configure(&f, METER("3", "name = \"house\"; "));
    stop(&f);
    start(&f);
    set_address(&f, 77);
    write_record(&f, "0C 79 04 03 02 01");
    write_record(&f, "0C 06 99 00 00 00");
    stop(&f);
    assert_int_not_equal(forget(&f, "huose", output, sizeof(output)), 0);
    assert_non_null(strstr(output, "huose"));
    assert_int_equal(forget(&f, "house", output, sizeof(output)), 0);
    start(&f);
    f.address = 3;
    expect_meter(&f);
    assert_int_equal(rig_count_log(&f.rig, "set by a master"), 0);
    end(&f);
}

/* Nothing is forgotten behind a running daemon's back. */
static void a_running_daemon_is_not_forgotten(void **state)
{
    struct fixture f;
    char output[4096];

    (void)state;
    begin(&f);
    set_address(&f, 77);
    assert_int_not_equal(forget(&f, "meter", output, sizeof(output)), 0);
    expect_meter(&f);
    stop(&f);
    start(&f);
    expect_meter(&f);
    end(&f);
}

/* Overwrites every file of the state folder; how many. */
static size_t damage_files(const char *folder)
{
    char pattern[256];
    glob_t found;
    size_t n;

    snprintf(pattern, sizeof(pattern), "%s/*", folder);
    if (glob(pattern, 0, NULL, &found) != 0)
        return 0;
    for (n = 0; n < found.gl_pathc; n++) {
        FILE *file = fopen(found.gl_pathv[n], "we");

        assert_non_null(file);
        fputs("{ no such thing", file);
        fclose(file);
    }
    globfree(&found);
    return n;
}

/* "A damaged file is set aside with a clear log line": the daemon starts with what the file says.
 */
static void damaged_state_does_not_stop_it(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    set_address(&f, 77);
    stop(&f);
    assert_true(damage_files(rig_path(&f.rig, "kept")) > 0);
    start(&f);
    f.address = 3;
    expect_meter(&f);
    rig_expect_log(&f.rig, rig_path(&f.rig, "kept"));
    set_address(&f, 78);
    crash(&f);
    start(&f);
    expect_meter(&f);
    end(&f);
}

/* Without the setting systemd's StateDirectory= says where. */
static void the_environment_names_the_folder(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    stop(&f);
    rig_config(&f.rig, "port = { device = \"pty\"; link = \"%s\"; baud = 4800; };\n" METER_AT_3,
               rig_path(&f.rig, "bus"));
    start(&f);
    set_address(&f, 77);
    crash(&f);
    start(&f);
    expect_meter(&f);
    end(&f);
}

/* An answer is not withheld because the disk is full or the folder gone, and it is said. */
static void without_a_folder_it_works_and_says_so(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    stop(&f);
    rig_config(&f.rig,
               "port = { device = \"pty\"; link = \"%s\"; baud = 4800; };\n"
               "state = { directory = \"/proc/none\"; };\n" METER_AT_3,
               rig_path(&f.rig, "bus"));
    start(&f);
    rig_expect_log(&f.rig, "/proc/none");
    expect_meter(&f);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_set_survives_a_kill_behind_its_e5),
        cmocka_unit_test(a_complete_identity_is_kept),
        cmocka_unit_test(a_start_says_who_set_the_address),
        cmocka_unit_test(a_changed_file_wins),
        cmocka_unit_test(a_reload_keeps_what_a_master_set),
        cmocka_unit_test(a_second_daemon_on_the_state_ends),
        cmocka_unit_test(a_meter_is_forgotten),
        cmocka_unit_test(a_running_daemon_is_not_forgotten),
        cmocka_unit_test(damaged_state_does_not_stop_it),
        cmocka_unit_test(the_environment_names_the_folder),
        cmocka_unit_test(without_a_folder_it_works_and_says_so),
    };

    return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
