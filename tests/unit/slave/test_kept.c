#include "tests/unit/slave/rich.h"

#include "mbus/link.h"

/* What a master sets is kept before it is acknowledged: effects. */

static bool next_effect(struct conversation *c, usec_t now, struct slave_effect *ret)
{
    return slave_effect(&c->slave, now, ret);
}

static void give(struct conversation *c, usec_t now, const char *text)
{
    uint8_t bytes[FRAME_MAX];
    size_t n = test_hex(text, bytes, sizeof(bytes));
    struct slave_event event;

    assert_int_equal(slave_input(&c->slave, now, bytes, n, &event), n);
}

/* Between request and E5 nothing leaves, nothing is heard, and nothing has changed. */
static void nothing_leaves_before_it_is_kept(void **state)
{
    struct conversation c;
    struct slave_effect effect;
    struct slave_event event;
    uint8_t byte = 0x10;

    (void)state;
    rich_begin(&c);
    assert_false(next_effect(&c, 1 * SECOND, &effect));
    give(&c, 1 * SECOND, LONG(0x73, 5, "51 01 7A 08"));
    assert_null(slave_output(&c.slave));
    assert_true(next_effect(&c, 1 * SECOND, &effect));
    assert_int_equal(effect.task, SLAVE_STORE);
    assert_true(c.meters[0].drafting);
    assert_int_equal(c.meters[0].draft.address, 8);
    assert_int_equal(c.meters[0].now.address, 5);
    assert_int_equal(slave_input(&c.slave, 1 * SECOND, &byte, 1, &event), 0);
    slave_effect_done(&c.slave, 1 * SECOND + 1000, &effect, true);
    assert_int_equal(c.meters[0].now.address, 8);
    assert_false(c.meters[0].drafting);
    assert_hex(slave_output(&c.slave)->bytes, slave_output(&c.slave)->n, "E5");
    /* Its window is that of the request, however long keeping took (mbus-protocol 13.7). */
    assert_int_equal(slave_output(&c.slave)->not_before, 1 * SECOND + T_BIT11);
    assert_int_equal(slave_output(&c.slave)->not_after, 1 * SECOND + T_LATEST);
    assert_false(next_effect(&c, 1 * SECOND + 1000, &effect));
}

/* No E5 for what was not kept, and nothing of it has happened: each kind of command. */
static const char *const lost[] = {
    "51 01 7A 08",          "51 0C 79 04 03 02 01", "51 07 79 04 03 02 01 24 40 01 04",
    "51 04 6D 22 0C 11 35", "51 02 16 07 00",       "51 0C 86 01 10 00 00 00",
    "51 00 96 07",          "51 40 DA 0B",          "51 08 96 0D",
    "51 02 96 0A 07 00",    "51 08 13 02 16 07 00", /* a list for the readout beside a value */
    "51 7F 01 7A 08",
};

static void what_is_not_kept_has_not_happened(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(lost); i++) {
        struct conversation c;
        struct meter_cell cells[RICH_CELLS];
        struct readout readout;
        struct meter_content before;

        rich_begin(&c);
        hear(&c, 1 * SECOND, SHORT(0x7B, 5));
        slave_settle(&c.slave, 1 * SECOND, SLAVE_SENT);
        before = c.meters[0].now;
        readout = c.members[0].readout;
        memcpy(cells, before.cells, sizeof(cells));
        c.store_fails = true;
        hear(&c, 2 * SECOND, LONG(0x73, 5, lost[i]));
        assert_int_equal(c.n_stores, 1);
        assert_null(slave_output(&c.slave));
        assert_int_equal(c.slave.counters.fates[SLAVE_NOT_KEPT], 1);
        assert_memory_equal(&c.meters[0].now, &before, sizeof(before));
        assert_memory_equal(c.meters[0].now.cells, cells, sizeof(cells));
        assert_memory_equal(&c.members[0].readout, &readout, sizeof(readout));
        assert_int_equal(c.meters[0].n_delayed, 0);
        assert_int_equal(c.meters[0].generation, 0);
        assert_false(c.meters[0].drafting);
        assert_true(c.members[0].path.write.fcb.virgin); /* the write is forgotten */
        /* The stored telegram is still one to repeat. */
        hear(&c, 3 * SECOND, SHORT(0x7B, 5));
        assert_int_equal(slave_output(&c.slave)->bytes[15], 0);
    }
}

