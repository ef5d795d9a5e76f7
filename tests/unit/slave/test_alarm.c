#include "tests/unit/slave/rich.h"

/* Alarms (mbus-protocol 14.2). */

#define ALARM_05 "68 04 04 68 08 05 71 05 83 16"
#define SELECT LONG(0x53, 0xFD, "52 78 56 34 12 74 52 01 00")

/* mbus-protocol 16.10. */
static void a_poll_byte_by_byte(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 7A 05 7F 16", "E5");
    EXPECT(&c, 2 * SECOND, "10 5A 05 5F 16", "E5");
    meter_raise_alarm(&c.meters[0], 0x05);
    EXPECT(&c, 3 * SECOND, "10 7A 05 7F 16", ALARM_05);
    EXPECT(&c, 4 * SECOND, "10 7A 05 7F 16", ALARM_05);
    EXPECT(&c, 5 * SECOND, "10 5A 05 5F 16", "E5");
    EXPECT(&c, 6 * SECOND, "10 7A 05 7F 16", "E5");
}

/* What is sent, and what comes: 1 the alarm, 0 an E5. It comes up at 0.5 s. */
static const struct {
    struct {
        unsigned second;
        uint8_t c, a;
        bool alarm;
    } polls[8];
} sequences[] = {
    { { { 1, 0x5A, 5, true }, { 2, 0x5A, 5, true }, { 3, 0x7A, 5, false } } },
    /* by 253 and 254 too; 254 is the path of the primary address */
    { { { 1, 0x7A, 0xFE, true }, { 2, 0x7A, 5, true }, { 3, 0x5A, 0xFE, false } } },
    { { { 1, 0x7A, 0xFD, true }, { 2, 0x5A, 0xFD, false }, { 3, 0x7A, 5, false } } },
    /* until a toggled FCB, however late the same one comes */
    { { { 1, 0x7A, 5, true },
        { 30, 0x7A, 5, true },
        { 60, 0x7A, 5, true },
        { 61, 0x5A, 5, false } } },
    /* FCV = 0: once */
    { { { 1, 0x4A, 5, true }, { 2, 0x4A, 5, false }, { 3, 0x6A, 5, false } } },
    { { { 1, 0x7A, 5, true }, { 2, 0x4A, 5, true }, { 3, 0x5A, 5, false } } },
    /* the other path has not confirmed it */
    { { { 1, 0x7A, 5, true },
        { 2, 0x7A, 0xFD, true },
        { 3, 0x5A, 5, false },
        { 4, 0x5A, 0xFD, false } } },
    /* a link reset is no confirmation */
    { { { 1, 0x7A, 5, true },
        { 2, 0x40, 5, false },
        { 3, 0x5A, 5, true },
        { 4, 0x7A, 5, false } } },
    /* nor is a readout */
    { { { 1, 0x7A, 5, true }, { 3, 0x7A, 5, true }, { 4, 0x5A, 5, false } } },
};

static void until_it_is_confirmed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sequences); i++) {
        struct conversation c;

        rich_begin(&c);
        EXPECT(&c, SECOND / 2, SELECT, "E5");
        meter_raise_alarm(&c.meters[0], 0x05);
        for (size_t j = 0; j < 8 && sequences[i].polls[j].c != 0; j++)
            EXPECT(&c, sequences[i].polls[j].second * SECOND,
                   SHORT(sequences[i].polls[j].c, sequences[i].polls[j].a),
                   sequences[i].polls[j].alarm ? ALARM_05 : "E5");
    }
}

/* One that comes up while the one before is told is told next. */
static void the_next_alarm_follows(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    meter_raise_alarm(&c.meters[0], 0x05);
    EXPECT(&c, 1 * SECOND, SHORT(0x7A, 5), ALARM_05);
    meter_raise_alarm(&c.meters[0], 0x01);
    EXPECT(&c, 2 * SECOND, SHORT(0x7A, 5), ALARM_05);
    EXPECT(&c, 3 * SECOND, SHORT(0x5A, 5), "68 04 04 68 08 05 71 01 7F 16");
    EXPECT(&c, 4 * SECOND, SHORT(0x7A, 5), "E5");
}

/* What was confirmed by one way stays so, whatever an older answer of the other way covers. */
static void no_alarm_comes_back(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    EXPECT(&c, SECOND / 2, SELECT, "E5");
    meter_raise_alarm(&c.meters[0], 0x05);
    EXPECT(&c, 1 * SECOND, SHORT(0x7A, 5), ALARM_05);
    meter_raise_alarm(&c.meters[0], 0x05);
    EXPECT(&c, 2 * SECOND, SHORT(0x7A, 0xFD), ALARM_05);
    EXPECT(&c, 3 * SECOND, SHORT(0x5A, 0xFD), "E5");
    EXPECT(&c, 4 * SECOND, SHORT(0x5A, 5), "E5");
    EXPECT(&c, 5 * SECOND, SHORT(0x7A, 5), "E5");
    EXPECT(&c, 6 * SECOND, SHORT(0x7A, 0xFD), "E5");
}

