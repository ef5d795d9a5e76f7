/* The daemon on a pseudo-terminal, byte by byte. */
#include "tests/system/harness.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

struct fixture {
    struct rig rig;
    int bus;
};

static void begin(struct fixture *f, const char *port_settings, const char *meter)
{
    rig_init(&f->rig);
    rig_config(&f->rig, "port = { device = \"pty\"; link = \"%s\"; %s };\n%s",
               rig_path(&f->rig, "bus"), port_settings, meter);
    rig_start(&f->rig, NULL);
    f->bus = pty_connect(rig_path(&f->rig, "bus"));
}

static void end(struct fixture *f)
{
    close(f->bus);
    rig_stop(&f->rig);
    rig_done(&f->rig);
}

static void stock_meter_is_read(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "", STOCK_METER);
    ASK(f.bus, "10 40 03 43 16", "E5");
    ASK(f.bus, "10 7B 03 7E 16", STOCK_0);
    ASK(f.bus, "10 7B 03 7E 16", STOCK_0);
    ASK(f.bus, "10 5B 03 5E 16", STOCK_1);
    ASK(f.bus, "10 5A 03 5D 16", "E5");
    ASK(f.bus, "10 7B FE 79 16", STOCK_2);
    send_hex(f.bus, "10 40 FF 3F 16");
    expect_silence(f.bus, 250);
    end(&f);
}

/* mbus-protocol 16.11: a session by secondary address. */
static void the_meter_is_selected_and_read(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "", STOCK_METER);
    send_hex(f.bus, "10 40 FD 3D 16");
    expect_silence(f.bus, 250);
    ASK(f.bus, "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", "E5");
    ASK(f.bus, "10 7B FD 78 16", STOCK_0);
    ASK(f.bus, "68 0B 0B 68 53 FD 52 FF FF FF 1F FF FF FF FF BA 16", "E5");
    ASK(f.bus, "10 7B FD 78 16", STOCK_1);
    send_hex(f.bus, "68 0B 0B 68 73 FD 52 79 56 34 12 74 52 01 00 9E 16");
    expect_silence(f.bus, 250);
    send_hex(f.bus, "10 7B FD 78 16");
    expect_silence(f.bus, 250);
    ASK(f.bus, "10 7B 03 7E 16", STOCK_2);
    end(&f);
}

/* mbus-protocol 4: never before 11 bit times; at 300 baud that is 36.7 ms. */
static void the_answer_keeps_its_earliest_time(void **state)
{
    static const struct {
        const char *settings;
        int64_t us;
    } rows[] = { { "baud = 300;", 36667 },
                 { "baud = 2400;", 4584 },
                 { "baud = 38400;", 2000 },
                 { "baud = 2400; answer_delay = \"50 ms\";", 54584 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct fixture f;

        begin(&f, rows[i].settings, STOCK_METER);
        for (int j = 0; j < 5; j++) {
            int64_t asked = now_us();

            ASK(f.bus, "10 40 03 43 16", "E5");
            assert_true(now_us() - asked >= rows[i].us);
        }
        end(&f);
    }
}

/* mbus-protocol 3.2, 16.12: silence, and the next good frame gets its answer. */
static void broken_frames_cost_nothing(void **state)
{
    static const char *const broken[] = {
        "10 40 03 44 16",
        "10 40 03 43 15",
        "68 03 04 68 53 03 50 A6 16",
        "68 02 02 68",
        "68 03 03 69 53 03 50",
        "68 03 03 68 53 03 50 A7 16",
        "68",
        "10 7B 03",
        "A2",
        "55 55 55 55",
        "00 00 00",
        "FF FF FF FF FF FF",
        "10 7B 06 81 16",
        "10 4F 03 52 16",
        "E5",
    };
    struct fixture f;

    (void)state;
    begin(&f, "gap = \"20 ms\";", STOCK_METER);
    for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
        send_hex(f.bus, broken[i]);
        expect_silence(f.bus, 60);
        ASK(f.bus, "10 40 03 43 16", "E5");
    }
    kill(f.rig.pid, SIGUSR1);
    rig_expect_log(&f.rig, "2 bad checksum");
    assert_int_equal(rig_count_log(&f.rig, "1 bad stop"), 1);
    assert_int_equal(rig_count_log(&f.rig, "2 bad length"), 1);
    assert_int_equal(rig_count_log(&f.rig, "1 bad second start"), 1);
    assert_int_equal(rig_count_log(&f.rig, "2 bad gap"), 1);
    assert_int_equal(rig_count_log(&f.rig, "4 bad start"), 1);
    assert_int_equal(rig_count_log(&f.rig, "1 other address"), 1);
    assert_int_equal(rig_count_log(&f.rig, "1 unknown function"), 1);
    end(&f);
}

static void a_frame_in_single_bytes(void **state)
{
    static const char *const bytes[] = { "10", "7B", "03", "7E", "16" };
    struct fixture f;

    (void)state;
    begin(&f, "", STOCK_METER);
    for (size_t i = 0; i < ARRAY_SIZE(bytes); i++) {
        send_hex(f.bus, bytes[i]);
        wait_ms(4);
    }
    expect_hex(f.bus, STOCK_0);
    end(&f);
}

/* mbus-protocol 3.2, rule 5: each good request is answered, in order. */
static void requests_back_to_back(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "", STOCK_METER);
    send_hex(f.bus, "10 40 03 43 16 10 7B 03 7E 16 10 5B 03 5E 16 10 5A 03 5D 16");
    expect_hex(f.bus, "E5 " STOCK_0 " " STOCK_1 " E5");
    end(&f);
}

