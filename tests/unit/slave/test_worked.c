#include "tests/unit/slave/rich.h"

/* The worked telegrams of the reference, byte by byte (mbus-protocol 16). 16.8 is in
 * test_sequence.c, 16.10 in test_alarm.c. */

#define READOUT                                                                                    \
    "68 18 18 68 08 05 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 01 59 16"

static void begin_at(struct conversation *c, uint8_t address)
{
    struct meter_def def = conversation_def;

    def.address = address;
    def.allow = ALLOW_ALL;
    conversation_with(c, &def, 1);
}

/* mbus-protocol 16.1: ping and link reset. */
static void ping(void **state)
{
    struct conversation c;

    (void)state;
    begin_at(&c, 5);
    EXPECT(&c, 1 * SECOND, "10 40 05 45 16", "E5");
    EXPECT(&c, 2 * SECOND, "10 40 FE 3E 16", "E5");
    SILENCE(&c, 3 * SECOND, "10 40 FF 3F 16", SLAVE_SILENT);
    SILENCE(&c, 4 * SECOND, "10 40 FD 3D 16", SLAVE_SILENT);
    EXPECT(&c, 5 * SECOND, "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", "E5");
    EXPECT(&c, 6 * SECOND, "10 40 FD 3D 16", "E5");
    SILENCE(&c, 7 * SECOND, "10 40 FD 3D 16", SLAVE_SILENT); /* deselected by it */
    EXPECT(&c, 8 * SECOND, "10 49 05 4E 16", "10 0B 05 10 16");
    SILENCE(&c, 9 * SECOND, "10 40 00 40 16", SLAVE_OTHER_ADDRESS);
    begin_at(&c, 0);
    EXPECT(&c, 1 * SECOND, "10 40 00 40 16", "E5");
}

/* mbus-protocol 16.2: the readout by each address and FCB; DFC and ACD. */
static void readout(void **state)
{
    static const char *const requests[] = { "10 7B 05 80 16", "10 5B 05 60 16", "10 7B FD 78 16",
                                            "10 5B FD 58 16", "10 7B FE 79 16" };
    struct conversation c;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
        begin_at(&c, 5);
        EXPECT(&c, 1 * SECOND, "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", "E5");
        EXPECT(&c, 2 * SECOND, requests[i], READOUT);
    }
    begin_at(&c, 5);
    c.meters[0].busy = true;
    EXPECT(&c, 1 * SECOND, "10 7B 05 80 16",
           "68 18 18 68 18 05 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 01 69 "
           "16");
    begin_at(&c, 5);
    meter_raise_alarm(&c.meters[0], 5);
    EXPECT(&c, 1 * SECOND, "10 7B 05 80 16",
           "68 18 18 68 28 05 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 01 79 "
           "16");
}

/* mbus-protocol 16.2 and 16.5: the fabrication number is delivered, and selected by. */
static void fabrication_number(void **state)
{
    struct meter_record records[] = {
        { .wire = { .dib = { .data_field = DATA_FIELD_BCD8 },
                    .vib = { .bytes = { 0x78 }, .n = 1 },
                    .value = { .integer = 11223344 } } },
        { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                    .vib = { .bytes = { 0x16 }, .n = 1 },
                    .value = { .integer = 456 } } },
    };
    struct meter_def def = conversation_def;
    struct conversation c;

    (void)state;
    def.address = 5;
    def.records = records;
    conversation_with(&c, &def, 1);
    EXPECT(&c, 1 * SECOND, "10 7B 05 80 16",
           "68 19 19 68 08 05 72 78 56 34 12 74 52 01 00 00 00 00 00 0C 78 44 33 22 11 02 16 C8 01 "
           "69 16");
    EXPECT(&c, 2 * SECOND, "68 11 11 68 73 FD 52 78 56 34 12 74 52 FF FF 0C 78 44 33 22 11 C8 16",
           "E5");
    EXPECT(&c, 3 * SECOND, "68 11 11 68 73 FD 52 FF FF FF FF FF FF FF FF 0C 78 44 33 22 11 E8 16",
           "E5");
    EXPECT(&c, 4 * SECOND, "68 11 11 68 73 FD 52 FF FF FF FF FF FF FF FF 0C 78 FF FF FF 1F 5A 16",
           "E5");
    records[0].wire.value.integer = 21223344;
    conversation_with(&c, &def, 1);
    SILENCE(&c, 5 * SECOND, "68 11 11 68 73 FD 52 FF FF FF FF FF FF FF FF 0C 78 FF FF FF 1F 5A 16",
            SLAVE_SILENT);
}

