#include "tests/unit/slave/rich.h"

/* The rate of a bus (mbus-protocol 13.4). */

#define FALLBACK (2 * USEC_PER_MIN)

static void begin(struct conversation *c)
{
    rich_begin(c);
    rate_init(&c->slave.rate, 2400, true, false, FALLBACK, 0);
}

static const char *rate_frame(unsigned baud)
{
    static const char *const frames[] = { "B8", "B9", "BA", "BB", "BC", "BD", "BE", "BF" };
    size_t i = 0;

    while (300U << i != baud)
        i++;
    return frames[i];
}

/* ---- the slave ---- */

/* The E5 first, at the old rate; the new one from the end of its stop bit. All eight. */
static void each_rate(void **state)
{
    (void)state;
    for (unsigned baud = 300; baud <= 38400; baud *= 2) {
        struct conversation c;
        struct slave_effect effect;
        usec_t end;

        begin(&c);
        hear(&c, 1 * SECOND, LONG(0x53, 5, rate_frame(baud)));
        assert_hex(slave_output(&c.slave)->bytes, slave_output(&c.slave)->n, "E5");
        assert_false(slave_effect(&c.slave, 1 * SECOND, &effect));
        end = slave_output(&c.slave)->not_before + T_BIT11; /* one character */
        slave_settle(&c.slave, slave_output(&c.slave)->not_before, SLAVE_SENT);
        if (baud == 2400) { /* the present one: E5, and nothing to be done */
            assert_false(slave_effect(&c.slave, 2 * SECOND, &effect));
            continue;
        }
        assert_false(slave_effect(&c.slave, end - 1, &effect));
        assert_int_equal(slave_deadline(&c.slave), end);
        assert_true(slave_effect(&c.slave, end, &effect));
        assert_int_equal(effect.task, SLAVE_CHANGE_RATE);
        assert_int_equal(effect.baud, baud);
        slave_effect_done(&c.slave, end, &effect, true);
        assert_int_equal(c.slave.rate.now, baud);
        assert_false(slave_effect(&c.slave, end, &effect));
        assert_int_equal(slave_deadline(&c.slave), end + FALLBACK);
    }
}

/* By 254 and 253 as well; 255 has no E5, and the end of the request plus 11 bits. */
static void ways_to_ask(void **state)
{
    struct conversation c;
    struct slave_effect effect;

    (void)state;
    begin(&c);
    EXPECT(&c, 1 * SECOND, LONG(0x73, 0xFE, "BD"), "E5");
    do_effects(&c, 2 * SECOND);
    assert_int_equal(c.slave.rate.now, 9600);
    begin(&c);
    SILENCE(&c, 1 * SECOND, LONG(0x73, 0xFD, "BD"), SLAVE_OTHER_ADDRESS);
    SILENCE(&c, 1 * SECOND, LONG(0x73, 6, "BD"), SLAVE_OTHER_ADDRESS);
    EXPECT(&c, 2 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "E5");
    EXPECT(&c, 3 * SECOND, LONG(0x73, 0xFD, "BD"), "E5");
    do_effects(&c, 4 * SECOND);
    assert_int_equal(c.slave.rate.now, 9600);
    begin(&c);
    SILENCE(&c, 1 * SECOND, LONG(0x73, 0xFF, "BD"), SLAVE_SILENT);
    assert_false(slave_effect(&c.slave, 1 * SECOND + T_BIT11 - 1, &effect));
    assert_int_equal(slave_deadline(&c.slave), 1 * SECOND + T_BIT11);
    assert_true(slave_effect(&c.slave, 1 * SECOND + T_BIT11, &effect));
    assert_int_equal(effect.baud, 9600);
}