/* mbus-protocol 2.4: a transceiver that hands our own bytes back. */
static void own_echo_is_ignored(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "", STOCK_METER);
    for (int i = 0; i < 5; i++) {
        ASK(f.bus, "10 40 03 43 16", "E5");
        send_hex(f.bus, "E5");
    }
    ASK(f.bus, "10 7B 03 7E 16", STOCK_0);
    send_hex(f.bus, STOCK_0);
    ASK(f.bus, "10 7B 03 7E 16", STOCK_0);
    kill(f.rig.pid, SIGUSR1);
    rig_expect_log(&f.rig, "6 own echo");
    end(&f);
}

/* A stalled machine: the answer would fall into another slave's window, so it is dropped. */
static void a_late_answer_is_dropped_and_counted(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "", STOCK_METER);
    ASK(f.bus, "10 40 03 43 16", "E5");
    kill(f.rig.pid, SIGSTOP);
    send_hex(f.bus, "10 7B 03 7E 16");
    wait_ms(400);
    kill(f.rig.pid, SIGCONT);
    expect_silence(f.bus, 300);
    rig_expect_log(&f.rig, "missed its window");
    ASK(f.bus, "10 7B 03 7E 16", STOCK_0);
    kill(f.rig.pid, SIGUSR1);
    rig_expect_log(&f.rig, "1 late");
    end(&f);
}

/* The same while an answer waits: what comes during the stop is as old as that answer. */
static void requests_during_a_stop_are_not_answered(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "answer_delay = \"100 ms\";", STOCK_METER);
    send_hex(f.bus, "10 7B 03 7E 16");
    wait_ms(30);
    kill(f.rig.pid, SIGSTOP);
    send_hex(f.bus, "10 40 03 43 16 10 5B 03 5E 16");
    wait_ms(400);
    kill(f.rig.pid, SIGCONT);
    expect_silence(f.bus, 300);
    ASK(f.bus, "10 40 03 43 16", "E5");
    end(&f);
}

/* Half an answer is worse than none, and its rest seconds later is worse still. */
static void the_rest_of_an_answer_is_not_sent_late(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "byte_gap = \"20 ms\";", STOCK_METER);
    send_hex(f.bus, "10 7B 03 7E 16");
    expect_hex(f.bus, "68 18 18");
    kill(f.rig.pid, SIGSTOP);
    wait_ms(500);
    kill(f.rig.pid, SIGCONT);
    wait_ms(100);
    tcflush(f.bus, TCIFLUSH); /* a character may have been under way */
    expect_silence(f.bus, 300);
    ASK(f.bus, "10 40 03 43 16", "E5");
    end(&f);
}

static void pauses_between_characters(void **state)
{
    struct fixture f;
    int64_t asked;

    (void)state;
    begin(&f, "byte_gap = \"3 ms\";", STOCK_METER);
    asked = now_us();
    ASK(f.bus, "10 7B 03 7E 16", STOCK_0);
    assert_true(now_us() - asked >= 4584 + 29 * (4584 + 3000));
    ASK(f.bus, "10 40 03 43 16", "E5");
    end(&f);
}

static void fixed_structure_is_read(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "",
          "meter = { address = 3; id = \"12345678\"; medium = \"water\"; structure = \"fixed\";\n"
          "records = ( { name = \"v\"; unit = \"l\"; type = \"bcd8\"; value = 123; },\n"
          "{ name = \"d\"; unit = \"l\"; type = \"bcd8\"; storage = 1; value = 456; } ); };");
    ASK(f.bus, "10 7B 03 7E 16", FIXED_0);
    end(&f);
}

static void the_link_lives_as_long_as_the_daemon(void **state)
{
    struct fixture f;
    struct stat st;
    char link[160];

    (void)state;
    begin(&f, "mode = \"0660\";", STOCK_METER);
    snprintf(link, sizeof(link), "%s", rig_path(&f.rig, "bus"));
    assert_int_equal(fstat(f.bus, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0660);
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    close(f.bus);
    rig_stop(&f.rig);
    assert_int_equal(lstat(link, &st), -1);
    rig_done(&f.rig);
}

/* On a bus, bytes that nobody reads are gone: the next master does not find them. */
static void an_unread_answer_is_not_given_to_the_next_master(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "", STOCK_METER);
    send_hex(f.bus, "10 7B 03 7E 16");
    wait_ms(100);
    close(f.bus);
    wait_ms(2500);
    f.bus = pty_connect(rig_path(&f.rig, "bus"));
    ASK(f.bus, "10 40 03 43 16", "E5");
    end(&f);
}

static void masters_come_and_go(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "", STOCK_METER);
    for (int i = 0; i < 5; i++) {
        ASK(f.bus, "10 40 03 43 16", "E5");
        close(f.bus);
        f.bus = pty_connect(rig_path(&f.rig, "bus"));
    }
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stock_meter_is_read),
        cmocka_unit_test(the_meter_is_selected_and_read),
        cmocka_unit_test(the_answer_keeps_its_earliest_time),
        cmocka_unit_test(broken_frames_cost_nothing),
        cmocka_unit_test(a_frame_in_single_bytes),
        cmocka_unit_test(requests_back_to_back),
        cmocka_unit_test(own_echo_is_ignored),
        cmocka_unit_test(a_late_answer_is_dropped_and_counted),
        cmocka_unit_test(requests_during_a_stop_are_not_answered),
        cmocka_unit_test(the_rest_of_an_answer_is_not_sent_late),
        cmocka_unit_test(pauses_between_characters),
        cmocka_unit_test(fixed_structure_is_read),
        cmocka_unit_test(the_link_lives_as_long_as_the_daemon),
        cmocka_unit_test(an_unread_answer_is_not_given_to_the_next_master),
        cmocka_unit_test(masters_come_and_go),
    };

    return cmocka_run_group_tests_name("pty", tests, NULL, NULL);
}
