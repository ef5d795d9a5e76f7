/* The rate of a serial port, switched by a master or found by listening: mbus-protocol 13.4. A pty
 * that the test owns stands for the wire; both its ends have one termios, so its master end shows
 * the rate. What it cannot show is garbled characters: noise is sent instead. */
#include "tests/system/harness.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define PATIENCE_US 20000000

#define METER(allow)                                                                               \
    "meter = { address = 3; id = \"12345678\"; " allow " records = (\n"                            \
    "  { name = \"voltage\"; unit = \"V\"; type = \"int16\"; value = 1234; } ); };\n"
#define MAY METER("allow = [ \"baud\", \"reset\" ];")
#define MAY_NOT METER("")

#define PING "10 40 03 43 16"
#define FOREIGN "10 40 63 A3 16" /* to address 99: good, and nobody answers */
#define TO_300 "68 03 03 68 53 03 B8 0E 16"
#define TO_2400 "68 03 03 68 53 03 BB 11 16"
#define TO_9600 "68 03 03 68 53 03 BD 13 16"
#define ALL_TO_9600 "68 03 03 68 53 FF BD 0F 16"

struct line {
    struct rig rig;
    int wire; /* the master's end */
    char device[64];
};

static void begin(struct line *l, const char *settings, const char *meter)
{
    rig_init(&l->rig);
    l->wire = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(l->wire >= 0);
    assert_int_equal(grantpt(l->wire), 0);
    assert_int_equal(unlockpt(l->wire), 0);
    assert_int_equal(ptsname_r(l->wire, l->device, sizeof(l->device)), 0);
    rig_config(&l->rig, "port = { device = \"%s\"; %s };\n%s", l->device, settings, meter);
    rig_start(&l->rig, NULL);
}

static void end(struct line *l)
{
    rig_stop(&l->rig);
    close(l->wire);
    rig_done(&l->rig);
}

static speed_t rate(const struct line *l)
{
    struct termios t;

    assert_int_equal(tcgetattr(l->wire, &t), 0);
    return cfgetospeed(&t);
}

static bool wait_for_rate(const struct line *l, speed_t wanted)
{
    int64_t limit = now_us() + PATIENCE_US;

    while (rate(l) != wanted) {
        if (now_us() > limit)
            return false;
        wait_ms(1);
    }
    return true;
}

static void expect_rate_(const struct line *l, speed_t wanted, const char *file, int line)
{
    _assert_true(wait_for_rate(l, wanted), "the port has the rate", file, line);
}
#define expect_rate(l, wanted) expect_rate_(l, wanted, __FILE__, __LINE__)

/* The rate when the E5 to a request came out: that of the last look before the E5 was there. */
static speed_t rate_of_the_ack(const struct line *l, const char *request)
{
    struct pollfd p = { .fd = l->wire, .events = POLLIN };
    int64_t limit = now_us() + PATIENCE_US;
    speed_t seen;

    send_hex(l->wire, request);
    do {
        seen = rate(l);
        assert_true(now_us() < limit);
    } while (poll(&p, 1, 0) == 0);
    expect_hex(l->wire, "E5");
    return seen;
}

/* "E5 at the old rate; new rate from the end of the E5's stop bit." Whether the E5 or the new rate
 * was first is seen only while we are not put to sleep between two looks, so we try until it is
 * seen: a daemon that switches first never shows the old rate. */
static void the_ack_leaves_at_the_old_rate(void **state)
{
    unsigned seen = 0;
    struct line l;

    (void)state;
    begin(&l, "baud = 300;", MAY);
    for (int i = 0; i < 10 && seen < 2; i++) {
        seen += rate_of_the_ack(&l, TO_9600) == B300;
        expect_rate(&l, B9600);
        ASK(l.wire, PING, "E5");
        assert_true(rate(&l) == B9600);
        ASK(l.wire, TO_300, "E5");
        expect_rate(&l, B300);
        ASK(l.wire, PING, "E5");
    }
    assert_int_equal(seen, 2);
    end(&l);
}

