/* A meter that plays dead: for every master it is not there (mbus-protocol 6, 7). And what a meter
 * counts of what it is asked. */
#include "tests/unit/slave/rich.h"

/* Three meters: 3, 4 and 5, of which the second is mute. */
static void begin_three(struct conversation *c)
{
    struct meter_def defs[] = { conversation_def, conversation_def, conversation_def };

    for (size_t i = 0; i < ARRAY_SIZE(defs); i++) {
        defs[i].address = (uint8_t)(3 + i);
        defs[i].ident.id = (uint32_t)(0x12345678 + i);
        defs[i].nke_253 = METER_NKE_253_ALWAYS;
        defs[i].allow = ALLOW_ALL;
    }
    conversation_with(c, defs, ARRAY_SIZE(defs));
}

static void mute(struct conversation *c, size_t i, bool is_mute)
{
    c->meters[i].is_mute = is_mute;
    slave_update_addresses(&c->slave);
}

#define SELECT_ALL LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF")
#define SELECT_SECOND LONG(0x53, 0xFD, "52 79 56 34 12 FF FF FF FF")

static void nobody_is_at_its_address(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    EXPECT(&c, 1 * SECOND, SHORT(0x40, 4), "E5");
    mute(&c, 1, true);
    SILENCE(&c, 2 * SECOND, SHORT(0x40, 4), SLAVE_OTHER_ADDRESS);
    SILENCE(&c, 3 * SECOND, SHORT(0x5B, 4), SLAVE_OTHER_ADDRESS);
    SILENCE(&c, 4 * SECOND, LONG(0x53, 4, "51 01 7A 08"), SLAVE_OTHER_ADDRESS);
    EXPECT(&c, 5 * SECOND, SHORT(0x40, 3), "E5");
    mute(&c, 1, false);
    EXPECT(&c, 6 * SECOND, SHORT(0x40, 4), "E5");
}

/* At 254 everybody answers: of two the master sees a collision, of one an answer. */
static void it_answers_no_test_of_all(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    mute(&c, 0, true);
    CLASH(&c, 1 * SECOND, SHORT(0x40, 0xFE), "FE FC");
    mute(&c, 1, true);
    EXPECT(&c, 2 * SECOND, SHORT(0x40, 0xFE), "E5");
    mute(&c, 2, true);
    SILENCE(&c, 3 * SECOND, SHORT(0x40, 0xFE), SLAVE_OTHER_ADDRESS);
}

static void no_selection_finds_it(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    mute(&c, 1, true);
    SILENCE(&c, 1 * SECOND, SELECT_SECOND, SLAVE_SILENT);
    CLASH(&c, 2 * SECOND, SELECT_ALL, "FE FC");
    mute(&c, 2, true);
    EXPECT(&c, 3 * SECOND, SELECT_ALL, "E5");
    EXPECT(&c, 4 * SECOND, SHORT(0x40, 0xFD), "E5");
}

/* One that was selected is selected no longer, also when it speaks again. */
static void a_selection_ends_with_it(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    EXPECT(&c, 1 * SECOND, SELECT_SECOND, "E5");
    mute(&c, 1, true);
    SILENCE(&c, 2 * SECOND, SHORT(0x5B, 0xFD), SLAVE_OTHER_ADDRESS);
    mute(&c, 1, false);
    SILENCE(&c, 3 * SECOND, SHORT(0x5B, 0xFD), SLAVE_OTHER_ADDRESS);
    EXPECT(&c, 4 * SECOND, SELECT_SECOND, "E5");
}

/* mbus-protocol 6: 255 is for everybody who listens. */
static void a_broadcast_does_not_reach_it(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    mute(&c, 1, true);
    SILENCE(&c, 1 * SECOND, LONG(0x53, 0xFF, "51 04 6D 1E 2F 81 26"), SLAVE_SILENT);
    assert_true(c.meters[0].now.clock_offset != 0);
    assert_int_equal(c.meters[1].now.clock_offset, 0);
    assert_true(c.meters[2].now.clock_offset != 0);
}

/* mbus-protocol 13.4: who is mute does not let the rate of the bus be changed. */
static void it_allows_no_rate(void **state)
{
    struct meter_def defs[] = { conversation_def, conversation_def };
    struct conversation c;

    (void)state;
    defs[1].address = 4;
    defs[1].allow = METER_ALLOW_BAUD;
    conversation_with(&c, defs, 2);
    assert_true(c.slave.allows_baud);
    mute(&c, 1, true);
    assert_false(c.slave.allows_baud);
}

/* ---- what a meter counts ---- */

