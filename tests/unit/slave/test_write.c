#include "tests/unit/slave/rich.h"

#include "mbus/link.h"

/* ---- values and actions ---- */

/* mbus-protocol 13.6 and 16.6, mbus-records 9.1: one record of the meter and what it is then. */
static const struct {
    const char *write;
    bool done;
    enum rich_cell cell;
    int64_t value;
} writes[] = {
    { "51 02 FD 49 E8 03", true, VOLTAGE, 1000 },
    { "51 02 FD C9 00 E8 03", true, VOLTAGE, 1000 },
    { "51 0C 86 00 07 01 00 00", true, ENERGY, 107 }, /* D48: energy := 107 kWh */
    { "51 0C 86 01 10 00 00 00", true, ENERGY, 107 }, /* D48: energy += 10 kWh */
    { "51 04 86 01 0A 00 00 00", true, ENERGY, 107 }, /* the same as an integer */
    { "51 0C 86 02 10 00 00 00", true, ENERGY, 87 },
    { "51 0C 86 02 98 00 00 00", true, ENERGY, -1 },
    { "51 00 86 07", true, ENERGY, 0 },
    { "51 0C 86 07 99 00 00 00", true, ENERGY, 0 },
    { "51 00 96 07", true, VOLUME, 0 }, /* the short form */
    { "51 04 96 07 00 00 00 00", true, VOLUME, 0 },
    { "51 01 FD 9A 03 05", true, BITS, 0x0F },
    { "51 01 FD 9A 04 06", true, BITS, 0x02 },
    { "51 01 FD 9A 05 06", true, BITS, 0x0C },
    { "51 01 FD 9A 06 02", true, BITS, 0x08 },
    { "51 02 FD C8 FC 01 D0 07", true, PHASE, 2000 }, /* FC 01 is a phase, no addition */
    { "51 02 FD C8 FC 81 01 0A 00", true, PHASE, 2322 },
    { "51 2F 2F 02 16 07 00 2F", true, VOLUME, 7 }, /* fill bytes */
    /* bounds and widths */
    { "51 02 FD 49 D0 07", true, VOLTAGE, 2000 },
    { "51 02 FD 49 D1 07", false, VOLTAGE, 0 },
    { "51 02 FD 49 FF FF", false, VOLTAGE, 0 },
    { "51 02 FD C9 01 FF 02", false, VOLTAGE, 0 }, /* 1234 + 767 */
    { "51 02 FD C9 02 D3 04", false, VOLTAGE, 0 }, /* 1234 - 1235 */
    { "51 04 16 00 80 00 00", false, VOLUME, 0 },
    { "51 0C 86 01 99 99 99 99", false, ENERGY, 0 },
    { "51 07 86 01 FF FF FF FF FF FF FF 7F", false, ENERGY, 0 },
    { "51 07 86 02 01 00 00 00 00 00 00 80", false, ENERGY, 0 },
    { "51 01 FD 9A 03 80", false, BITS, 0 },
    /* no numbers */
    { "51 02 FD 49 00 80", false, VOLTAGE, 0 },
    { "51 0A FD 49 FF FF", false, VOLTAGE, 0 },
    { "51 0A FD 49 A1 00", false, VOLTAGE, 0 },
    { "51 05 FD 49 00 00 C0 3F", false, VOLTAGE, 0 }, /* 1.5 */
    { "51 05 FD 49 00 00 00 41", true, VOLTAGE, 8 },
    { "51 05 FD 49 00 00 C0 7F", false, VOLTAGE, 0 },
    { "51 00 FD 49", false, VOLTAGE, 0 },
    { "51 0D FD 49 01 31", false, VOLTAGE, 0 },
    /* no record of ours, or none that may be written */
    { "51 02 5A 01 00", false, FLOW, 0 },
    { "51 00 DA 07", false, FLOW, 0 },
    { "51 02 13 01 00", false, VOLUME, 0 },
    { "51 42 16 01 00", false, VOLUME, 0 },
    { "51 82 10 16 01 00", false, VOLUME, 0 },
    { "51 82 40 16 01 00", false, VOLUME, 0 },
    { "51 12 16 01 00", false, VOLUME, 0 },
    { "51 02 96 7E 01 00", false, VOLUME, 0 }, /* a future value */
    { "51 02 FD 7E 01 00", false, VOLTAGE, 0 },
    /* any VIF can be cleared, where all of it may be */
    { "51 02 7E 01 00", false, VOLTAGE, 0 },
    { "51 02 FE 01 01 00", false, VOLTAGE, 0 },
    { "51 00 FE 07", false, VOLTAGE, 0 }, /* flow temperature is among them */
    /* actions that there are not: lists of entries; what is reserved is a VIFE */
    { "51 0C 86 08 11 05 00 00", false, ENERGY, 0 },
    { "51 00 86 09", false, ENERGY, 0 },
    { "51 02 96 0E 01 00", false, VOLUME, 0 },
    { "51 02 96 0F 01 00", false, VOLUME, 0 },
    /* mbus-protocol 13.7: what cannot be parsed; mbus-protocol 14.1: what is too long;
       mbus-protocol 13.8: a maker's private form */
    { "51 02 16 01", false, VOLUME, 0 },
    { "51 02", false, VOLUME, 0 },
    { "51 82", false, VOLUME, 0 },
    { "51 02 16 07 00 02", false, VOLUME, 0 },
    { "51 02 FC 01 00 00", false, VOLUME, 0 },
    { "51 0D 16 CA 01", false, VOLUME, 0 },
    { "51 82 80 80 80 80 80 80 80 80 80 80 00 16 01 00", false, VOLUME, 0 },
    { "51 02 96 BB BB BB BB BB BB BB BB BB BB 3B 01 00", false, VOLUME, 0 },
    { "51 0F 01 02", false, VOLUME, 0 },
    { "51 1F", false, VOLUME, 0 },
    { "51 3F 01", false, VOLUME, 0 },
    { "51 78 56 34 12 74 52 01 00 01 7A 08", false, VOLUME, 0 },
};

