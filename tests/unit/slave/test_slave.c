#include "tests/unit/slave/conversation.h"

#include <stdlib.h>
#include <string.h>

#define READOUT "10 7B 03 7E 16"

/* mbus-protocol 3.2 and 16.12: the kind is counted, and the next good frame gets its answer. */
static const struct {
    const char *bytes;
    enum frame_fault fault;
} broken[] = {
    { "10 40 03 44 16", FRAME_BAD_CHECKSUM },
    { "10 40 03 43 15", FRAME_BAD_STOP },
    { "68 03 04 68 53 03 50 A6 16", FRAME_BAD_LENGTH },
    { "68 02 02 68 53 03 56 16", FRAME_BAD_LENGTH },
    { "68 03 03 69 53 03 50 A6 16", FRAME_BAD_SECOND_START },
    { "55 55 55 10 7B 03 7E 16", FRAME_BAD_START },
    { "A2", FRAME_BAD_START },
    { "68", FRAME_BAD_GAP },
    { "10 7B 03 7E", FRAME_BAD_GAP },
    { "68 FF FF 68 53 03", FRAME_BAD_GAP },
};

static void a_broken_frame_is_counted_and_costs_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
        struct conversation c;

        conversation_begin(&c);
        hear(&c, 1 * SECOND, broken[i].bytes);
        assert_null(slave_output(&c.slave));
        EXPECT(&c, 1 * SECOND + T_GAP, READOUT, STOCK_0);
        assert_int_equal(c.slave.counters.verdicts[SLAVE_FAULT], 1);
        assert_int_equal(c.slave.counters.faults[broken[i].fault], 1);
    }
}

/* mbus-protocol 2.1: even parity and the stop bit of each character. */
static void a_faulty_character_spoils_any_place(void **state)
{
    static const enum frame_fault faults[] = { FRAME_BAD_PARITY, FRAME_BAD_BREAK };
    uint8_t bytes[5];

    (void)state;
    test_hex(READOUT, bytes, sizeof(bytes));
    for (size_t i = 0; i < 5 * ARRAY_SIZE(faults); i++) {
        enum frame_fault fault = faults[i / 5];
        struct conversation c;
        struct slave_event event;

        conversation_begin(&c);
        for (size_t j = 0; j < sizeof(bytes); j++) {
            if (j == i % 5)
                slave_line_fault(&c.slave, 1 * SECOND, fault, &event);
            else
                slave_input(&c.slave, 1 * SECOND, &bytes[j], 1, &event);
        }
        assert_null(slave_output(&c.slave));
        EXPECT(&c, 2 * SECOND, READOUT, STOCK_0);
        assert_int_equal(c.slave.counters.faults[fault], 1);
        assert_int_equal(c.slave.counters.verdicts[SLAVE_FAULT], 1);
    }
}

