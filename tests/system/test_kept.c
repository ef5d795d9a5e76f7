/* What must not be lost: "kill -9 loses nothing and only a power cut loses up to state.interval
 * plus 1 s" (mbus-slave.conf(5), group state). */
#include "tests/system/house.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLS 100
#define INTERVAL_US 1000000

static struct house house;

/* ---- who pushes ------------------------------------------------------------------------------ */

#define HISTORY 65536

/* A program that pushes one number behind the other, as fast as they are acknowledged, until one is
 * not. */
struct pusher {
    _Atomic int64_t sent, acked;
    _Atomic bool must_rest; /* after one that failed; else it tries again */
    _Atomic bool is_resting;
    _Atomic int64_t acked_at[HISTORY];
};

static struct pusher *pusher; /* shared with it */
static pid_t pusher_pid;

/* The power beside the count: 1000 kWh in a second, and a little that grows. */
static double power_of(int64_t count)
{
    return 3600000.0 + (double)count;
}

static void push_for_ever(sd_bus *client)
{
    for (;;) {
        int64_t next = pusher->sent + 1;
        const char *error;

        pusher->sent = next;
        error = test_bus_set(client, "house.count", (double)next, "house.power", power_of(next));
        if (*error == '\0') {
            pusher->acked_at[next % HISTORY] = now_us();
            pusher->acked = next;
        }
        pusher->is_resting = *error != '\0' && pusher->must_rest;
        while (pusher->is_resting && pusher->must_rest)
            wait_ms(1);
        pusher->is_resting = false;
    }
}