static void each_value_and_action(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
        struct conversation c;

        rich_begin(&c);
        if (!writes[i].done) {
            REFUSED(&c, 1 * SECOND, 5, writes[i].write);
            continue;
        }
        DONE(&c, 1 * SECOND, 5, writes[i].write);
        assert_true(rich_value(&c, writes[i].cell) == writes[i].value);
        assert_int_equal(c.n_stores, 1);
        assert_int_equal(c.meters[0].generation, 1);
    }
}

/* mbus-protocol 13.6 on a real. */
static void a_real_is_written(void **state)
{
    static const struct {
        const char *write;
        bool done;
        float value;
    } rows[] = {
        { "51 05 2B 00 00 20 40", true, 2.5F },
        { "51 05 AB 01 00 00 20 40", true, 4 },
        { "51 05 AB 02 00 00 20 40", true, -1 },
        { "51 00 AB 07", true, 0 },
        { "51 01 2B 07", true, 7 },
        { "51 0A 2B 09 00", true, 9 },
        { "51 05 2B 00 00 28 41", false, 0 }, /* 10.5 */
        { "51 05 AB 03 00 00 20 40", false, 0 },
        { "51 05 2B 00 00 80 7F", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct conversation c;

        rich_begin(&c);
        if (!rows[i].done) {
            REFUSED(&c, 1 * SECOND, 5, rows[i].write);
            continue;
        }
        DONE(&c, 1 * SECOND, 5, rows[i].write);
        assert_memory_equal(&c.meters[0].now.cells[REAL].value.real, &rows[i].value, sizeof(float));
    }
}

/* Behind FF a code is the maker's: an action only where no record is called so (mbus-records 11).
 */
static void a_makers_code_is_no_action(void **state)
{
    struct meter_record makers[] = {
        { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                    .vib = { .bytes = { 0xFD, 0xC8, 0xFF, 0x01 }, .n = 4 },
                    .value = { .integer = 5 } },
          .writable = true,
          .max = { .integer = 100 } },
        { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                    .vib = { .bytes = { 0xFF, 0x72 }, .n = 2 },
                    .value = { .integer = 6 } },
          .writable = true,
          .max = { .integer = 100 } },
    };
    struct meter_def def = rich_def;
    struct conversation c;

    (void)state;
    def.records = makers;
    def.n_records = ARRAY_SIZE(makers);
    conversation_with(&c, &def, 1);
    DONE(&c, 1 * SECOND, 5, "51 02 FD C8 FF 01 09 00");
    assert_int_equal(c.meters[0].now.cells[0].value.integer, 9);
    DONE(&c, 2 * SECOND, 5, "51 02 FD C8 FF 81 01 09 00");
    assert_int_equal(c.meters[0].now.cells[0].value.integer, 18);
    DONE(&c, 3 * SECOND, 5, "51 00 FF F2 07"); /* ABB's, in mbus-protocol 13.6 */
    assert_int_equal(c.meters[0].now.cells[1].value.integer, 0);
}