/* An E5 that never left: the master has heard nothing and asks again at the old rate. */
static void without_its_e5_nothing_changes(void **state)
{
    static const enum slave_fate fates[] = { SLAVE_LATE, SLAVE_UNSENT, SLAVE_REPLACED };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(fates); i++) {
        struct conversation c;
        struct slave_effect effect;

        begin(&c);
        hear(&c, 1 * SECOND, LONG(0x53, 5, "BD"));
        if (fates[i] == SLAVE_REPLACED)
            EXPECT(&c, 1 * SECOND + 1, SHORT(0x40, 5), "E5");
        else
            slave_settle(&c.slave, 2 * SECOND, fates[i]);
        assert_false(slave_effect(&c.slave, 100 * SECOND, &effect));
        assert_int_equal(slave_deadline(&c.slave), USEC_NEVER);
        EXPECT(&c, 101 * SECOND, LONG(0x53, 5, "BD"), "E5");
        do_effects(&c, 102 * SECOND);
        assert_int_equal(c.slave.rate.now, 9600);
    }
    struct conversation c;
    struct slave_effect effect;

    begin(&c);
    hear(&c, 1 * SECOND, LONG(0x53, 5, "BD"));
    slave_restart(&c.slave);
    assert_false(slave_effect(&c.slave, 100 * SECOND, &effect));
}

/* Not allowed: an E5 only where it is the rate in force. One meter that allows it is enough. */
static void only_where_it_is_allowed(void **state)
{
    struct meter_def defs[2] = { rich_def, rich_def };
    struct conversation c;

    (void)state;
    defs[0].allow = defs[1].allow = ALLOW_ALL ^ METER_ALLOW_BAUD;
    defs[1].address = 6;
    defs[1].ident.id = 1;
    conversation_with(&c, defs, 2);
    rate_init(&c.slave.rate, 2400, true, false, FALLBACK, 0);
    SILENCE(&c, 1 * SECOND, LONG(0x53, 5, "BD"), SLAVE_REFUSED);
    SILENCE(&c, 2 * SECOND, LONG(0x53, 0xFF, "BD"), SLAVE_REFUSED);
    SILENCE(&c, 3 * SECOND, LONG(0x53, 0xFE, "BD"), SLAVE_REFUSED);
    EXPECT(&c, 4 * SECOND, LONG(0x53, 5, "BB"), "E5");
    do_effects(&c, 5 * SECOND);
    assert_int_equal(c.n_rates, 0);
    c.defs[1].allow = METER_ALLOW_BAUD;
    slave_update_addresses(&c.slave);
    EXPECT(&c, 6 * SECOND, LONG(0x53, 5, "BD"), "E5");
    do_effects(&c, 7 * SECOND);
    assert_int_equal(c.n_rates, 1);
}

/* A control frame: with data it is none of these. Other CI around them are no rates. */
static void what_is_no_switch(void **state)
{
    struct conversation c;

    (void)state;
    begin(&c);
    SILENCE(&c, 1 * SECOND, LONG(0x53, 5, "BD 00"), SLAVE_REFUSED);
    SILENCE(&c, 2 * SECOND, LONG(0x53, 5, "B7"), SLAVE_REFUSED);
    SILENCE(&c, 3 * SECOND, LONG(0x53, 5, "C0"), SLAVE_REFUSED);
    do_effects(&c, 100 * SECOND);
    assert_int_equal(c.n_rates, 0);
}

/* On a bus whose rate means nothing: E5, no effect. */
static void where_a_rate_means_nothing(void **state)
{
    struct conversation c;

    (void)state;
    begin(&c);
    rate_init(&c.slave.rate, 2400, false, false, FALLBACK, 0);
    EXPECT(&c, 1 * SECOND, LONG(0x53, 5, "BD"), "E5");
    SILENCE(&c, 2 * SECOND, LONG(0x53, 0xFF, "BD"), SLAVE_SILENT);
    do_effects(&c, 100 * SECOND);
    assert_int_equal(c.n_rates, 0);
    assert_int_equal(c.slave.rate.now, 2400);
}

/* ---- the way back ---- */

/* Switches to 9600 at the end of the E5; returns when. */
static usec_t switch_to_9600(struct conversation *c)
{
    begin(c);
    EXPECT(c, 1 * SECOND, LONG(0x53, 5, "BD"), "E5");
    do_effects(c, 1 * SECOND + 2 * T_BIT11);
    assert_int_equal(c->slave.rate.now, 9600);
    return 1 * SECOND + 2 * T_BIT11;
}