static void pusher_start(void)
{
    pusher = mmap(NULL, sizeof(*pusher), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(pusher != MAP_FAILED);
    pusher->must_rest = true;
    pusher_pid = fork();
    assert_true(pusher_pid >= 0);
    if (pusher_pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        push_for_ever(test_bus_connect(&house.bus));
    }
}

static void pusher_expect(bool is_resting)
{
    int64_t end = now_us() + 10000000;

    while (pusher->is_resting != is_resting) {
        assert_true(now_us() < end);
        wait_ms(1);
    }
}

/* It does not push when this returns: not before pusher_go(). The daemon must be dead. */
static void pusher_settle(void)
{
    pusher_expect(true);
}

static void pusher_go(void)
{
    pusher->must_rest = false;
    pusher_expect(false);
    pusher->must_rest = true;
}

/* Before its bus goes. Accepts one that does not run. */
static void pusher_stop(void)
{
    if (pusher_pid == 0)
        return;
    kill(pusher_pid, SIGKILL);
    waitpid(pusher_pid, NULL, 0);
    munmap(pusher, sizeof(*pusher));
    pusher_pid = 0;
}

static int clean_up(void **state)
{
    (void)state;
    pusher_stop();
    house_clean_up(&house);
    return 0;
}

/* ---- who reads ------------------------------------------------------------------------------- */

#define INT32(name, unit, more)                                                                    \
    "{ name = \"" name "\"; unit = \"" unit "\"; type = \"int32\"; " more " }"
#define COUNTER(name)                                                                              \
    "{ name = \"" name "\"; quantity = \"reset_counter\"; type = \"int32\"; internal = { "         \
    "counter = \"" name "\"; }; }"
#define RECORDS                                                                                       \
    INT32("count", "kWh", "pushed = { start = 0; };")                                                 \
    ", " INT32("power", "kW", "quantity = \"power\"; pushed = { start = 3600000; };") ", " INT32(     \
        "total", "kWh",                                                                               \
        "storage = 1; derived = { integral = [ \"power\" ]; };") ", " COUNTER("answers") ","          \
                                                                                         " " COUNTER( \
                                                                                             "req"    \
                                                                                             "ues"    \
                                                                                             "ts") ", " COUNTER("restarts")

/* One telegram of it, as numbers. */
struct seen {
    uint8_t access;
    int64_t count, power, total, answers, requests, restarts;
};

static int64_t int32_at(const uint8_t *bytes)
{
    uint32_t number = 0;

    for (unsigned i = 4; i-- > 0;)
        number = number << 8 | bytes[i];
    return (int32_t)number;
}

static struct seen take(const struct reply *reply)
{
    const uint8_t *records = reply->bytes + 19;

    assert_int_equal(reply->kind, REPLY_FRAME);
    assert_int_equal(reply->bytes[16], GOOD);
    assert_int_equal(reply->n, 19 + 3 * 6 + 3 * 7 + 2);
    return (struct seen){ .access = reply->bytes[15],
                          .count = int32_at(records + 2),
                          .power = int32_at(records + 8),
                          .total = int32_at(records + 14),
                          .answers = int32_at(records + 21),
                          .requests = int32_at(records + 28),
                          .restarts = int32_at(records + 35) };
}

/* REQ_UD2 alone: one request, one answer. */
static struct seen read_it(struct master *m)
{
    struct reply reply;

    master_request(m, HOUSE, &reply);
    return take(&reply);
}

/* ---- kill -9 --------------------------------------------------------------------------------- */

/* What the masters know when the daemon is killed. */
struct known {
    struct seen last;          /* the newest answer */
    int64_t requests, answers; /* of all lives, without the last request */
};

static void read_for(struct known *k, struct master *m, int ms)
{
    int64_t end = now_us() + ms * 1000;

    do {
        k->last = read_it(m);
        k->requests++;
        k->answers++;
    } while (now_us() < end);
}

/* Kills it while a request is under way, and counts an answer that comes all the same. */
static void kill_under_way(struct known *k, struct master *m)
{
    struct reply reply;
    const uint8_t body[] = { m->fcb[HOUSE] ? 0x7B : 0x5B, HOUSE };
    uint8_t frame[FRAME_MAX];

    master_send(m, frame, frame_make(body, sizeof(body), frame));
    wait_ms(rand() % 9);
    kill(house.rig.pid, SIGKILL);
    assert_int_equal(rig_wait(&house.rig), -SIGKILL);
    master_collect(m, &reply);
    if (reply.kind != REPLY_FRAME)
        return;
    k->last = take(&reply);
    k->requests++;
    k->answers++;
}

/* The request under way may have been counted, and its answer too. */
static void expect_all(struct known *k, struct master *m, int64_t restarts)
{
    struct seen now = read_it(m);
    uint8_t steps = (uint8_t)(now.access - k->last.access);

    assert_in_range(now.count, pusher->acked, pusher->sent);
    assert_int_equal(now.power, (int64_t)power_of(now.count)); /* pushed with it */
    assert_true(now.total >= k->last.total);
    assert_int_equal(now.restarts, restarts);
    assert_in_range(now.requests, k->requests, k->requests + 1);
    assert_in_range(now.answers, k->answers, k->answers + 1);
    assert_in_range(steps, 1, 2);
    k->requests = now.requests + 1;
    k->answers = now.answers + 1;
    k->last = now;
}

static void kill_9_loses_nothing(void **state)
{
    int64_t began = now_us();
    struct known k = { 0 };
    struct master *m = &house.m.tcp;

    (void)state;
    house_init(&house, true);
    house.more = "state = { interval = 1; };";
    house_config(&house, "", RECORDS);
    pusher_start();
    pusher_settle();
    for (int64_t i = 1; i <= KILLS; i++) {
        house_start(&house);
        if (i > 1)
            expect_all(&k, m, i);
        pusher_go();
        read_for(&k, m, rand() % 20);
        kill_under_way(&k, m);
        pusher_settle();
        masters_done(&house.m);
    }
    house_start(&house);
    expect_all(&k, m, KILLS + 1);
    assert_true(pusher->acked > KILLS);
    assert_true(k.last.total > 0 && k.last.total <= (now_us() - began) / 900);
    assert_int_equal(rig_count_log(&house.rig, "the last run did not end as it should"), 1);
    pusher_stop();
    house_end(&house);
}

/* ---- power ----------------------------------------------------------------------------------- */

/* A power cut takes $RUNTIME_DIRECTORY away. */
static void cut_power(void)
{
    house_crash(&house);
    unlink(rig_path(&house.rig, "run/ledger"));
    unlink(rig_path(&house.rig, "run/ledger.lock"));
}

/* "Only a power cut loses up to state.interval plus 1 s." */
static void a_power_cut_loses_what_is_younger_than_the_interval(void **state)
{
    struct seen now;
    int64_t cut;

    (void)state;
    house_init(&house, true);
    house.more = "state = { interval = 1; };";
    house_config(&house, "", RECORDS);
    pusher_start();
    pusher_settle();
    house_start(&house);
    pusher_go();
    wait_ms(3300);
    cut = now_us();
    cut_power();
    pusher_settle();
    house_start(&house);
    now = read_it(&house.m.tcp);
    assert_in_range(now.count, 1, pusher->sent);
    assert_true(pusher->acked - now.count < HISTORY);
    if (now.count < pusher->acked) /* the first that is lost */
        assert_true(cut - pusher->acked_at[(now.count + 1) % HISTORY] < INTERVAL_US + 1000000);
    pusher_stop();
    house_end(&house);
}

/* ---- numbers that are no good value ---------------------------------------------------------- */

#define KEPT(name, more) ROOM(name, "pushed = { start = 1; }; " more)

/* What is shown instead of a number is not what is kept; one that did not fit is not forgotten for
 * the one before it; and one that can grow old is of unknown age. */
static void a_number_is_kept_as_it_was_pushed(void **state)
{
    (void)state;
    house_init(&house, true);
    house_config(&house, "",
                 KEPT("large", "") ", " KEPT("held", "on_error = \"hold\";") ", " KEPT(
                     "zero", "on_error = \"zero\"; max_age = 1;"));
    house_start(&house);
    EXPECT_NOW(&house, GOOD, GOOD_IS("01 00") GOOD_IS("01 00") GOOD_IS("01 00"));
    test_bus_set(house.bus.client, "house.large", 7.0, "house.held", 7.0, "house.zero", 7.0);
    test_bus_set(house.bus.client, "house.large", 40000.0);
    EXPECT(&house, TEMPORARY_ERROR, BAD_IS(OVERFLOW, "07 00") GOOD_IS("07 00") GOOD_IS("00 00"));
    house_crash(&house);
    house_start(&house);
    /* Nobody knows how old it is. */
    EXPECT_NOW(&house, TEMPORARY_ERROR,
               BAD_IS(OVERFLOW, "01 00") GOOD_IS("07 00") GOOD_IS("00 00"));
    house_stop(&house);
    house_config(&house, "",
                 KEPT("large", "") ", " KEPT("held", "on_error = \"hold\";") ", " KEPT(
                     "zero", "on_error = \"zero\";"));
    house_start(&house);
    EXPECT_NOW(&house, TEMPORARY_ERROR,
               BAD_IS(OVERFLOW, "01 00") GOOD_IS("07 00") GOOD_IS("07 00"));
    house_end(&house);
}

static void what_a_master_wrote_is_newer_than_what_was_pushed(void **state)
{
    (void)state;
    house_init(&house, true);
    house_config(&house, "", ROOM("room", "pushed = {}; writable = true;"));
    house_start(&house);
    test_bus_set(house.bus.client, "house.room", 7.0);
    master_expect(&house.m.pty, "> 53 05 51 02 FD 49 08 00", REPLY_ACK);
    house_crash(&house);
    house_start(&house);
    EXPECT_NOW(&house, GOOD, GOOD_IS("08 00"));
    test_bus_set(house.bus.client, "house.room", 9.0);
    house_crash(&house);
    house_start(&house);
    EXPECT_NOW(&house, GOOD, GOOD_IS("09 00"));
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kill_9_loses_nothing),
        cmocka_unit_test(a_power_cut_loses_what_is_younger_than_the_interval),
        cmocka_unit_test(a_number_is_kept_as_it_was_pushed),
        cmocka_unit_test(what_a_master_wrote_is_newer_than_what_was_pushed),
    };

    return cmocka_run_group_tests_name("kept", tests, NULL, clean_up);
}