/* mbus-records 9.1: "any VIF" clears all of a place. */
static void any_vif_is_cleared(void **state)
{
    struct meter_record all[RICH_CELLS];
    struct meter_def def = rich_def;
    struct conversation c;

    (void)state;
    for (size_t i = 0; i < RICH_CELLS; i++) {
        all[i] = rich_records[i];
        all[i].writable = true;
    }
    def.records = all;
    conversation_with(&c, &def, 1);
    DONE(&c, 1 * SECOND, 5, "51 00 FE 07");
    for (enum rich_cell i = 0; i < RICH_CELLS; i++)
        assert_int_equal(rich_value(&c, i), i == FLOW_STORED ? 300 : 0);
}

/* mbus-protocol 13.7: all records of a frame, or none. D48 6.4.2 writes an id and an energy at
 * once. */
static void all_or_none(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    DONE(&c, 1 * SECOND, 5, "51 0C 79 04 03 02 01 0C 06 07 01 00 00 01 7A 08 04 6D 22 0C 11 35");
    assert_int_equal(c.meters[0].now.ident.id, 0x01020304);
    assert_int_equal(c.meters[0].now.address, 8);
    assert_int_equal(rich_value(&c, ENERGY), 107);
    assert_int_equal(c.n_stores, 1);
    c.meters[0].now.address = 5;
    slave_update_addresses(&c.slave);
    REFUSED(&c, 2 * SECOND, 5, "51 0C 79 05 03 02 01 0C 06 08 01 00 00 01 7A FD");
    REFUSED(&c, 3 * SECOND, 5, "51 01 7A 09 0C 06 08 01 00 00 02 16"); /* cut off at the end */
    REFUSED(&c, 4 * SECOND, 5, "51 02 FD C9 01 01 00 02 5A 01 00");
    REFUSED(&c, 5 * SECOND, 5, "51 02 96 0A 07 00 02 5A 01 00"); /* a delayed one with them */
    SILENCE(&c, 6 * SECOND, LONG(0x73, 0xFF, "54"), SLAVE_SILENT);
    assert_int_equal(rich_value(&c, VOLUME), 456);
    /* Each builds on the one before it. */
    DONE(&c, 7 * SECOND, 5, "51 0C 86 01 01 00 00 00 0C 86 01 02 00 00 00");
    assert_int_equal(rich_value(&c, ENERGY), 110);
}

/* Without a record there is nothing to do, and nothing to keep. */
static void a_frame_without_records(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    DONE(&c, 1 * SECOND, 5, "51");
    DONE(&c, 2 * SECOND, 5, "51 2F 2F");
    assert_int_equal(c.n_stores, 0);
}