/* mbus-protocol 16.3: the fixed structure, BCD by the standard; mbus-protocol 11.1: bit 0 of the
 * status is binary. */
static void fixed_structure(void **state)
{
    struct meter_def def = { .address = 5,
                             .ident = { .id = 0x12345678, .medium = 7 },
                             .structure = METER_FIXED,
                             .max_telegram = 255,
                             .counters = { { 0x29, 123 }, { 0x3E, 456 } } };
    struct conversation c;

    (void)state;
    conversation_with(&c, &def, 1);
    c.meters[0].access = 0x0A;
    EXPECT(&c, 1 * SECOND, "10 7B 05 80 16",
           "68 13 13 68 08 05 73 78 56 34 12 0A 00 E9 7E 23 01 00 00 56 04 00 00 83 16");
    def.address = 1; /* a heat meter of LIB's collection */
    def.ident = (struct ident){ .id = 0x90919293, .medium = 4 };
    def.counters[0] = (struct fixed_counter){ 0x05, 6531 };
    def.counters[1] = (struct fixed_counter){ 0x29, 69 };
    conversation_with(&c, &def, 1);
    c.meters[0].access = 0x10;
    EXPECT(&c, 1 * SECOND, "10 7B 01 7C 16",
           "68 13 13 68 08 01 73 93 92 91 90 10 00 05 69 31 65 00 00 69 00 00 00 3F 16");
    def.fixed_binary = true;
    conversation_with(&c, &def, 1);
    hear(&c, 1 * SECOND, "10 7B 01 7C 16");
    assert_hex(slave_output(&c.slave)->bytes + 11, 12, "00 01 05 69 83 19 00 00 45 00 00 00");
}

/* mbus-protocol 16.4: who is selected; a slave of mode 1 is deselected by CI 56
 * (mbus-protocol 7.7). */
static void selection(void **state)
{
    static const struct {
        const char *frame;
        bool matches;
    } rows[] = {
        { "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", true },
        { "68 0B 0B 68 53 FD 52 78 56 34 12 74 52 01 00 7D 16", true },
        { "68 0B 0B 68 73 FD 52 78 56 34 12 FF FF FF FF D2 16", true },
        { "68 0B 0B 68 73 FD 52 FF FF FF FF FF FF FF FF BA 16", true },
        { "68 0B 0B 68 73 FD 52 FF FF FF 1F FF FF FF FF DA 16", true },
        { "68 0B 0B 68 73 FD 52 FF FF FF FF 74 52 FF FF 82 16", true },
        { "68 0B 0B 68 53 FD 56 78 56 34 12 74 52 01 00 81 16", false },
        { "68 0B 0B 68 53 FD 56 12 34 56 78 52 74 01 00 81 16", false },
    };
    struct conversation c;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        begin_at(&c, 5);
        EXPECT(&c, 1 * SECOND, rows[0].frame, "E5");
        if (rows[i].matches) {
            EXPECT(&c, 2 * SECOND, rows[i].frame, "E5");
            EXPECT(&c, 3 * SECOND, "10 7B FD 78 16", READOUT);
        } else {
            SILENCE(&c, 2 * SECOND, rows[i].frame, SLAVE_SILENT);
            SILENCE(&c, 3 * SECOND, "10 7B FD 78 16", SLAVE_OTHER_ADDRESS);
        }
    }
}

/* ---- 16.6: writes ---- */

/* What they are for: energy, volume, flow temperature now and stored. */
static struct meter_record written[] = {
    { .wire = { .dib = { .data_field = DATA_FIELD_BCD8 },
                .vib = { .bytes = { 0x06 }, .n = 1 },
                .value = { .integer = 97 } },
      .writable = true,
      .max = { .integer = 99999999 } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT32 },
                .vib = { .bytes = { 0x16 }, .n = 1 },
                .value = { .integer = 456 } },
      .writable = true,
      .max = { .integer = 99999999 } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0x5A }, .n = 1 },
                .value = { .integer = 512 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16, .storage = 1 },
                .vib = { .bytes = { 0x5A }, .n = 1 },
                .value = { .integer = 300 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 7 } } },
};