/* Nothing good at the new rate: after the time the old one is back, as often as it takes. */
static void the_old_rate_comes_back(void **state)
{
    struct conversation c;
    struct slave_effect effect;
    struct slave_event event;
    usec_t since = switch_to_9600(&c);

    (void)state;
    hear(&c, since + SECOND, "55 55"); /* noise confirms nothing */
    slave_line_fault(&c.slave, since + 2 * SECOND, FRAME_BAD_PARITY, &event);
    hear(&c, since + 3 * SECOND, "10 40 05 46 16"); /* a bad checksum */
    assert_false(slave_effect(&c.slave, since + FALLBACK - 1, &effect));
    assert_true(slave_effect(&c.slave, since + FALLBACK, &effect));
    assert_int_equal(effect.task, SLAVE_CHANGE_RATE);
    assert_int_equal(effect.baud, 2400);
    slave_effect_done(&c.slave, since + FALLBACK, &effect, true);
    assert_int_equal(c.slave.rate.now, 2400);
    assert_false(slave_effect(&c.slave, since + 10 * FALLBACK, &effect));
    assert_int_equal(c.n_kept, 0);
    EXPECT(&c, since + 2 * FALLBACK, SHORT(0x40, 5), "E5");
    do_effects(&c, since + 2 * FALLBACK);
    assert_int_equal(c.n_kept, 0); /* nothing new about the old one */
}

/* One correct frame for any address confirms it. */
static void one_good_frame_confirms(void **state)
{
    static const char *const good[] = {
        "10 40 05 45 16",
        "10 40 06 46 16",
        "10 40 FF 3F 16",
        "10 7B FD 78 16",
        "10 4F 05 54 16",
        "68 18 18 68 08 06 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 01 5A 16",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        struct conversation c;
        struct slave_effect effect;
        usec_t since = switch_to_9600(&c);

        hear(&c, since + FALLBACK - 1, good[i]);
        assert_int_equal(c.n_kept, 1);
        assert_false(slave_effect(&c.slave, since + 10 * FALLBACK, &effect));
        assert_int_equal(c.slave.rate.now, 9600);
    }
}

/* A single byte has no address, and our own echo, late from its converter, was sent at the old
 * rate. */
static void what_does_not_confirm(void **state)
{
    struct conversation c;
    struct slave_effect effect;
    usec_t since = switch_to_9600(&c);

    (void)state;
    SILENCE(&c, since + 1000, "E5", SLAVE_ECHO);
    SILENCE(&c, since + 30 * SECOND, "E5", SLAVE_FOREIGN);
    assert_int_equal(c.n_kept, 0);
    assert_true(slave_effect(&c.slave, since + FALLBACK, &effect));
    assert_int_equal(effect.baud, 2400);
}

/* The port could not: it stays as it is, and nothing is undone later. */
static void a_port_that_cannot(void **state)
{
    struct conversation c;
    struct slave_effect effect;

    (void)state;
    begin(&c);
    EXPECT(&c, 1 * SECOND, LONG(0x53, 5, "BD"), "E5");
    assert_true(slave_effect(&c.slave, 2 * SECOND, &effect));
    slave_effect_done(&c.slave, 2 * SECOND, &effect, false);
    assert_int_equal(c.slave.rate.now, 2400);
    assert_false(slave_effect(&c.slave, 100 * FALLBACK, &effect));
    assert_int_equal(slave_deadline(&c.slave), USEC_NEVER);
}

/* A second switch before the first is confirmed is heard at the new rate, which confirms it. */
static void one_switch_after_the_other(void **state)
{
    struct conversation c;
    struct slave_effect effect;
    usec_t since = switch_to_9600(&c);

    (void)state;
    EXPECT(&c, since + SECOND, LONG(0x73, 5, "B8"), "E5");
    do_effects(&c, since + 2 * SECOND);
    assert_int_equal(c.slave.rate.now, 300);
    assert_true(slave_effect(&c.slave, since + 3 * SECOND + FALLBACK, &effect));
    assert_int_equal(effect.baud, 9600);
}

/* mbus-protocol 13.4: FCB state is unaffected; mbus-protocol 5.5 and 12: what is read then is
 * telegram 1. */