/* mbus-protocol 5.1, 6 and 13: by each address and each C field of SND_UD; data never come back. */
static void ways_to_write(void **state)
{
    static const uint8_t c_fields[] = { 0x53, 0x73, 0x43, 0x63 }, ways[] = { 5, 0xFE, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(c_fields) * ARRAY_SIZE(ways); i++) {
        struct conversation c;

        rich_begin(&c);
        EXPECT(&c, 1 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "E5");
        EXPECT(&c, 2 * SECOND, LONG(c_fields[i / 3], ways[i % 3], "51 02 16 07 00"), "E5");
        assert_int_equal(rich_value(&c, VOLUME), 7);
        SILENCE(&c, 3 * SECOND, LONG(c_fields[i / 3], 0xFF, "51 02 16 08 00"), SLAVE_SILENT);
        assert_int_equal(rich_value(&c, VOLUME), 8);
        SILENCE(&c, 4 * SECOND, LONG(c_fields[i / 3], 0xFF, "51 02 5A 08 00"), SLAVE_REFUSED);
    }
}

/* mbus-protocol 12: an executed write makes the next REQ_UD2 of either FCB a fresh telegram 1; a
 * refused or repeated one does not. */
static void a_write_makes_the_stored_telegram_old(void **state)
{
    static const struct {
        const char *write;
        bool fresh;
    } rows[] = {
        { "51 02 16 07 00", true },
        { "51 00 FE 0B", false },
        { "51 02 5A 08 00", false },
        { "51 01 7A FD", false },
        { "54", true },
        { "50", true },
        { "51 08 16", true },
        { "51 02 96 0A 07 00", true },
    };

    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
        struct conversation c;
        uint8_t next = i % 2 ? 0x5B : 0x7B;

        rich_begin(&c);
        assert_int_equal(hear(&c, 1 * SECOND, SHORT(0x7B, 5)).verdict, SLAVE_ANSWER);
        slave_settle(&c.slave, 1 * SECOND, SLAVE_SENT);
        hear(&c, 2 * SECOND, LONG(0x53, 5, rows[i / 2].write));
        assert_int_equal(hear(&c, 3 * SECOND, SHORT(next, 5)).verdict, SLAVE_ANSWER);
        assert_int_equal(slave_output(&c.slave)->bytes[15],
                         rows[i / 2].fresh || next == 0x5B ? 1 : 0);
    }
}

/* ---- permission, and what is said of a refusal ---- */

#define BAUD_9600 "BD"

/* mbus-protocol 13.7: each bit of `allow`, and what needs it. */
static const struct {
    const char *command;
    uint8_t needs;
} guarded[] = {
    { "51 01 7A 08", METER_ALLOW_ADDRESS },
    { "51 0C 79 04 03 02 01", METER_ALLOW_ID },
    { "51 01 FD 09 07", METER_ALLOW_IDENTITY },
    { BAUD_9600, METER_ALLOW_BAUD },
    { "51 04 6D 22 0C 11 35", METER_ALLOW_CLOCK },
    { "51 08 16", METER_ALLOW_READOUT },
    { "51 7F", METER_ALLOW_READOUT },
    { "51 08 96 0C", METER_ALLOW_READOUT },
    { "51 08 96 0D", METER_ALLOW_READOUT },
    { "50", METER_ALLOW_RESET },
    { "50 10", METER_ALLOW_RESET },
    { "51 40 DA 0B", METER_ALLOW_FREEZE },
    { "54", METER_ALLOW_FREEZE },
    { "5C", METER_ALLOW_FREEZE },
    { "51 02 16 07 00", 0 }, /* a record has a switch of its own */
};

static void each_permission(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(guarded); i++) {
        struct conversation c;
        struct meter_def def = rich_def;

        def.allow = guarded[i].needs;
        conversation_with(&c, &def, 1);
        DONE(&c, 1 * SECOND, 5, guarded[i].command);
        if (guarded[i].needs == 0)
            continue;
        def.allow = (uint8_t)~guarded[i].needs;
        conversation_with(&c, &def, 1);
        REFUSED(&c, 1 * SECOND, 5, guarded[i].command);
    }
}

/* mbus-protocol 13.7 and 14.1: by option a refusal is an E5, and the error is told to the next
 * REQ_UD2. What cannot be read gets no E5, and may tell its error all the same (mbus-protocol 8.2).
 */