/* mbus-protocol 2.3: byte by byte with pauses below the gap. */
static void slow_masters_are_understood(void **state)
{
    struct conversation c;
    uint8_t bytes[5];
    struct slave_event event;

    (void)state;
    conversation_begin(&c);
    test_hex(READOUT, bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        slave_input(&c.slave, 1 * SECOND + i * (T_GAP - 1), &bytes[i], 1, &event);
    assert_int_equal(event.verdict, SLAVE_ANSWER);
    assert_int_equal(slave_output(&c.slave)->not_before, 1 * SECOND + 4 * (T_GAP - 1) + T_BIT11);
}

static void the_tick_ends_a_partial_frame(void **state)
{
    struct conversation c;
    struct slave_event event;

    (void)state;
    conversation_begin(&c);
    assert_int_equal(slave_deadline(&c.slave), USEC_NEVER);
    hear(&c, 1 * SECOND, "10 7B");
    assert_int_equal(slave_deadline(&c.slave), 1 * SECOND + T_GAP);
    slave_tick(&c.slave, 1 * SECOND + T_GAP - 1, &event);
    assert_int_equal(event.verdict, SLAVE_NOTHING);
    slave_tick(&c.slave, 1 * SECOND + T_GAP, &event);
    assert_int_equal(event.verdict, SLAVE_FAULT);
    assert_int_equal(event.fault, FRAME_BAD_GAP);
    assert_int_equal(slave_deadline(&c.slave), USEC_NEVER);
}

/* A frame cut off by silence and a faulty character right after: both are counted. */
static void a_fault_after_a_gap_hides_nothing(void **state)
{
    struct conversation c;
    struct slave_event event;

    (void)state;
    conversation_begin(&c);
    hear(&c, 1 * SECOND, "10 7B");
    slave_line_fault(&c.slave, 2 * SECOND, FRAME_BAD_PARITY, &event);
    assert_int_equal(event.fault, FRAME_BAD_PARITY);
    assert_int_equal(c.slave.counters.faults[FRAME_BAD_GAP], 1);
    assert_int_equal(c.slave.counters.faults[FRAME_BAD_PARITY], 1);
}

/* mbus-protocol 4: a newer request counts, the older answer would be out of place. */
static void a_newer_request_replaces_the_answer(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    hear(&c, 1 * SECOND, READOUT);
    EXPECT(&c, 1 * SECOND + 1000, "10 40 03 43 16", "E5");
    assert_int_equal(c.slave.counters.fates[SLAVE_REPLACED], 1);
    assert_null(slave_output(&c.slave));
}

/* The master has gone on to another meter: our answer would hit that one's. */
static void a_request_to_another_ends_the_answer(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    hear(&c, 1 * SECOND, READOUT);
    SILENCE(&c, 1 * SECOND + 1000, "10 7B 09 84 16", SLAVE_OTHER_ADDRESS);
    assert_int_equal(c.slave.counters.fates[SLAVE_REPLACED], 1);
}

/* mbus-protocol 3.2, rule 5: on a pty and TCP each request in order. */
static void requests_wait_for_their_turn(void **state)
{
    struct conversation c;
    struct slave_event event;
    uint8_t bytes[16];
    size_t n = test_hex("10 40 03 43 16 " READOUT " E5", bytes, sizeof(bytes));

    (void)state;
    conversation_begin(&c);
    c.slave.timing.in_order = true;
    assert_int_equal(slave_input(&c.slave, SECOND, bytes, n, &event), 5);
    assert_int_equal(slave_input(&c.slave, SECOND, bytes + 5, n - 5, &event), 0);
    assert_int_equal(event.verdict, SLAVE_NOTHING);
    assert_hex(slave_output(&c.slave)->bytes, slave_output(&c.slave)->n, "E5");
    slave_settle(&c.slave, SECOND, SLAVE_SENT);
    assert_int_equal(slave_input(&c.slave, SECOND, bytes + 5, n - 5, &event), 5);
    assert_hex(slave_output(&c.slave)->bytes, slave_output(&c.slave)->n, STOCK_0);
}

/* mbus-protocol 4: a dropped answer counts as sent and lost, so the repeat gets the same bytes. */
static void a_late_answer_is_kept_for_the_repeat(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    hear(&c, 1 * SECOND, READOUT);
    slave_settle(&c.slave, 2 * SECOND, SLAVE_LATE);
    assert_null(slave_output(&c.slave));
    assert_int_equal(c.slave.counters.fates[SLAVE_LATE], 1);
    EXPECT(&c, 3 * SECOND, READOUT, STOCK_0);
}

/* mbus-protocol 2.4: the own answer comes back, at once or late, and is nobody's frame. */
static void the_echo_is_discarded(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, READOUT, STOCK_0);
    SILENCE(&c, 1 * SECOND + T_BIT11 + 30 * T_BIT11, STOCK_0, SLAVE_ECHO);
    EXPECT(&c, 2 * SECOND, "10 40 03 43 16", "E5");
    SILENCE(&c, 2 * SECOND + 2 * T_BIT11, "E5", SLAVE_ECHO);
    SILENCE(&c, 2 * SECOND + 3 * T_BIT11, "E5", SLAVE_FOREIGN); /* one answer has one echo */
    EXPECT(&c, 3 * SECOND, READOUT, STOCK_1);
    SILENCE(&c, 5 * SECOND, STOCK_1, SLAVE_FOREIGN); /* too late for an echo */
}

static void no_echo_works_the_same(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 40 03 43 16", "E5");
    EXPECT(&c, 1 * SECOND + 10 * T_BIT11, READOUT, STOCK_0);
    assert_int_equal(c.slave.counters.verdicts[SLAVE_ECHO], 0);
    assert_int_equal(c.slave.counters.verdicts[SLAVE_COLLISION], 0);
}

/* mbus-protocol 2.4: an echo that differs means that somebody else spoke. */
static void a_wrong_echo_is_a_collision(void **state)
{
    struct conversation c;
    struct slave_event event;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, READOUT, STOCK_0);
    SILENCE(&c, 1 * SECOND + 2 * T_BIT11, "68 18 10", SLAVE_COLLISION);
    EXPECT(&c, 2 * SECOND, READOUT, STOCK_0);
    slave_line_fault(&c.slave, 2 * SECOND + 2 * T_BIT11, FRAME_BAD_PARITY, &event);
    assert_int_equal(event.verdict, SLAVE_COLLISION);
    EXPECT(&c, 3 * SECOND, "10 40 03 43 16", "E5");
    SILENCE(&c, 3 * SECOND + T_BIT11, STOCK_0, SLAVE_COLLISION);
    assert_int_equal(c.slave.counters.verdicts[SLAVE_COLLISION], 3);
    assert_int_equal(c.slave.counters.verdicts[SLAVE_FAULT], 0);
}