static struct meter_def written_def(uint8_t address)
{
    struct meter_def def = rich_def;

    def.address = address;
    def.records = written;
    def.n_records = ARRAY_SIZE(written);
    return def;
}

static const struct {
    uint8_t address; /* of the meter */
    const char *frame;
    uint8_t then;       /* its address */
    const char *header; /* its secondary address, "" as it was */
    int cell;           /* one that has changed, -1: none */
    int64_t value;
} writes[] = {
    { 5, "68 06 06 68 73 05 51 01 7A 08 4C 16", 8, "", -1, 0 },
    { 5, "68 06 06 68 53 FE 51 01 7A 08 25 16", 8, "", -1, 0 },
    { 5, "68 06 06 68 73 FD 51 01 7A 08 44 16", 8, "", -1, 0 },
    { 5, "68 09 09 68 73 05 51 0C 79 04 03 02 01 58 16", 5, "04 03 02 01 74 52 01 00", -1, 0 },
    { 5, "68 0D 0D 68 73 FE 51 07 79 04 03 02 01 74 52 01 07 1A 16", 5, "04 03 02 01 74 52 01 07",
      -1, 0 },
    { 5, "68 0D 0D 68 53 FE 51 07 79 04 03 02 01 24 40 01 04 95 16", 5, "04 03 02 01 24 40 01 04",
      -1, 0 },
    { 5, "68 0A 0A 68 73 05 51 04 96 07 00 00 00 00 6A 16", 5, "", 1, 0 },
    { 1, "68 0A 0A 68 53 01 51 0C 86 00 07 01 00 00 3F 16", 1, "", 0, 107 },
    { 1, "68 0A 0A 68 53 01 51 0C 86 01 10 00 00 00 48 16", 1, "", 0, 107 },
    { 1, "68 06 06 68 53 01 51 40 DA 0B CA 16", 1, "", 3, 512 },
};

static void values_and_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
        struct meter_def def = written_def(writes[i].address);
        struct conversation c;

        conversation_with(&c, &def, 1);
        EXPECT(&c, 1 * SECOND, "68 0B 0B 68 73 FD 52 FF FF FF FF FF FF FF FF BA 16", "E5");
        EXPECT(&c, 2 * SECOND, writes[i].frame, "E5");
        hear(&c, 3 * SECOND, SHORT(0x5B, writes[i].then));
        assert_non_null(slave_output(&c.slave));
        assert_int_equal(slave_output(&c.slave)->bytes[5], writes[i].then);
        assert_hex(slave_output(&c.slave)->bytes + 7, 8,
                   writes[i].header[0] != '\0' ? writes[i].header : "78 56 34 12 74 52 01 00");
        if (writes[i].cell >= 0)
            assert_true(c.meters[0].now.cells[writes[i].cell].value.integer == writes[i].value);
    }
}

/* 17.5.2024 12:34, and the short form of a clear. */
static void the_clock_and_a_short_clear(void **state)
{
    struct meter_def def = written_def(5);
    struct conversation c;

    (void)state;
    conversation_with(&c, &def, 1);
    EXPECT(&c, 1 * SECOND, "68 09 09 68 73 05 51 04 6D 22 0C 11 35 AE 16", "E5");
    assert_true(c.local + c.meters[0].now.clock_offset ==
                datetime_day(2024, 5, 17) * SECONDS_PER_DAY + (12 * 60 + 34) * 60);
    EXPECT(&c, 2 * SECOND, LONG(0x53, 5, "51 00 96 07"), "E5");
    assert_true(c.meters[0].now.cells[1].value.integer == 0);
}