static const struct {
    const char *command;
    uint8_t error;
    bool acknowledged;
} errors[] = {
    { "51 01 7A FD", 0x00, false }, /* never an E5 (mbus-protocol 6) */
    { "51 0C 79 FF FF FF FF", 0x12, true },
    { "51 02 FD 49 FF FF", 0x12, true },
    { "51 02 13 07 00", 0x12, true }, /* no such record */
    { "51 02 5A 07 00", 0x10, true },
    { "51 04 6D 22 0C 11 35", 0x10, true }, /* not allowed here */
    { "51 00 86 09", 0x11, true },          /* an action that there is not */
    { "54 01", 0x12, true },
    { "57", 0x01, false },
    { "60", 0x01, false },
    { "51 02 16", 0x04, false },
    { "51 82 80 80 80 80 80 80 80 80 80 80 00 16 01 00", 0x05, false },
    { "51 02 96 BB BB BB BB BB BB BB BB BB BB 3B 01 00", 0x06, false },
    { "5A 00 00", 0x04, false },
    { BAUD_9600, 0x10, true },
    { BAUD_9600 " 00", 0x12, true },
};

static void a_refusal_may_be_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
        struct conversation c;
        struct meter_def def = rich_def;
        char told[64];

        def.on_refused = METER_REFUSAL_ERROR;
        def.allow = ALLOW_ALL ^ (METER_ALLOW_CLOCK | METER_ALLOW_BAUD);
        conversation_with(&c, &def, 1);
        if (errors[i].acknowledged)
            DONE(&c, 1 * SECOND, 5, errors[i].command);
        else
            REFUSED(&c, 1 * SECOND, 5, errors[i].command);
        assert_int_equal(c.n_stores, 0);
        snprintf(told, sizeof(told), "68 04 04 68 08 05 70 %02X %02X 16", errors[i].error,
                 0x7D + errors[i].error);
        EXPECT(&c, 2 * SECOND, SHORT(0x7B, 5), told);
        EXPECT(&c, 3 * SECOND, SHORT(0x7B, 5), told); /* the same FCB repeats it */
        hear(&c, 4 * SECOND, SHORT(0x5B, 5));         /* toggled goes on with data */
        assert_int_equal(slave_output(&c.slave)->bytes[6], 0x72);
    }
}

/* mbus-protocol 14.1: one error is told once, to whoever asks first; 255 tells nobody. */
static void an_error_is_told_once(void **state)
{
    struct conversation c;
    struct meter_def def = rich_def;

    (void)state;
    def.on_refused = METER_REFUSAL_ERROR;
    conversation_with(&c, &def, 1);
    EXPECT(&c, 1 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "E5");
    DONE(&c, 2 * SECOND, 5, "51 02 16 FF FF");
    EXPECT(&c, 3 * SECOND, SHORT(0x4B, 0xFD), "68 04 04 68 08 05 70 12 8F 16");
    hear(&c, 4 * SECOND, SHORT(0x4B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[6], 0x72);
    slave_settle(&c.slave, 4 * SECOND, SLAVE_SENT);
    SILENCE(&c, 5 * SECOND, LONG(0x53, 0xFF, "51 02 16 FF FF"), SLAVE_REFUSED);
    hear(&c, 6 * SECOND, SHORT(0x4B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[6], 0x72);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_and_action),
        cmocka_unit_test(a_real_is_written),
        cmocka_unit_test(a_makers_code_is_no_action),
        cmocka_unit_test(any_vif_is_cleared),
        cmocka_unit_test(all_or_none),
        cmocka_unit_test(a_frame_without_records),
        cmocka_unit_test(ways_to_write),
        cmocka_unit_test(a_write_makes_the_stored_telegram_old),
        cmocka_unit_test(each_permission),
        cmocka_unit_test(a_refusal_may_be_told),
        cmocka_unit_test(an_error_is_told_once),
    };

    return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
