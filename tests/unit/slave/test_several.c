#include "tests/unit/slave/rich.h"

#include "mbus/link.h"

/* Commands that mean several meters of one process (mbus-protocol 6). */

#define SHORT_BURST "FE FC"
#define LONG_BURST "FE FC F8"
#define SELECT_ALL LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF")

/* At 5, 6 and 7, ids 12345678, 12345679 and 87654321. */
static void begin_three(struct conversation *c)
{
    struct meter_def defs[3] = { rich_def, rich_def, rich_def };

    defs[1].address = 6;
    defs[1].ident.id = 0x12345679;
    defs[2].address = 7;
    defs[2].ident.id = 0x87654321;
    conversation_with(c, defs, 3);
}

static void expect_volumes(const struct conversation *c, int64_t a, int64_t b, int64_t d)
{
    assert_true(c->meters[0].now.cells[VOLUME].value.integer == a);
    assert_true(c->meters[1].now.cells[VOLUME].value.integer == b);
    assert_true(c->meters[2].now.cells[VOLUME].value.integer == d);
}

/* mbus-protocol 6: 254 and 255 mean all, 253 the selected ones; several E5 at once are a burst
 * (mbus-protocol 7.6). */
static void all_that_are_meant_execute(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    DONE(&c, 1 * SECOND, 6, "51 02 16 01 00");
    expect_volumes(&c, 456, 1, 456);
    CLASH(&c, 2 * SECOND, LONG(0x73, 0xFE, "51 02 16 02 00"), SHORT_BURST);
    expect_volumes(&c, 2, 2, 2);
    SILENCE(&c, 3 * SECOND, LONG(0x73, 0xFF, "51 02 16 03 00"), SLAVE_SILENT);
    expect_volumes(&c, 3, 3, 3);
    CLASH(&c, 4 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF 1F FF FF FF FF"), SHORT_BURST);
    CLASH(&c, 5 * SECOND, LONG(0x73, 0xFD, "51 02 16 04 00"), SHORT_BURST);
    expect_volumes(&c, 4, 4, 3);
    EXPECT(&c, 6 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF 8F FF FF FF FF"), "E5");
    DONE(&c, 7 * SECOND, 0xFD, "51 02 16 05 00");
    expect_volumes(&c, 4, 4, 5);
    assert_int_equal(c.n_stores, 5);
}

/* mbus-protocol 13.7: one that refuses is silent, and the others answer. */
static void some_refuse(void **state)
{
    struct conversation c;
    struct meter_def defs[3] = { rich_def, rich_def, rich_def };

    (void)state;
    for (size_t i = 0; i < 3; i++)
        defs[i].address = (uint8_t)(5 + i);
    defs[0].allow = defs[1].allow = 0;
    conversation_with(&c, defs, 3);
    EXPECT(&c, 1 * SECOND, LONG(0x73, 0xFE, "51 0C 79 04 03 02 01"), "E5");
    assert_int_equal(c.meters[0].now.ident.id, 0x12345678);
    assert_int_equal(c.meters[2].now.ident.id, 0x01020304);
    SILENCE(&c, 2 * SECOND, LONG(0x73, 0xFF, "51 0C 79 05 03 02 01"), SLAVE_SILENT);
    assert_int_equal(c.meters[2].now.ident.id, 0x01020305);
    c.defs[2].allow = 0;
    SILENCE(&c, 3 * SECOND, LONG(0x73, 0xFE, "51 0C 79 06 03 02 01"), SLAVE_REFUSED);
    SILENCE(&c, 4 * SECOND, LONG(0x73, 0xFF, "51 0C 79 06 03 02 01"), SLAVE_REFUSED);
    c.defs[1].on_refused = METER_REFUSAL_ERROR;
    EXPECT(&c, 5 * SECOND, LONG(0x73, 0xFE, "51 0C 79 07 03 02 01"), "E5");
    hear(&c, 6 * SECOND, SHORT(0x4B, 6));
    assert_hex(slave_output(&c.slave)->bytes, 10, "68 04 04 68 08 06 70 10 8E 16");
    hear(&c, 7 * SECOND, SHORT(0x4B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[6], 0x72);
}

/* mbus-protocol 6 and 13.1: no two meters of a process get one address but 0. */
static void taken_addresses(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    REFUSED(&c, 1 * SECOND, 5, "51 01 7A 06");
    REFUSED(&c, 2 * SECOND, 5, "51 01 7A 07");
    DONE(&c, 3 * SECOND, 5, "51 01 7A 05"); /* its own */
    DONE(&c, 4 * SECOND, 5, "51 01 7A 08");
    DONE(&c, 5 * SECOND, 6, "51 01 7A 05"); /* given up */
    REFUSED(&c, 6 * SECOND, 7, "51 01 7A 05");
    /* 0 may be shared; what one of two says there collides. */
    DONE(&c, 7 * SECOND, 8, "51 01 7A 00");
    DONE(&c, 8 * SECOND, 7, "51 01 7A 00");
    CLASH(&c, 9 * SECOND, SHORT(0x40, 0), SHORT_BURST);
    CLASH(&c, 10 * SECOND, SHORT(0x5B, 0), LONG_BURST);
    EXPECT(&c, 11 * SECOND, SHORT(0x40, 5), "E5");
    /* By secondary address they are told apart (7). */
    EXPECT(&c, 12 * SECOND, LONG(0x53, 0xFD, "52 78 56 34 12 FF FF FF FF"), "E5");
    REFUSED(&c, 13 * SECOND, 0xFD, "51 01 7A 05");
    DONE(&c, 14 * SECOND, 0xFD, "51 01 7A FA");
    EXPECT(&c, 15 * SECOND, SHORT(0x40, 0), "E5");
    EXPECT(&c, 16 * SECOND, SHORT(0x40, 250), "E5");
}

/* One address for several at once would be shared: only 0 can be. */
static void one_address_for_several(void **state)
{
    static const uint8_t ways[] = { 0xFE, 0xFF, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        struct conversation c;

        begin_three(&c);
        CLASH(&c, 1 * SECOND, SELECT_ALL, SHORT_BURST);
        SILENCE(&c, 2 * SECOND, LONG(0x73, ways[i], "51 01 7A 09"), SLAVE_REFUSED);
        SILENCE(&c, 3 * SECOND, LONG(0x73, ways[i], "51 01 7A 05"), SLAVE_REFUSED);
        for (size_t j = 0; j < 3; j++)
            assert_int_equal(c.meters[j].now.address, 5 + j);
        hear(&c, 4 * SECOND, LONG(0x73, ways[i], "51 01 7A 00"));
        for (size_t j = 0; j < 3; j++)
            assert_int_equal(c.meters[j].now.address, 0);
    }
}

/* mbus-protocol 8.1, CI 5B: the header says which one; then it is alone, whatever the A field. */
static void a_long_header_names_one(void **state)
{
    static const uint8_t ways[] = { 0xFE, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        struct conversation c;

        begin_three(&c);
        CLASH(&c, 1 * SECOND, SELECT_ALL, SHORT_BURST);
        DONE(&c, 2 * SECOND, ways[i], "5B 79 56 34 12 74 52 01 00 00 00 00 00 02 16 07 00");
        expect_volumes(&c, 456, 7, 456);
        DONE(&c, 3 * SECOND, ways[i], "5B 79 56 34 12 74 52 01 00 00 00 00 00 01 7A 09");
        assert_int_equal(c.meters[1].now.address, 9);
        SILENCE(&c, 4 * SECOND, LONG(0x73, ways[i], "5B 77 56 34 12 74 52 01 00 00 00 00 00"),
                SLAVE_OTHER_ADDRESS);
        CLASH(&c, 5 * SECOND,
              LONG(0x73, ways[i], "5B FF FF FF 1F 74 52 FF FF 00 00 00 00 02 16 08 00"),
              SHORT_BURST);
        expect_volumes(&c, 8, 8, 456);
    }
}

/* All of them, or none, are kept: the store fails for the frame. */
static void none_is_kept(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    c.store_fails = true;
    hear(&c, 1 * SECOND, LONG(0x73, 0xFE, "51 08 16 02 16 07 00"));
    assert_null(slave_output(&c.slave));
    assert_int_equal(c.n_stores, 1);
    expect_volumes(&c, 456, 456, 456);
    for (size_t i = 0; i < 3; i++) {
        assert_false(c.meters[i].drafting);
        assert_int_equal(c.members[i].readout.n_list, 0);
        assert_true(c.members[i].path.write.fcb.virgin);
    }
}

/* mbus-protocol 5.5: each has its own memory at 254, they share one at 253. */
static void a_repeat_is_executed_by_none(void **state)
{
    static const uint8_t ways[] = { 0xFE, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        struct conversation c;

        begin_three(&c);
        CLASH(&c, 1 * SECOND, SELECT_ALL, SHORT_BURST);
        CLASH(&c, 2 * SECOND, LONG(0x73, ways[i], "51 02 96 01 01 00"), SHORT_BURST);
        CLASH(&c, 3 * SECOND, LONG(0x73, ways[i], "51 02 96 01 01 00"), SHORT_BURST);
        expect_volumes(&c, 457, 457, 457);
        CLASH(&c, 4 * SECOND, LONG(0x53, ways[i], "51 02 96 01 01 00"), SHORT_BURST);
        expect_volumes(&c, 458, 458, 458);
    }
    struct conversation c;

    begin_three(&c);
    SILENCE(&c, 1 * SECOND, LONG(0x73, 0xFF, "51 02 96 01 01 00"), SLAVE_SILENT);
    SILENCE(&c, 2 * SECOND, LONG(0x73, 0xFF, "51 02 96 01 01 00"), SLAVE_SILENT);
    expect_volumes(&c, 457, 457, 457);
}

/* 9 and 14.3 for all of them. */
static void commands_without_values(void **state)
{
    struct conversation c;

    (void)state;
    begin_three(&c);
    CLASH(&c, 1 * SECOND, LONG(0x53, 0xFE, "50 10"), SHORT_BURST);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(c.members[i].readout.application, 0x10);
    SILENCE(&c, 2 * SECOND, LONG(0x53, 0xFF, "50"), SLAVE_SILENT);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(c.members[i].readout.application, 0);
    DONE(&c, 3 * SECOND, 5, "51 02 96 0A 07 00");
    DONE(&c, 4 * SECOND, 7, "51 02 96 0A 08 00");
    SILENCE(&c, 5 * SECOND, LONG(0x53, 0xFF, "5C"), SLAVE_SILENT);
    expect_volumes(&c, 7, 456, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_are_meant_execute),
        cmocka_unit_test(some_refuse),
        cmocka_unit_test(taken_addresses),
        cmocka_unit_test(one_address_for_several),
        cmocka_unit_test(a_long_header_names_one),
        cmocka_unit_test(none_is_kept),
        cmocka_unit_test(a_repeat_is_executed_by_none),
        cmocka_unit_test(commands_without_values),
    };

    return cmocka_run_group_tests_name("several", tests, NULL, NULL);
}