/* mbus-protocol 16.6 and 13.5: records for the readout. */
static const struct {
    uint8_t address;
    const char *frame, *records;
} choices[] = {
    { 7, "68 07 07 68 53 07 51 08 13 08 5A 28 16", "02 5A 00 02 02 13 07 00" },
    { 5, "68 07 07 68 53 05 51 C8 FF 7F 7E 6D 16",
      "0C 06 97 00 00 00 04 16 C8 01 00 00 02 5A 00 02 42 5A 2C 01 02 13 07 00" },
    { 1, "68 06 06 68 53 01 51 C8 3F 7E 2A 16",
      "0C 06 97 00 00 00 04 16 C8 01 00 00 02 5A 00 02 42 5A 2C 01 02 13 07 00" },
    { 3, "68 04 04 68 53 03 51 7F 26 16",
      "0C 06 97 00 00 00 04 16 C8 01 00 00 02 5A 00 02 42 5A 2C 01 02 13 07 00" },
};

static void records_for_the_readout(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
        struct meter_def def = written_def(choices[i].address);
        struct conversation c;
        const struct slave_answer *out;

        conversation_with(&c, &def, 1);
        EXPECT(&c, 1 * SECOND, choices[i].frame, "E5");
        hear(&c, 2 * SECOND, SHORT(0x5B, choices[i].address));
        out = slave_output(&c.slave);
        assert_hex(out->bytes + 19, out->n - 21, choices[i].records);
    }
}

/* mbus-protocol 16.7: switch of the rate, application reset, synchronise. */
static void rate_reset_synchronise(void **state)
{
    static const struct {
        const char *frame;
        unsigned baud;
        uint8_t application;
    } rows[] = {
        { "68 03 03 68 53 05 BD 15 16", 9600, 0 },
        { "68 03 03 68 53 05 BB 13 16", 2400, 0 },
        { "68 03 03 68 53 05 B8 10 16", 300, 0 },
        { "68 03 03 68 53 05 50 A8 16", 2400, 0 },
        { "68 04 04 68 53 FE 50 10 B1 16", 2400, 0x10 },
        { "68 04 04 68 53 05 50 20 C8 16", 2400, 0x20 },
        { "68 03 03 68 53 FE 54 A5 16", 2400, 0 },
    };
    struct conversation c;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        begin_at(&c, 5);
        rate_init(&c.slave.rate, 2400, true, false, USEC_PER_MIN, 0);
        EXPECT(&c, 1 * SECOND, rows[i].frame, "E5");
        do_effects(&c, 2 * SECOND);
        assert_int_equal(c.slave.rate.now, rows[i].baud);
        assert_int_equal(c.members[0].readout.application, rows[i].application);
    }
    SILENCE(&c, 3 * SECOND, "68 03 03 68 53 FF 5C AE 16", SLAVE_SILENT);
}

