#include "tests/unit/slave/conversation.h"

#define SECOND USEC_PER_SEC

/* mbus-protocol 16.1 and 6: who is meant, and who answers. */
static void snd_nke(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 40 03 43 16", "E5");
    EXPECT(&c, 2 * SECOND, "10 40 FE 3E 16", "E5");
    SILENCE(&c, 3 * SECOND, "10 40 FF 3F 16", SLAVE_SILENT);
    SILENCE(&c, 4 * SECOND, "10 40 04 44 16", SLAVE_OTHER_ADDRESS);
    SILENCE(&c, 5 * SECOND, "10 40 FD 3D 16", SLAVE_OTHER_ADDRESS);
    SILENCE(&c, 6 * SECOND, "10 40 FB 3B 16", SLAVE_OTHER_ADDRESS);
    SILENCE(&c, 7 * SECOND, "10 40 FC 3C 16", SLAVE_OTHER_ADDRESS);
}

static void every_primary_address(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    for (unsigned address = 0; address <= 250; address++) {
        uint8_t request[] = { 0x10, 0x5B, (uint8_t)address, (uint8_t)(0x5B + address), 0x16 };
        struct slave_event event;

        c.def.address = (uint8_t)address;
        slave_input(&c.slave, address * SECOND, request, sizeof(request), &event);
        assert_int_equal(event.verdict, SLAVE_ANSWER);
        assert_int_equal(slave_output(&c.slave)->bytes[5], address);
        slave_settle(&c.slave, address * SECOND, SLAVE_SENT);
        slave_forget_telegram(&c.slave);
    }
}

/* mbus-protocol 5.1 and 14.2: no alarm function, E5. */
static void req_ud1(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 5A 03 5D 16", "E5");
    EXPECT(&c, 2 * SECOND, "10 7A 03 7D 16", "E5");
    EXPECT(&c, 3 * SECOND, "10 4A FE 48 16", "E5");
    SILENCE(&c, 4 * SECOND, "10 5A FF 59 16", SLAVE_SILENT);
    EXPECT(&c, 5 * SECOND, "10 7B 03 7E 16", STOCK_0);
}

/* mbus-protocol 5.4: after a reset both FCB mean telegram 1. */
static void first_readout_of_either_fcb(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 5B 03 5E 16", STOCK_0);
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 7B 03 7E 16", STOCK_0);
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 7B FE 79 16", STOCK_0);
}

/* mbus-protocol 5.4 and 10.3: the very same bytes, access number included. */
static void repeated_fcb_replays(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 7B 03 7E 16", STOCK_0);
    EXPECT(&c, 2 * SECOND, "10 7B 03 7E 16", STOCK_0);
    EXPECT(&c, 3 * SECOND, "10 7B FE 79 16", STOCK_0); /* 254 is the same path */
    EXPECT(&c, 4 * SECOND, "10 5B 03 5E 16", STOCK_1);
    EXPECT(&c, 5 * SECOND, "10 5B 03 5E 16", STOCK_1);
    EXPECT(&c, 6 * SECOND, "10 7B 03 7E 16", STOCK_2);
}

/* mbus-protocol 5.4, T_repeat: counted from when the telegram was made, so that a master that never
 * toggles and polls faster than that gets fresh values all the same. */
static void repeat_time_ends_the_replay(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 5B 03 5E 16", STOCK_0);
    EXPECT(&c, 7 * SECOND, "10 5B 03 5E 16", STOCK_0);
    EXPECT(&c, 11 * SECOND, "10 5B 03 5E 16", STOCK_0);
    EXPECT(&c, 11 * SECOND + 1, "10 5B 03 5E 16", STOCK_1);
    EXPECT(&c, 20 * SECOND, "10 5B 03 5E 16", STOCK_1);
}

/* mbus-protocol 5.3: SND_NKE forgets, by every address of the path. */
static void link_reset_forgets_the_fcb(void **state)
{
    static const char *const resets[] = { "10 40 03 43 16", "10 40 FE 3E 16", "10 40 FF 3F 16" };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(resets); i++) {
        struct conversation c;

        conversation_begin(&c);
        EXPECT(&c, 1 * SECOND, "10 7B 03 7E 16", STOCK_0);
        hear(&c, 2 * SECOND, resets[i]);
        if (slave_output(&c.slave) != NULL)
            slave_settle(&c.slave, 2 * SECOND, SLAVE_SENT);
        EXPECT(&c, 3 * SECOND, "10 7B 03 7E 16", STOCK_1);
    }
}

/* mbus-protocol 5.1 and 5.4: FCV = 0 is a fresh telegram, and leaves the FCB alone. */
static void without_fcv_values_are_fresh(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 4B 03 4E 16", STOCK_0);
    EXPECT(&c, 2 * SECOND, "10 6B 03 6E 16", STOCK_1);
    EXPECT(&c, 3 * SECOND, "10 5B 03 5E 16", STOCK_2);
}

/* mbus-protocol 16.12 and 5.1: silence, and nothing changes. */
static const struct {
    const char *bytes;
    enum slave_verdict verdict;
} unanswered[] = {
    { "10 08 03 0B 16", SLAVE_FOREIGN },             /* PRM = 0 */
    { "10 C0 03 C3 16", SLAVE_UNKNOWN },             /* bit 7 */
    { "10 4F 03 52 16", SLAVE_UNKNOWN },             /* no function */
    { "10 60 03 63 16", SLAVE_UNKNOWN },             /* SND_NKE with FCB */
    { "10 50 03 53 16", SLAVE_UNKNOWN },             /* SND_NKE with FCV */
    { "10 44 03 47 16", SLAVE_UNKNOWN },             /* wireless */
    { "10 53 03 56 16", SLAVE_UNKNOWN },             /* SND_UD is no short frame */
    { "68 03 03 68 7B 03 50 CE 16", SLAVE_UNKNOWN }, /* REQ_UD2 is no long one */
    { "68 03 03 68 53 03 50 A6 16", SLAVE_UNKNOWN }, /* no command is taken in this version */
    { "10 7B 06 81 16", SLAVE_OTHER_ADDRESS },
    { "10 7B FF 7A 16", SLAVE_SILENT },
    { "10 7B FB 76 16", SLAVE_OTHER_ADDRESS },
    { "10 7B FC 77 16", SLAVE_OTHER_ADDRESS },
    { "10 7B FD 78 16", SLAVE_OTHER_ADDRESS },
    { "E5", SLAVE_FOREIGN },
    { STOCK_0, SLAVE_FOREIGN },
};

static void what_gets_no_answer_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(unanswered); i++) {
        struct conversation c;

        conversation_begin(&c);
        EXPECT(&c, 1 * SECOND, "10 7B 03 7E 16", STOCK_0);
        SILENCE(&c, 2 * SECOND, unanswered[i].bytes, unanswered[i].verdict);
        assert_int_equal(c.slave.counters.verdicts[unanswered[i].verdict], 1);
        EXPECT(&c, 3 * SECOND, "10 7B 03 7E 16", STOCK_0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snd_nke),
        cmocka_unit_test(every_primary_address),
        cmocka_unit_test(req_ud1),
        cmocka_unit_test(first_readout_of_either_fcb),
        cmocka_unit_test(repeated_fcb_replays),
        cmocka_unit_test(repeat_time_ends_the_replay),
        cmocka_unit_test(link_reset_forgets_the_fcb),
        cmocka_unit_test(without_fcv_values_are_fresh),
        cmocka_unit_test(what_gets_no_answer_changes_nothing),
    };

    return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