static void every_rate_is_taken(void **state)
{
    static const struct {
        const char *request;
        speed_t speed;
    } rows[] = {
        { "68 03 03 68 53 03 B8 0E 16", B300 },   { "68 03 03 68 53 03 B9 0F 16", B600 },
        { "68 03 03 68 53 03 BA 10 16", B1200 },  { "68 03 03 68 53 03 BB 11 16", B2400 },
        { "68 03 03 68 53 03 BC 12 16", B4800 },  { "68 03 03 68 53 03 BD 13 16", B9600 },
        { "68 03 03 68 53 03 BE 14 16", B19200 }, { "68 03 03 68 53 03 BF 15 16", B38400 },
    };
    struct line l;

    (void)state;
    begin(&l, "baud = 2400;", MAY);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        ASK(l.wire, rows[i].request, "E5");
        expect_rate(&l, rows[i].speed);
        ASK(l.wire, PING, "E5");
        ASK(l.wire, rows[i].request, "E5"); /* that rate already */
        ASK(l.wire, PING, "E5");
        assert_true(rate(&l) == rows[i].speed);
    }
    end(&l);
}

static void a_broadcast_switches_silently(void **state)
{
    struct line l;

    (void)state;
    begin(&l, "baud = 2400;", MAY);
    send_hex(l.wire, ALL_TO_9600);
    expect_rate(&l, B9600);
    expect_silence(l.wire, 100);
    ASK(l.wire, PING, "E5");
    end(&l);
}

/* "Else E5 only if the code equals the current rate, otherwise silence." */
static void what_is_not_allowed_gets_silence(void **state)
{
    struct line l;

    (void)state;
    begin(&l, "baud = 2400;", MAY_NOT);
    send_hex(l.wire, TO_9600);
    expect_silence(l.wire, 300);
    send_hex(l.wire, ALL_TO_9600);
    expect_silence(l.wire, 300);
    ASK(l.wire, TO_2400, "E5");
    ASK(l.wire, PING, "E5");
    assert_true(rate(&l) == B2400);
    end(&l);
}

static void it_falls_back_when_nothing_good_is_heard(void **state)
{
    struct line l;
    int64_t start;

    (void)state;
    begin(&l, "baud = 2400; baud_fallback = \"1 s\";", MAY);
    for (int i = 0; i < 2; i++) {
        start = now_us();
        ASK(l.wire, TO_9600, "E5");
        expect_rate(&l, B9600);
        send_hex(l.wire, "55 00 FF 10 40"); /* not good */
        expect_rate(&l, B2400);
        assert_true(now_us() - start >= 900000);
        ASK(l.wire, PING, "E5");
    }
    end(&l);
}

/* "Heard = one correct frame for any address." */
static void one_good_frame_keeps_the_new_rate(void **state)
{
    static const char *const frames[] = { FOREIGN, PING };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
        struct line l;
        int64_t end_us;

        begin(&l, "baud = 2400; baud_fallback = \"2 s\";", MAY);
        ASK(l.wire, TO_9600, "E5");
        expect_rate(&l, B9600);
        send_hex(l.wire, frames[i]);
        if (i == 1)
            expect_hex(l.wire, "E5");
        for (end_us = now_us() + 3000000; now_us() < end_us; wait_ms(20))
            assert_true(rate(&l) == B9600);
        ASK(l.wire, PING, "E5");
        end(&l);
    }
}

static void restart(struct line *l, int signal)
{
    kill(l->rig.pid, signal);
    rig_wait(&l->rig);
    rig_start(&l->rig, NULL);
}

/* "After power-up: the stored rate once confirmed." */
static void a_confirmed_rate_is_kept_over_restarts(void **state)
{
    struct line l;

    (void)state;
    begin(&l, "baud = 2400;", MAY);
    ASK(l.wire, TO_9600, "E5");
    expect_rate(&l, B9600);
    ASK(l.wire, PING, "E5");
    restart(&l, SIGTERM);
    expect_rate(&l, B9600);
    ASK(l.wire, PING, "E5");
    restart(&l, SIGKILL);
    expect_rate(&l, B9600);
    ASK(l.wire, PING, "E5");
    /* "If the file changes, the file wins", as for the address. */
    rig_config(&l.rig, "port = { device = \"%s\"; baud = 4800; };\n" MAY, l.device);
    restart(&l, SIGTERM);
    expect_rate(&l, B4800);
    ASK(l.wire, PING, "E5");
    end(&l);
}