/* The master repeats what got no E5: with the same FCB it is carried out then, once. */
static void the_repeat_is_carried_out(void **state)
{
    static const uint8_t ways[] = { 5, 0xFE, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        struct conversation c;

        rich_begin(&c);
        EXPECT(&c, 1 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "E5");
        c.store_fails = true;
        hear(&c, 2 * SECOND, LONG(0x73, ways[i], "51 0C 86 01 10 00 00 00"));
        assert_null(slave_output(&c.slave));
        c.store_fails = false;
        DONE(&c, 3 * SECOND, ways[i], "51 0C 86 01 10 00 00 00");
        assert_int_equal(rich_value(&c, ENERGY), 107);
        DONE(&c, 4 * SECOND, ways[i], "51 0C 86 01 10 00 00 00");
        assert_int_equal(rich_value(&c, ENERGY), 107);
    }
}

/* mbus-protocol 5.3, 5.5: a write that was not kept leaves what the other way remembers: there the
 * repeat of an addition is still a repeat. */
static void the_other_way_remembers(void **state)
{
    static const uint8_t ways[][2] = { { 5, 0xFD }, { 0xFD, 5 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        struct conversation c;

        rich_begin(&c);
        EXPECT(&c, 1 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "E5");
        DONE(&c, 2 * SECOND, ways[i][0], "51 0C 86 01 10 00 00 00");
        c.store_fails = true;
        hear(&c, 3 * SECOND, LONG(0x73, ways[i][1], "51 02 16 07 00"));
        assert_null(slave_output(&c.slave));
        c.store_fails = false;
        DONE(&c, 4 * SECOND, ways[i][0], "51 0C 86 01 10 00 00 00");
        assert_int_equal(rich_value(&c, ENERGY), 107);
    }
}

/* By 255 there is no E5 to hold back, and the rest is the same. */
static void a_broadcast_that_is_not_kept(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    c.store_fails = true;
    hear(&c, 1 * SECOND, LONG(0x73, 0xFF, "51 01 7A 08"));
    assert_int_equal(c.meters[0].now.address, 5);
    assert_false(c.meters[0].drafting);
    assert_null(slave_output(&c.slave));
    assert_int_equal(c.slave.counters.fates[SLAVE_NOT_KEPT], 0);
    EXPECT(&c, 2 * SECOND, SHORT(0x40, 5), "E5");
}

/* mbus-protocol 13.5 and 13.7: with a value, a list for the readout is in force when that is. */
static void a_list_beside_a_value(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    DONE(&c, 1 * SECOND, 5, "51 08 16 02 16 07 00");
    assert_int_equal(rich_value(&c, VOLUME), 7);
    EXPECT(&c, 2 * SECOND, SHORT(0x7B, 5),
           LONG(0x08, 5, "72 78 56 34 12 74 52 01 00 00 00 00 00 02 16 07 00"));
}

/* ---- delayed until a synchronise, mbus-protocol 13.6 and 14.3 ---- */

static void a_delayed_write_waits(void **state)
{
    static const char *const synchronise[] = { "54", "5C" };
    static const uint8_t ways[] = { 5, 0xFE, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(synchronise) * ARRAY_SIZE(ways); i++) {
        struct conversation c;

        rich_begin(&c);
        EXPECT(&c, 1 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "E5");
        DONE(&c, 2 * SECOND, 5, "51 02 96 0A 07 00 0C 86 0A 99 00 00 00");
        assert_int_equal(c.n_stores, 1);
        assert_int_equal(rich_value(&c, VOLUME), 456);
        DONE(&c, 3 * SECOND, ways[i % 3], synchronise[i / 3]);
        assert_int_equal(rich_value(&c, VOLUME), 7);
        assert_int_equal(rich_value(&c, ENERGY), 99);
        assert_int_equal(c.n_stores, 2);
        /* Once. */
        DONE(&c, 4 * SECOND, 5, "51 02 16 08 00");
        EXPECT(&c, 5 * SECOND, LONG(0x53, ways[i % 3], synchronise[i / 3]), "E5");
        assert_int_equal(rich_value(&c, VOLUME), 8);
    }
}

/* mbus-protocol 14.3 and 16.7: to 255 no E5; without anything prepared an E5 and nothing else. */
static void synchronise_alone(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    EXPECT(&c, 1 * SECOND, LONG(0x53, 0xFE, "54"), "E5");
    EXPECT(&c, 2 * SECOND, LONG(0x53, 5, "5C"), "E5");
    SILENCE(&c, 3 * SECOND, LONG(0x53, 0xFF, "5C"), SLAVE_SILENT);
    SILENCE(&c, 4 * SECOND, LONG(0x53, 0xFF, "54"), SLAVE_SILENT);
    assert_int_equal(c.n_stores, 0);
    REFUSED(&c, 5 * SECOND, 5, "54 00"); /* with data it asks something else */
    DONE(&c, 6 * SECOND, 0xFE, "51 02 96 0A 07 00");
    SILENCE(&c, 7 * SECOND, LONG(0x53, 0xFF, "5C"), SLAVE_SILENT);
    assert_int_equal(rich_value(&c, VOLUME), 7);
}

/* Checked when it comes, as if it were written then. */
static void a_delayed_write_is_checked(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    REFUSED(&c, 1 * SECOND, 5, "51 02 FD C9 0A FF FF"); /* out of range */
    REFUSED(&c, 2 * SECOND, 5, "51 02 DA 0A 07 00");    /* not to be written */
    REFUSED(&c, 3 * SECOND, 5, "51 02 93 0A 07 00");    /* not there */
    REFUSED(&c, 4 * SECOND, 5, "51 02 FE 0A 07 00");    /* any VIF */
    REFUSED(&c, 5 * SECOND, 5, "51 00 96 0A");          /* no number */
    DONE(&c, 6 * SECOND, 5, "54");
    assert_int_equal(c.n_stores, 0);
}

/* There is room for what one frame brings; what was prepared before stays. */
static void too_much_is_not_delayed(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    for (unsigned i = 0; i < 50; i++) { /* 5 bytes each; 252 are the most */
        char write[32];

        snprintf(write, sizeof(write), "51 02 96 0A %02X 00", i);
        DONE(&c, (1 + i) * SECOND, 5, write);
    }
    assert_int_equal(c.meters[0].n_delayed, 250);
    REFUSED(&c, 60 * SECOND, 5, "51 02 96 0A FF 00");
    DONE(&c, 61 * SECOND, 5, "54");
    assert_int_equal(rich_value(&c, VOLUME), 49); /* the last of them */
    assert_int_equal(c.meters[0].n_delayed, 0);
}

/* A synchronise that cannot be kept can be repeated. */
static void a_synchronise_that_is_not_kept(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    DONE(&c, 1 * SECOND, 5, "51 02 96 0A 07 00");
    c.store_fails = true;
    hear(&c, 2 * SECOND, LONG(0x53, 5, "54"));
    assert_null(slave_output(&c.slave));
    assert_int_equal(rich_value(&c, VOLUME), 456);
    assert_int_equal(c.meters[0].n_delayed, 5);
    c.store_fails = false;
    EXPECT(&c, 3 * SECOND, LONG(0x53, 5, "54"), "E5");
    assert_int_equal(rich_value(&c, VOLUME), 7);
}

/* ---- freezing, mbus-protocol 13.6 ---- */

static void freezing_copies_to_a_storage_number(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    DONE(&c, 1 * SECOND, 5, "51 40 DA 0B"); /* D48; the width differs */
    assert_int_equal(rich_value(&c, FLOW_STORED), 512);
    assert_int_equal(rich_value(&c, FLOW), 512);
    assert_int_equal(c.n_stores, 1);
    c.meters[0].now.cells[FLOW].value.integer = 600;
    DONE(&c, 2 * SECOND, 5, "51 40 FE 0B"); /* any VIF that has one there */
    assert_int_equal(rich_value(&c, FLOW_STORED), 600);
    REFUSED(&c, 3 * SECOND, 5, "51 00 DA 0B"); /* storage 0 is what it is */
    REFUSED(&c, 4 * SECOND, 5, "51 80 01 DA 0B");
    REFUSED(&c, 5 * SECOND, 5, "51 40 93 0B");
    REFUSED(&c, 6 * SECOND, 5, "51 40 96 0B");    /* no place for it */
    REFUSED(&c, 7 * SECOND, 5, "51 C0 10 DA 0B"); /* tariff 1 */
    REFUSED(&c, 8 * SECOND, 5, "51 50 DA 0B");    /* the maximum */
}

/* What may be written within bounds stays within them, and a real is copied as it is. */
static void a_frozen_value_keeps_the_bounds(void **state)
{
    struct meter_record records[] = {
        { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                    .vib = { .bytes = { 0x5A }, .n = 1 },
                    .value = { .integer = 600 } } },
        { .wire = { .dib = { .data_field = DATA_FIELD_INT16, .storage = 1 },
                    .vib = { .bytes = { 0x5A }, .n = 1 },
                    .value = { .integer = 300 } },
          .writable = true,
          .max = { .integer = 500 } },
        { .wire = { .dib = { .data_field = DATA_FIELD_REAL32 },
                    .vib = { .bytes = { 0x2B }, .n = 1 },
                    .value = { .real = 3.402e38F } } },
        { .wire = { .dib = { .data_field = DATA_FIELD_REAL32, .storage = 1 },
                    .vib = { .bytes = { 0x2B }, .n = 1 },
                    .value = { .real = 0 } } },
    };
    struct meter_def def = rich_def;
    struct conversation c;

    (void)state;
    def.records = records;
    def.n_records = ARRAY_SIZE(records);
    conversation_with(&c, &def, 1);
    REFUSED(&c, 1 * SECOND, 5, "51 40 DA 0B");
    c.meters[0].now.cells[0].value.integer = 500;
    DONE(&c, 2 * SECOND, 5, "51 40 DA 0B 40 AB 0B");
    assert_int_equal(c.meters[0].now.cells[1].value.integer, 500);
    assert_memory_equal(&c.meters[0].now.cells[3].value.real, &records[2].wire.value.real,
                        sizeof(float));
}