static void the_readout_begins_anew(void **state)
{
    struct conversation c;

    (void)state;
    begin(&c);
    EXPECT(&c, SECOND / 4, LONG(0x73, 5, "51 02 96 01 01 00"), "E5");
    hear(&c, SECOND / 2, SHORT(0x7B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[15], 0);
    EXPECT(&c, 1 * SECOND, LONG(0x53, 5, "BD"), "E5");
    do_effects(&c, 2 * SECOND);
    EXPECT(&c, 3 * SECOND, LONG(0x73, 5, "51 02 96 01 01 00"), "E5"); /* still the repeat */
    assert_true(rich_value(&c, VOLUME) == 457);
    hear(&c, 4 * SECOND, SHORT(0x7B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[15], 1);
}

/* ---- a rate that is found by listening ---- */

static void hear_noise(struct conversation *c, usec_t now)
{
    struct slave_event event;

    slave_tick(&c->slave, now, &event);
    hear(c, now, "55");
    slave_tick(&c->slave, now + T_GAP, &event);
}

static void a_hunter_tries_each_in_turn(void **state)
{
    static const unsigned turn[] = { 9600, 300, 2400, 9600 };
    struct conversation c;
    struct slave_effect effect;

    (void)state;
    rich_begin(&c);
    rate_init(&c.slave.rate, 2400, true, true, FALLBACK, 0);
    assert_false(slave_effect(&c.slave, 10 * FALLBACK, &effect)); /* silence says nothing */
    for (size_t i = 0; i < ARRAY_SIZE(turn); i++) {
        hear_noise(&c, (1 + i) * SECOND);
        assert_int_equal(c.slave.rate.now, turn[i]);
    }
    EXPECT(&c, 20 * SECOND, SHORT(0x40, 5), "E5");
    assert_int_equal(c.n_kept, 1);
    hear_noise(&c, 21 * SECOND); /* it is found: noise is noise */
    hear_noise(&c, 22 * SECOND);
    assert_int_equal(c.slave.rate.now, 9600);
}

/* Noise alone for long means that the master has gone elsewhere; anything good does not. */
static void a_hunter_hunts_again(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    rate_init(&c.slave.rate, 9600, true, true, FALLBACK, 0);
    EXPECT(&c, 1 * SECOND, SHORT(0x40, 5), "E5");
    hear_noise(&c, 1 * SECOND + FALLBACK);
    assert_int_equal(c.slave.rate.now, 9600);
    hear(&c, 2 * SECOND + FALLBACK, SHORT(0x40, 6));
    hear_noise(&c, 1 * SECOND + 2 * FALLBACK);
    assert_int_equal(c.slave.rate.now, 9600);
    hear_noise(&c, 3 * SECOND + 2 * FALLBACK);
    assert_int_equal(c.slave.rate.now, 300);
    hear(&c, 4 * SECOND + 2 * FALLBACK, "E5"); /* at a wrong rate anything may look so */
    hear_noise(&c, 5 * SECOND + 2 * FALLBACK);
    assert_int_equal(c.slave.rate.now, 2400);
}

/* At a low rate a busy bus leaves no gap: noise that goes on for a second is enough. */
static void a_hunter_waits_for_no_gap(void **state)
{
    struct conversation c;
    usec_t now = SECOND;

    (void)state;
    rich_begin(&c);
    rate_init(&c.slave.rate, 300, true, true, FALLBACK, now);
    hear(&c, now, "55");
    assert_int_equal(c.slave.rate.now, 2400);
    for (usec_t end = now + SECOND; now < end; now += T_GAP / 2) {
        assert_int_equal(c.slave.rate.now, 2400);
        hear(&c, now, "55");
    }
    hear(&c, now, "55");
    assert_int_equal(c.slave.rate.now, 9600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rate),
        cmocka_unit_test(ways_to_ask),
        cmocka_unit_test(without_its_e5_nothing_changes),
        cmocka_unit_test(only_where_it_is_allowed),
        cmocka_unit_test(what_is_no_switch),
        cmocka_unit_test(where_a_rate_means_nothing),
        cmocka_unit_test(the_old_rate_comes_back),
        cmocka_unit_test(one_good_frame_confirms),
        cmocka_unit_test(what_does_not_confirm),
        cmocka_unit_test(a_port_that_cannot),
        cmocka_unit_test(one_switch_after_the_other),
        cmocka_unit_test(the_readout_begins_anew),
        cmocka_unit_test(a_hunter_tries_each_in_turn),
        cmocka_unit_test(a_hunter_hunts_again),
        cmocka_unit_test(a_hunter_waits_for_no_gap),
    };

    return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