static void an_unconfirmed_rate_is_not_kept(void **state)
{
    static const int signals[] = { SIGTERM, SIGKILL };
    struct line l;

    (void)state;
    begin(&l, "baud = 2400;", MAY);
    for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
        ASK(l.wire, TO_9600, "E5");
        expect_rate(&l, B9600);
        restart(&l, signals[i]);
        expect_rate(&l, B2400);
        ASK(l.wire, PING, "E5");
    }
    end(&l);
}

/* ---- baud = "auto" ----------------------------------------------------------------------------
 */

/* Bursts of line noise until the port has moved on from a rate. At 300 baud the gap that ends a
 * burst is 110 ms. */
static void noise_until_it_moves(const struct line *l, speed_t from)
{
    int64_t limit = now_us() + PATIENCE_US;

    while (rate(l) == from) {
        assert_true(now_us() < limit);
        send_hex(l->wire, "FE 00 F8 80 FC 00 E0 FF 7E 81");
        wait_ms(150);
    }
}

static unsigned which(speed_t speed)
{
    static const speed_t speeds[] = { B300, B2400, B9600 };

    for (unsigned i = 0; i < ARRAY_SIZE(speeds); i++) {
        if (speeds[i] == speed)
            return i;
    }
    fail_msg("no rate that auto listens at: %u", (unsigned)speed);
    return 0;
}

/* "auto listens for good characters at 300, 2400, 9600 in turn" */
static void auto_goes_through_the_rates(void **state)
{
    struct line l;
    unsigned seen = 0;

    (void)state;
    begin(&l, "baud = \"auto\";", MAY_NOT);
    for (int i = 0; i < 4; i++) {
        speed_t now = rate(&l);

        seen |= 1U << which(now);
        noise_until_it_moves(&l, now);
    }
    assert_int_equal(seen, 7);
    end(&l);
}

/* "and stays where a good frame came in" */
static void auto_stays_at_a_good_frame(void **state)
{
    static const speed_t speeds[] = { B300, B2400, B9600 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(speeds); i++) {
        struct line l;

        begin(&l, "baud = \"auto\";", MAY_NOT);
        while (rate(&l) != speeds[i])
            noise_until_it_moves(&l, rate(&l));
        wait_ms(200); /* the line is idle again */
        ASK(l.wire, PING, "E5");
        for (int j = 0; j < 10; j++) {
            send_hex(l.wire, "FE 00 F8 80");
            wait_ms(150);
            ASK(l.wire, PING, "E5");
            assert_true(rate(&l) == speeds[i]);
        }
        end(&l);
    }
}

/* KAM: "a slave with automatic rate detection answers E5 and ignores it". */
static void auto_confirms_a_switch(void **state)
{
    struct line l;

    (void)state;
    begin(&l, "baud = \"auto\";", MAY);
    while (rate(&l) != B2400)
        noise_until_it_moves(&l, rate(&l));
    wait_ms(200);
    ASK(l.wire, PING, "E5");
    ASK(l.wire, TO_2400, "E5");
    ASK(l.wire, PING, "E5");
    end(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ack_leaves_at_the_old_rate),
        cmocka_unit_test(every_rate_is_taken),
        cmocka_unit_test(a_broadcast_switches_silently),
        cmocka_unit_test(what_is_not_allowed_gets_silence),
        cmocka_unit_test(it_falls_back_when_nothing_good_is_heard),
        cmocka_unit_test(one_good_frame_keeps_the_new_rate),
        cmocka_unit_test(a_confirmed_rate_is_kept_over_restarts),
        cmocka_unit_test(an_unconfirmed_rate_is_not_kept),
        cmocka_unit_test(auto_goes_through_the_rates),
        cmocka_unit_test(auto_stays_at_a_good_frame),
        cmocka_unit_test(auto_confirms_a_switch),
    };

    return cmocka_run_group_tests_name("baud", tests, NULL, NULL);
}
