#include "tests/unit/slave/conversation.h"

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
    SILENCE(&c, 5 * SECOND, "10 40 FD 3D 16", SLAVE_SILENT); /* not selected */
    SILENCE(&c, 6 * SECOND, "10 40 FB 3B 16", SLAVE_OTHER_ADDRESS);
    SILENCE(&c, 7 * SECOND, "10 40 FC 3C 16", SLAVE_OTHER_ADDRESS);
}

static void every_primary_address(void **state)
{
    struct conversation c;

    (void)state;
    for (unsigned address = 0; address <= 250; address++) {
        uint8_t request[] = { 0x10, 0x5B, (uint8_t)address, (uint8_t)(0x5B + address), 0x16 };
        struct slave_event event;

        struct meter_def def = conversation_def;

        def.address = (uint8_t)address;
        conversation_with(&c, &def, 1);
        slave_input(&c.slave, address * SECOND, request, sizeof(request), &event);
        assert_int_equal(event.verdict, SLAVE_ANSWER);
        assert_int_equal(slave_output(&c.slave)->bytes[5], address);
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
    { "68 03 03 68 53 03 50 A6 16", SLAVE_REFUSED }, /* not allowed */
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

/* ---- secondary addressing, mbus-protocol 7 and 16.4 ---- */

#define SELECT "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16"
#define SELECT_53 "68 0B 0B 68 53 FD 52 78 56 34 12 74 52 01 00 7D 16"
#define SELECT_ALL "68 0B 0B 68 73 FD 52 FF FF FF FF FF FF FF FF BA 16"
#define SELECT_OTHER "68 0B 0B 68 73 FD 52 79 56 34 12 74 52 01 00 9E 16"
#define READ_SELECTED "10 7B FD 78 16"

static void a_selected_meter_answers_at_253(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    SILENCE(&c, 1 * SECOND, READ_SELECTED, SLAVE_OTHER_ADDRESS);
    EXPECT(&c, 2 * SECOND, SELECT, "E5");
    EXPECT(&c, 3 * SECOND, READ_SELECTED, STOCK_0); /* with its own primary address */
    EXPECT(&c, 4 * SECOND, READ_SELECTED, STOCK_0);
    EXPECT(&c, 5 * SECOND, "10 5A FD 57 16", "E5");
    EXPECT(&c, 6 * SECOND, SELECT_53, "E5"); /* clears the FCB of this path */
    EXPECT(&c, 7 * SECOND, READ_SELECTED, STOCK_1);
    EXPECT(&c, 8 * SECOND, SELECT_ALL, "E5");
    EXPECT(&c, 9 * SECOND, "10 5B FD 58 16", STOCK_2);
}

/* mbus-protocol 5.3: each path has a memory of its own. */
static void the_paths_do_not_disturb_each_other(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, SELECT, "E5");
    EXPECT(&c, 2 * SECOND, READ_SELECTED, STOCK_0);
    EXPECT(&c, 3 * SECOND, "10 7B 03 7E 16", STOCK_1);
    EXPECT(&c, 4 * SECOND, READ_SELECTED, STOCK_0);
    EXPECT(&c, 5 * SECOND, "10 7B 03 7E 16", STOCK_1);
    EXPECT(&c, 6 * SECOND, "10 40 03 43 16", "E5"); /* does not deselect (mbus-protocol 7.2) */
    EXPECT(&c, 7 * SECOND, READ_SELECTED, STOCK_0);
}

/* mbus-protocol 7.2, row by row: what deselects, and how it is answered. */
static const struct {
    const char *bytes;
    enum slave_verdict verdict;
    bool deselects;
} deselecting[] = {
    { SELECT_OTHER, SLAVE_SILENT, true },
    { "68 0B 0B 68 53 FD 56 78 56 34 12 74 52 01 00 81 16", SLAVE_SILENT, true }, /* mode 2 */
    { "68 0B 0B 68 53 FD 56 12 34 56 78 52 74 01 00 81 16", SLAVE_SILENT, true },
    { "10 40 FD 3D 16", SLAVE_ANSWER, true },
    { "10 40 FF 3F 16", SLAVE_SILENT, true },
    { "68 0A 0A 68 73 FD 52 78 56 34 12 74 52 01 9D 16", SLAVE_SILENT, true }, /* 7 bytes */
    { "68 0C 0C 68 73 FD 52 78 56 34 12 74 52 01 00 0C A9 16", SLAVE_SILENT, true },
    { "10 40 03 43 16", SLAVE_ANSWER, false },
    { "10 40 FE 3E 16", SLAVE_ANSWER, false },
    { "10 7B 03 7E 16", SLAVE_ANSWER, false },
    { "10 7B 04 7F 16", SLAVE_OTHER_ADDRESS, false },
    { "68 0B 0B 68 73 FD 52 79 56 34 12 74 52 01 00 9D 16", SLAVE_FAULT, false }, /* checksum */
    { "68 0B 0B 68 73 FE 52 79 56 34 12 74 52 01 00 9F 16", SLAVE_UNKNOWN, false },
    { "68 0B 0B 68 73 03 52 79 56 34 12 74 52 01 00 A4 16", SLAVE_UNKNOWN, false },
};

static void what_deselects(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(deselecting); i++) {
        struct conversation c;

        conversation_begin(&c);
        EXPECT(&c, 1 * SECOND, SELECT, "E5");
        assert_int_equal(hear(&c, 2 * SECOND, deselecting[i].bytes).verdict,
                         deselecting[i].verdict);
        if (slave_output(&c.slave) != NULL)
            slave_settle(&c.slave, 2 * SECOND, SLAVE_SENT);
        assert_int_equal(hear(&c, 3 * SECOND, "10 5A FD 57 16").verdict,
                         deselecting[i].deselects ? SLAVE_OTHER_ADDRESS : SLAVE_ANSWER);
    }
}