/* ---- the readout list, mbus-protocol 13.5 and 13.6 ---- */

#define HEAD "72 78 56 34 12 74 52 01 00 %02X 00 00 00 "

static void expect_records(struct conversation *c, usec_t now, uint8_t access, const char *records)
{
    char all[3 * FRAME_MAX];

    snprintf(all, sizeof(all), HEAD "%s", access, records);
    EXPECT(c, now, SHORT(0x4B, 5), LONG(0x08, 5, all));
}

static void records_are_taken_out_and_back(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    DONE(&c, 1 * SECOND, 5, "51 C8 3F FE 0D"); /* all of them */
    expect_records(&c, 2 * SECOND, 0, "");
    DONE(&c, 3 * SECOND, 5, "51 08 96 0C 08 DA 0C");
    expect_records(&c, 4 * SECOND, 1, "02 5A 00 02 02 16 C8 01");
    DONE(&c, 5 * SECOND, 5, "51 00 DA 0D"); /* data field 0 or 8 */
    expect_records(&c, 6 * SECOND, 2, "02 16 C8 01");
    assert_int_equal(c.n_stores, 3);
    /* It is the default that has changed: CI 50 brings nothing back, a list may ask for it. */
    DONE(&c, 7 * SECOND, 5, "50");
    expect_records(&c, 8 * SECOND, 3, "02 16 C8 01");
    DONE(&c, 9 * SECOND, 5, "51 08 5A");
    expect_records(&c, 10 * SECOND, 4, "02 5A 00 02");
    REFUSED(&c, 11 * SECOND, 5, "51 08 93 0C"); /* not there */
    REFUSED(&c, 12 * SECOND, 5, "51 88 01 96 0D");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_leaves_before_it_is_kept),
        cmocka_unit_test(what_is_not_kept_has_not_happened),
        cmocka_unit_test(the_repeat_is_carried_out),
        cmocka_unit_test(the_other_way_remembers),
        cmocka_unit_test(a_broadcast_that_is_not_kept),
        cmocka_unit_test(a_list_beside_a_value),
        cmocka_unit_test(a_delayed_write_waits),
        cmocka_unit_test(synchronise_alone),
        cmocka_unit_test(a_delayed_write_is_checked),
        cmocka_unit_test(too_much_is_not_delayed),
        cmocka_unit_test(a_synchronise_that_is_not_kept),
        cmocka_unit_test(freezing_copies_to_a_storage_number),
        cmocka_unit_test(a_frozen_value_keeps_the_bounds),
        cmocka_unit_test(records_are_taken_out_and_back),
    };

    return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