static void restart_drops_what_is_under_way(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    hear(&c, 1 * SECOND, READOUT);
    hear(&c, 1 * SECOND, "10 7B");
    slave_restart(&c.slave);
    assert_null(slave_output(&c.slave));
    EXPECT(&c, 1 * SECOND + 1, READOUT, STOCK_0);
}

static void a_new_timing_holds_at_once(void **state)
{
    struct conversation c;
    struct slave_timing timing;

    (void)state;
    conversation_begin(&c);
    timing = c.slave.timing;
    timing.gap = 5 * T_GAP;
    timing.not_after = USEC_NEVER;
    slave_set_timing(&c.slave, &timing);
    hear(&c, 1 * SECOND, "10 7B");
    assert_int_equal(slave_deadline(&c.slave), 1 * SECOND + 5 * T_GAP);
    hear(&c, 1 * SECOND + 4 * T_GAP, "03 7E 16");
    assert_int_equal(slave_output(&c.slave)->not_after, USEC_NEVER);
}

/* Gives random bytes or pieces of frames; true when a request was heard that has an answer. */
static bool hear_anything(struct conversation *c, usec_t now)
{
    static const char *const pieces[] = {
        READOUT,          "10 40 03 43 16", "68 18 18 68", "E5",
        "10 7B 03 7F 16", "68 FF FF 68",    "16",          STOCK_0
    };
    struct slave_event event;
    bool answered = false;
    uint8_t bytes[64];
    size_t n, at = 0;

    if (rand() % 2) {
        n = test_hex(pieces[(size_t)rand() % ARRAY_SIZE(pieces)], bytes, sizeof(bytes));
    } else {
        n = (size_t)rand() % sizeof(bytes);
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)rand();
    }
    while (at < n) {
        at += slave_input(&c->slave, now, bytes + at, n - at, &event);
        assert_true(at <= n);
        if (event.frame != NULL)
            answered = event.verdict == SLAVE_ANSWER;
    }
    if (rand() % 16 == 0)
        slave_line_fault(&c->slave, now, FRAME_BAD_PARITY, &event);
    return answered;
}

/* Under any input: an answer waits if and only if the newest good request is one that has one, it
 * has the window of that request and at most 261 bytes; and after idle a good request is always
 * heard. */
static void any_garbage_leaves_the_slave_sound(void **state)
{
    struct conversation c;
    usec_t now = SECOND;

    (void)state;
    srand(20);
    conversation_begin(&c);
    for (unsigned round = 0; round < 20000; round++) {
        const struct slave_answer *out;
        bool answered;

        now += (usec_t)rand() % (2 * T_GAP);
        answered = hear_anything(&c, now);
        out = slave_output(&c.slave);
        assert_int_equal(out != NULL, answered);
        if (out == NULL)
            continue;
        assert_in_range(out->n, 1, FRAME_MAX);
        assert_int_equal(out->not_before, now + T_BIT11);
        assert_int_equal(out->not_after, now + T_LATEST);
        slave_settle(&c.slave, now, (enum slave_fate)(rand() % SLAVE_REPLACED));
    }
    now += T_GAP;
    assert_int_equal(hear(&c, now, "10 40 03 43 16").verdict, SLAVE_ANSWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_frame_is_counted_and_costs_nothing),
        cmocka_unit_test(a_faulty_character_spoils_any_place),
        cmocka_unit_test(slow_masters_are_understood),
        cmocka_unit_test(the_tick_ends_a_partial_frame),
        cmocka_unit_test(a_fault_after_a_gap_hides_nothing),
        cmocka_unit_test(a_newer_request_replaces_the_answer),
        cmocka_unit_test(a_request_to_another_ends_the_answer),
        cmocka_unit_test(requests_wait_for_their_turn),
        cmocka_unit_test(a_late_answer_is_kept_for_the_repeat),
        cmocka_unit_test(the_echo_is_discarded),
        cmocka_unit_test(no_echo_works_the_same),
        cmocka_unit_test(a_wrong_echo_is_a_collision),
        cmocka_unit_test(restart_drops_what_is_under_way),
        cmocka_unit_test(a_new_timing_holds_at_once),
        cmocka_unit_test(any_garbage_leaves_the_slave_sound),
    };

    return cmocka_run_group_tests_name("slave", tests, NULL, NULL);
}