/* mbus-protocol 7.3, and its option. */
static const struct {
    enum meter_nke_253 who;
    enum slave_verdict unselected, selected;
} nke_253[] = {
    { METER_NKE_253_SELECTED, SLAVE_SILENT, SLAVE_ANSWER },
    { METER_NKE_253_ALWAYS, SLAVE_ANSWER, SLAVE_ANSWER },
    { METER_NKE_253_NEVER, SLAVE_SILENT, SLAVE_SILENT },
};

static void who_answers_the_reset_of_253(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(nke_253); i++) {
        struct conversation c;
        struct meter_def def = conversation_def;

        def.nke_253 = nke_253[i].who;
        conversation_with(&c, &def, 1);
        assert_int_equal(hear(&c, 1 * SECOND, "10 40 FD 3D 16").verdict, nke_253[i].unselected);
        hear(&c, 2 * SECOND, SELECT);
        assert_int_equal(hear(&c, 3 * SECOND, "10 40 FD 3D 16").verdict, nke_253[i].selected);
        assert_int_equal(hear(&c, 4 * SECOND, READ_SELECTED).verdict, SLAVE_OTHER_ADDRESS);
    }
}

/* mbus-protocol 5.3: a common master resets by 253 alone and then reads by the primary address. */
static void the_reset_of_253_resets_the_primary_path_too(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 7B 03 7E 16", STOCK_0);
    EXPECT(&c, 2 * SECOND, SELECT, "E5");
    EXPECT(&c, 3 * SECOND, "10 40 FD 3D 16", "E5");
    EXPECT(&c, 4 * SECOND, "10 7B 03 7E 16", STOCK_1);
}

/* mbus-protocol 11: a meter of the fixed structure is known by its id, and its old medium. */
static void the_fixed_structure_is_selected_by_its_id(void **state)
{
    struct conversation c;
    struct meter_def def = conversation_def;

    (void)state;
    def.structure = METER_FIXED;
    def.ident.medium = 0x15; /* hot water, which has code 6 there */
    conversation_with(&c, &def, 1);
    SILENCE(&c, 1 * SECOND, "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 07 A4 16", SLAVE_SILENT);
    EXPECT(&c, 2 * SECOND, "68 0B 0B 68 73 FD 52 78 56 34 12 FF FF FF FF D2 16", "E5");
    EXPECT(&c, 3 * SECOND, "68 0B 0B 68 73 FD 52 78 56 34 12 FF FF FF 06 D9 16", "E5");
    SILENCE(&c, 4 * SECOND, "68 0B 0B 68 73 FD 52 78 56 34 12 FF FF FF 15 E8 16", SLAVE_SILENT);
}

/* mbus-protocol 5.1: the status of the link has our own address and changes nothing. */
static void req_ske(void **state)
{
    struct conversation c;

    (void)state;
    conversation_begin(&c);
    EXPECT(&c, 1 * SECOND, "10 7B 03 7E 16", STOCK_0);
    EXPECT(&c, 2 * SECOND, "10 49 03 4C 16", "10 0B 03 0E 16");
    EXPECT(&c, 3 * SECOND, "10 49 FE 47 16", "10 0B 03 0E 16");
    SILENCE(&c, 4 * SECOND, "10 49 FF 48 16", SLAVE_SILENT);
    EXPECT(&c, 5 * SECOND, "10 7B 03 7E 16", STOCK_0);
}

/* ---- several meters on one bus, mbus-protocol 6 and 7.6 ---- */

#define SHORT_BURST "FE FC"
#define LONG_BURST "FE FC F8"

static void begin_three(struct conversation *c)
{
    struct meter_def defs[3] = { conversation_def, conversation_def, conversation_def };

    defs[1].address = 4;
    defs[1].ident.id = 0x12345679;
    defs[2].address = 250;
    defs[2].ident.id = 0x87654321;
    conversation_with(c, defs, 3);
}