/* mbus-protocol 5.6: ACD stands in every RSP_UD and RSP_SKE while an alarm is not told and
 * confirmed. */
static void acd_says_that_one_waits(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    hear(&c, 1 * SECOND, SHORT(0x4B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[4], 0x08);
    meter_raise_alarm(&c.meters[0], 0x05);
    hear(&c, 2 * SECOND, SHORT(0x4B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[4], 0x28);
    EXPECT(&c, 3 * SECOND, SHORT(0x49, 5), "10 2B 05 30 16");
    EXPECT(&c, 4 * SECOND, SHORT(0x7A, 5), ALARM_05);
    hear(&c, 5 * SECOND, SHORT(0x4B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[4], 0x28); /* not yet confirmed */
    EXPECT(&c, 6 * SECOND, SHORT(0x5A, 5), "E5");
    hear(&c, 7 * SECOND, SHORT(0x4B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[4], 0x08);
    EXPECT(&c, 8 * SECOND, SHORT(0x49, 5), "10 0B 05 10 16");
}

/* mbus-protocol 5.6: DFC while writes cannot be kept, and both. */
static void dfc_says_that_it_is_busy(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    c.meters[0].busy = true;
    hear(&c, 1 * SECOND, SHORT(0x4B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[4], 0x18);
    EXPECT(&c, 2 * SECOND, SHORT(0x49, 5), "10 1B 05 20 16");
    meter_raise_alarm(&c.meters[0], 0x05);
    hear(&c, 3 * SECOND, SHORT(0x4B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[4], 0x38);
    EXPECT(&c, 4 * SECOND, SHORT(0x49, 5), "10 3B 05 40 16");
    /* mbus-protocol 5.4: a repeat is the same to the last byte, the C field included. */
    hear(&c, 5 * SECOND, SHORT(0x7B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[4], 0x38);
    c.meters[0].busy = false;
    hear(&c, 6 * SECOND, SHORT(0x7B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[4], 0x38);
    hear(&c, 7 * SECOND, SHORT(0x5B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[4], 0x28);
}

/* 255 asks nobody, and confirms nothing; nor does another meter's poll. */
static void who_is_not_asked(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    meter_raise_alarm(&c.meters[0], 0x05);
    SILENCE(&c, 1 * SECOND, SHORT(0x4A, 0xFF), SLAVE_SILENT);
    SILENCE(&c, 2 * SECOND, SHORT(0x4A, 6), SLAVE_OTHER_ADDRESS);
    SILENCE(&c, 3 * SECOND, SHORT(0x4A, 0xFD), SLAVE_OTHER_ADDRESS);
    EXPECT(&c, 4 * SECOND, SHORT(0x4A, 5), ALARM_05);
}

/* Each bus is told by itself. */
static void two_buses_are_told(void **state)
{
    struct conversation a, b;

    (void)state;
    rich_begin(&a);
    conversation_share(&b, &a);
    meter_raise_alarm(&a.meters[0], 0x05);
    EXPECT(&a, 1 * SECOND, SHORT(0x7A, 5), ALARM_05);
    EXPECT(&a, 2 * SECOND, SHORT(0x5A, 5), "E5");
    hear(&b, 3 * SECOND, SHORT(0x4B, 5));
    assert_int_equal(slave_output(&b.slave)->bytes[4], 0x28);
    EXPECT(&b, 4 * SECOND, SHORT(0x7A, 5), ALARM_05);
    EXPECT(&b, 5 * SECOND, SHORT(0x5A, 5), "E5");
    EXPECT(&a, 6 * SECOND, SHORT(0x7A, 5), "E5");
}

/* mbus-protocol 5.3: its memory is one of its own. */
static void a_readout_is_not_disturbed(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    meter_raise_alarm(&c.meters[0], 0x05);
    hear(&c, 1 * SECOND, SHORT(0x7B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[15], 0);
    slave_settle(&c.slave, 1 * SECOND, SLAVE_SENT);
    EXPECT(&c, 2 * SECOND, SHORT(0x7A, 5), ALARM_05);
    EXPECT(&c, 3 * SECOND, SHORT(0x5A, 5), "E5");
    hear(&c, 4 * SECOND, SHORT(0x7B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[15], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_poll_byte_by_byte),        cmocka_unit_test(until_it_is_confirmed),
        cmocka_unit_test(the_next_alarm_follows),     cmocka_unit_test(no_alarm_comes_back),
        cmocka_unit_test(acd_says_that_one_waits),    cmocka_unit_test(dfc_says_that_it_is_busy),
        cmocka_unit_test(who_is_not_asked),           cmocka_unit_test(two_buses_are_told),
        cmocka_unit_test(a_readout_is_not_disturbed),
    };

    return cmocka_run_group_tests_name("alarm", tests, NULL, NULL);
}