/* mbus-protocol 16.9: application errors as they are told. */
static void application_errors(void **state)
{
    static const struct {
        enum application_error error;
        const char *told;
    } rows[] = {
        { APPLICATION_BUSY, "68 04 04 68 08 05 70 08 85 16" },
        { APPLICATION_UNKNOWN_CI, "68 04 04 68 08 05 70 01 7E 16" },
        { APPLICATION_UNSPECIFIED, "68 04 04 68 08 05 70 00 7D 16" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct conversation c;

        begin_at(&c, 5);
        c.members[0].error = rows[i].error;
        EXPECT(&c, 1 * SECOND, "10 7B 05 80 16", rows[i].told);
        EXPECT(&c, 2 * SECOND, "10 5B 05 60 16", READOUT);
    }
}

/* mbus-protocol 16.11: a whole session of LIB by secondary address. */
static void a_secondary_session(void **state)
{
    struct conversation c;

    (void)state;
    begin_at(&c, 5);
    SILENCE(&c, 1 * SECOND, "10 40 FD 3D 16", SLAVE_SILENT);
    SILENCE(&c, 2 * SECOND, "10 40 FD 3D 16", SLAVE_SILENT);
    EXPECT(&c, 3 * SECOND, "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", "E5");
    EXPECT(&c, 3 * SECOND + 10 * T_BIT11, "10 5B FD 58 16", READOUT); /* at once */
    SILENCE(&c, 5 * SECOND, "68 0B 0B 68 73 FD 52 79 56 34 12 74 52 01 00 9E 16", SLAVE_SILENT);
    SILENCE(&c, 6 * SECOND, "10 7B FD 78 16", SLAVE_OTHER_ADDRESS);
}

/* mbus-protocol 16.12: no answer, and nothing changes; after the idle of the line the repeat is a
 * repeat. */
static const struct {
    const char *bytes;
    enum slave_verdict verdict;
} unanswered[] = {
    { "10 40 05 46 16", SLAVE_FAULT },             /* checksum */
    { "10 40 05 45 15", SLAVE_FAULT },             /* stop */
    { "68 03 04 68 53 05 50 A8 16", SLAVE_FAULT }, /* lengths differ */
    { "68 02 02 68 53 05 58 16", SLAVE_FAULT },    /* L < 3 */
    { "68 03 03 69 53 05 50 A8 16", SLAVE_FAULT }, /* second start */
    { "10 08 05 0D 16", SLAVE_FOREIGN },           /* PRM = 0 */
    { "10 C0 05 C5 16", SLAVE_UNKNOWN },           /* bit 7 */
    { "10 4F 05 54 16", SLAVE_UNKNOWN },           /* unknown function */
    { "10 7B 06 81 16", SLAVE_OTHER_ADDRESS },
    { "10 7B FF 7A 16", SLAVE_SILENT },
    { "10 7B FB 76 16", SLAVE_OTHER_ADDRESS },
    { "10 7B FC 77 16", SLAVE_OTHER_ADDRESS },
    { "E5", SLAVE_FOREIGN },
    { "A2", SLAVE_FAULT },
    { "55 55 55", SLAVE_FAULT },
    { "68", SLAVE_NOTHING }, /* followed by idle */
    { "68 06 06 68 53 05 51 01 7A FD 21 16", SLAVE_REFUSED },
};

static void no_answer_and_no_change(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(unanswered); i++) {
        struct conversation c;

        begin_at(&c, 5);
        EXPECT(&c, 1 * SECOND, "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", "E5");
        EXPECT(&c, 2 * SECOND, "10 7B 05 80 16", READOUT);
        SILENCE(&c, 3 * SECOND, unanswered[i].bytes, unanswered[i].verdict);
        EXPECT(&c, 4 * SECOND, "10 7B 05 80 16", READOUT);
        assert_int_equal(c.slave.n_selected, 1);
        assert_int_equal(c.meters[0].now.address, 5);
        assert_int_equal(c.n_stores, 0);
    }
}

/* mbus-protocol 16.12 and 3.2: one faulty character in any place of any good frame. */
static void one_faulty_character(void **state)
{
    static const char *const good[] = {
        "10 40 05 45 16",
        "10 7B 05 80 16",
        "68 03 03 68 53 05 50 A8 16",
        "68 06 06 68 73 05 51 01 7A 08 4C 16",
        "68 0B 0B 68 73 FD 52 79 56 34 12 74 52 01 00 9E 16",
    };
    uint8_t bytes[32];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        size_t n = test_hex(good[i], bytes, sizeof(bytes));

        for (size_t bad = 0; bad < n; bad++) {
            struct conversation c;
            struct slave_event event;

            begin_at(&c, 5);
            EXPECT(&c, 1 * SECOND, "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", "E5");
            EXPECT(&c, 2 * SECOND, "10 7B 05 80 16", READOUT);
            for (size_t j = 0; j < n; j++) {
                if (j == bad)
                    slave_line_fault(&c.slave, 3 * SECOND, FRAME_BAD_PARITY, &event);
                else
                    slave_input(&c.slave, 3 * SECOND, &bytes[j], 1, &event);
                do_effects(&c, 3 * SECOND);
            }
            assert_null(slave_output(&c.slave));
            EXPECT(&c, 4 * SECOND, "10 7B 05 80 16", READOUT);
            assert_int_equal(c.slave.n_selected, 1);
            assert_int_equal(c.meters[0].now.address, 5);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ping),
        cmocka_unit_test(readout),
        cmocka_unit_test(fabrication_number),
        cmocka_unit_test(fixed_structure),
        cmocka_unit_test(selection),
        cmocka_unit_test(values_and_addresses),
        cmocka_unit_test(the_clock_and_a_short_clear),
        cmocka_unit_test(records_for_the_readout),
        cmocka_unit_test(rate_reset_synchronise),
        cmocka_unit_test(application_errors),
        cmocka_unit_test(a_secondary_session),
        cmocka_unit_test(no_answer_and_no_change),
        cmocka_unit_test(one_faulty_character),
    };

    return cmocka_run_group_tests_name("worked telegrams", tests, NULL, NULL);
}