static void requests_and_answers_are_counted(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    EXPECT(&c, 1 * SECOND, SHORT(0x40, 3), "E5");
    assert_int_equal(c.meters[0].tally.requests, 1);
    assert_int_equal(c.meters[0].tally.answers, 0); /* whoever sends it says when it leaves */
    hear(&c, 2 * SECOND, SHORT(0x40, 3));
    assert_ptr_equal(slave_leaving(&c.slave), &c.meters[0]);
    assert_int_equal(c.meters[0].tally.answers, 1);
    slave_settle(&c.slave, 2 * SECOND, SLAVE_SENT);
    assert_int_equal(c.meters[0].tally.answers, 1);
    assert_int_equal(c.meters[0].tally.requests, 2);
    assert_int_equal(c.meters[0].tally.errors, 0);
    assert_int_equal(c.meters[1].tally.requests, 0);
}

static void what_did_not_leave_is_no_answer(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    hear(&c, 1 * SECOND, SHORT(0x40, 3));
    slave_leaving(&c.slave);
    slave_settle(&c.slave, 1 * SECOND, SLAVE_UNSENT);
    assert_int_equal(c.meters[0].tally.answers, 0);
    hear(&c, 2 * SECOND, SHORT(0x40, 3));
    slave_settle(&c.slave, 3 * SECOND, SLAVE_LATE);
    assert_int_equal(c.meters[0].tally.answers, 0);
    assert_int_equal(c.meters[0].tally.requests, 2);
}

static void what_is_refused_is_an_error(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    SILENCE(&c, 1 * SECOND, LONG(0x53, 3, "51 02 FD 49 01 00"), SLAVE_REFUSED);
    SILENCE(&c, 2 * SECOND, SHORT(0x4F, 3), SLAVE_UNKNOWN);
    assert_int_equal(c.meters[0].tally.requests, 2);
    assert_int_equal(c.meters[0].tally.errors, 2);
}

/* Several meters are asked at once: it is nobody's answer. */
static void what_is_for_all_is_not_counted(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    hear(&c, 1 * SECOND, SHORT(0x40, 0xFE));
    assert_null(slave_leaving(&c.slave));
    slave_settle(&c.slave, 1 * SECOND, SLAVE_SENT);
    SILENCE(&c, 2 * SECOND, SHORT(0x40, 0xFF), SLAVE_SILENT);
    assert_int_equal(c.meters[0].tally.requests + c.meters[1].tally.requests, 0);
}

/* ---- values in error and what masters do to them ---- */

static void begin_live(struct conversation *c)
{
    rich_begin(c);
    c->meters[0].now.cells[ENERGY].error = 0x15;
    c->meters[0].now.cells[FLOW].error = 0x18;
    c->meters[0].n_errors = 2;
}

/* mbus-protocol 13.6: nobody adds to a number that is none; written or cleared, it is one. */
static void arithmetic_needs_a_number(void **state)
{
    struct conversation c;

    (void)state;
    begin_live(&c);
    SILENCE(&c, 1 * SECOND, LONG(0x53, 5, "51 0C 86 01 01 00 00 00"), SLAVE_REFUSED);
    EXPECT(&c, 2 * SECOND, LONG(0x53, 5, "51 0C 06 42 00 00 00"), "E5");
    assert_int_equal(c.meters[0].now.cells[ENERGY].error, 0);
    assert_int_equal(c.meters[0].n_errors, 1);
    EXPECT(&c, 3 * SECOND, LONG(0x53, 5, "51 0C 86 01 01 00 00 00"), "E5");
    assert_int_equal(c.meters[0].now.cells[ENERGY].value.integer, 43);
}

/* mbus-protocol 13.6: what is frozen is what there was, also when that was no value. */
static void a_frozen_error_stays_one(void **state)
{
    struct conversation c;

    (void)state;
    begin_live(&c);
    EXPECT(&c, 1 * SECOND, LONG(0x53, 5, "51 40 DA 0B"), "E5");
    assert_int_equal(c.meters[0].now.cells[FLOW_STORED].error, 0x18);
    assert_int_equal(c.meters[0].now.cells[FLOW_STORED].value.integer, 300);
    c.meters[0].now.cells[FLOW].error = 0;
    EXPECT(&c, 2 * SECOND, LONG(0x73, 5, "51 40 DA 0B"), "E5");
    assert_int_equal(c.meters[0].now.cells[FLOW_STORED].error, 0);
    assert_int_equal(c.meters[0].now.cells[FLOW_STORED].value.integer, 512);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_at_its_address),
        cmocka_unit_test(it_answers_no_test_of_all),
        cmocka_unit_test(no_selection_finds_it),
        cmocka_unit_test(a_selection_ends_with_it),
        cmocka_unit_test(a_broadcast_does_not_reach_it),
        cmocka_unit_test(it_allows_no_rate),
        cmocka_unit_test(requests_and_answers_are_counted),
        cmocka_unit_test(what_did_not_leave_is_no_answer),
        cmocka_unit_test(what_is_refused_is_an_error),
        cmocka_unit_test(what_is_for_all_is_not_counted),
        cmocka_unit_test(arithmetic_needs_a_number),
        cmocka_unit_test(a_frozen_error_stays_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