static void each_meter_has_its_address_and_its_memory(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    EXPECT(&c, 1 * SECOND, "10 7B 03 7E 16", STOCK_0);
    hear(&c, 2 * SECOND, "10 7B 04 7F 16");
    assert_int_equal(slave_output(&c.slave)->bytes[5], 4);
    assert_int_equal(slave_output(&c.slave)->bytes[7], 0x79);
    slave_settle(&c.slave, 2 * SECOND, SLAVE_SENT);
    EXPECT(&c, 3 * SECOND, "10 40 FA 3A 16", "E5");
    EXPECT(&c, 4 * SECOND, "10 7B 03 7E 16", STOCK_0);
    SILENCE(&c, 5 * SECOND, "10 40 05 45 16", SLAVE_OTHER_ADDRESS);
}

static void several_answers_are_a_collision(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    CLASH(&c, 1 * SECOND, "10 40 FE 3E 16", SHORT_BURST);
    CLASH(&c, 2 * SECOND, "10 7B FE 79 16", LONG_BURST);
    CLASH(&c, 3 * SECOND, "10 5A FE 58 16", SHORT_BURST);
    CLASH(&c, 4 * SECOND, SELECT_ALL, SHORT_BURST);
    CLASH(&c, 5 * SECOND, READ_SELECTED, LONG_BURST);
    SILENCE(&c, 6 * SECOND, "10 40 FF 3F 16", SLAVE_SILENT);
    SILENCE(&c, 7 * SECOND, READ_SELECTED, SLAVE_OTHER_ADDRESS);
}

/* mbus-protocol 7.6: the search of a master, digit by digit. */
static void a_search_finds_each_meter(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    CLASH(&c, 1 * SECOND, "68 0B 0B 68 73 FD 52 FF FF FF 1F FF FF FF FF DA 16", SHORT_BURST);
    EXPECT(&c, 2 * SECOND, "68 0B 0B 68 73 FD 52 FF FF FF 8F FF FF FF FF 4A 16", "E5");
    SILENCE(&c, 3 * SECOND, "68 0B 0B 68 73 FD 52 FF FF FF 2F FF FF FF FF EA 16", SLAVE_SILENT);
    EXPECT(&c, 4 * SECOND, SELECT, "E5");
    EXPECT(&c, 5 * SECOND, READ_SELECTED, STOCK_0);
    EXPECT(&c, 6 * SECOND, SELECT_OTHER, "E5");
    hear(&c, 7 * SECOND, READ_SELECTED);
    assert_int_equal(slave_output(&c.slave)->bytes[5], 4);
}

/* mbus-protocol 6: address 0 is that of fresh meters, and several of them collide. */
static void fresh_meters_share_address_0(void **state)
{
    struct conversation c;
    struct meter_def defs[2] = { conversation_def, conversation_def };

    (void)state;
    defs[0].address = defs[1].address = 0;
    defs[1].ident.id = 0x12345679;
    conversation_with(&c, defs, 2);
    CLASH(&c, 1 * SECOND, "10 40 00 40 16", SHORT_BURST);
    CLASH(&c, 2 * SECOND, "10 7B 00 7B 16", LONG_BURST);
    EXPECT(&c, 3 * SECOND, SELECT, "E5");
    hear(&c, 4 * SECOND, READ_SELECTED);
    assert_int_equal(slave_output(&c.slave)->bytes[5], 0);
}

/* A reload has given a meter another address and another id. */
static void changed_addresses_hold_at_once(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    c.meters[0].now.address = 9;
    c.meters[0].now.ident.id = 0x00000009;
    slave_update_addresses(&c.slave);
    SILENCE(&c, 1 * SECOND, "10 40 03 43 16", SLAVE_OTHER_ADDRESS);
    EXPECT(&c, 2 * SECOND, "10 40 09 49 16", "E5");
    SILENCE(&c, 3 * SECOND, SELECT, SLAVE_SILENT);
    EXPECT(&c, 4 * SECOND, "68 0B 0B 68 73 FD 52 09 00 00 00 74 52 01 00 92 16", "E5");
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
        cmocka_unit_test(a_selected_meter_answers_at_253),
        cmocka_unit_test(the_paths_do_not_disturb_each_other),
        cmocka_unit_test(what_deselects),
        cmocka_unit_test(who_answers_the_reset_of_253),
        cmocka_unit_test(the_reset_of_253_resets_the_primary_path_too),
        cmocka_unit_test(the_fixed_structure_is_selected_by_its_id),
        cmocka_unit_test(req_ske),
        cmocka_unit_test(each_meter_has_its_address_and_its_memory),
        cmocka_unit_test(several_answers_are_a_collision),
        cmocka_unit_test(a_search_finds_each_meter),
        cmocka_unit_test(fresh_meters_share_address_0),
        cmocka_unit_test(changed_addresses_hold_at_once),
    };

    return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
