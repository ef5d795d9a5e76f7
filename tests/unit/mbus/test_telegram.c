#include "tests/unit/test.h"

#include <string.h>

#include "mbus/frame.h"
#include "mbus/telegram.h"

static size_t seal(uint8_t *frame, uint8_t c, uint8_t ci, const char *data)
{
    size_t n = test_hex(data, frame + FRAME_DATA_OFFSET, FRAME_MAX - FRAME_DATA_OFFSET - 2);

    return frame_seal_long(frame, c, 5, ci, n);
}

static void assert_same_again(const struct telegram *t, const uint8_t *bytes, size_t n)
{
    uint8_t again[FRAME_MAX];

    assert_int_equal(telegram_encode_again(t, again), n);
    assert_memory_equal(again, bytes, n);
}

#define HEADER "78 56 34 12 24 23 01 07 55 10 34 12 "

static void header_is_taken_apart(void **state)
{
    uint8_t frame[FRAME_MAX];
    struct telegram t;
    struct decode_fault fault;
    size_t n = seal(frame, 0x28, 0x72, HEADER);

    (void)state;
    assert_true(telegram_decode(frame, n, &t, &fault));
    assert_int_equal(t.kind, TELEGRAM_RECORDS);
    assert_int_equal(t.header_kind, HEADER_LONG);
    assert_int_equal(t.c, 0x28);
    assert_int_equal(t.a, 5);
    assert_int_equal(t.header.ident.id, 0x12345678);
    assert_int_equal(t.header.ident.manufacturer, 0x2324);
    assert_int_equal(t.header.ident.version, 1);
    assert_int_equal(t.header.ident.medium, 7);
    assert_int_equal(t.header.access, 0x55);
    assert_int_equal(t.header.status, 0x10);
    assert_int_equal(t.header.configuration, 0x1234);
    assert_int_equal(t.n_body, 0);
    assert_int_equal(t.body_offset, 19);
    assert_same_again(&t, frame, n);
}

/* mbus-protocol 8.2: the same record behind each kind of header. */
static void headers_have_their_kinds(void **state)
{
    static const struct {
        uint8_t ci;
        const char *data;
        enum header_kind kind;
    } rows[] = {
        { 0x72, HEADER "01 7A 05", HEADER_LONG },
        { 0x78, "01 7A 05", HEADER_NONE },
        { 0x7A, "55 10 34 12 01 7A 05", HEADER_SHORT },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t frame[FRAME_MAX];
        size_t n = seal(frame, 0x08, rows[i].ci, rows[i].data);
        struct telegram t;
        struct decode_fault fault;
        struct telegram_item item;

        assert_true(telegram_decode(frame, n, &t, &fault));
        assert_int_equal(t.header_kind, rows[i].kind);
        struct telegram_walk walk = telegram_walk_over(&t);
        assert_true(telegram_next(&walk, &item));
        assert_int_equal(item.kind, ITEM_RECORD);
        assert_int_equal(item.record.value.word, 5);
        assert_int_equal(item.offset, n - 5);
        assert_hex(item.raw, item.n, "01 7A 05");
        assert_false(telegram_next(&walk, &item));
        assert_same_again(&t, frame, n);
    }
}

struct expected {
    enum telegram_item_kind kind;
    size_t n, n_data;
    enum decode_reason reason;
};

/* mbus-records 1, 13.1 and 13.3. */
static const struct {
    const char *records;
    struct expected items[5];
} walks[] = {
    { "2F 2F 01 7A 05 2F 01 7A 06",
      { { ITEM_FILL, 2, 0, 0 },
        { ITEM_RECORD, 3, 0, 0 },
        { ITEM_FILL, 1, 0, 0 },
        { ITEM_RECORD, 3, 0, 0 } } },
    { "01 7A 05 2F 2F", { { ITEM_RECORD, 3, 0, 0 }, { ITEM_FILL, 2, 0, 0 } } },
    { "0F", { { ITEM_MANUFACTURER, 1, 0, 0 } } },
    { "01 7A 05 0F 01 02 03", { { ITEM_RECORD, 3, 0, 0 }, { ITEM_MANUFACTURER, 4, 3, 0 } } },
    { "1F 00 2F", { { ITEM_MANUFACTURER, 3, 2, 0 } } },
    { "01 7A 05 3F 01", { { ITEM_RECORD, 3, 0, 0 }, { ITEM_REST, 2, 2, DECODE_RESERVED_DIF } } },
    { "7F", { { ITEM_REST, 1, 1, DECODE_GLOBAL_READOUT } } },
    { "8F 01", { { ITEM_REST, 2, 2, DECODE_RESERVED_DIF } } },
    { "01 7A 05 04 13 01", { { ITEM_RECORD, 3, 0, 0 }, { ITEM_REST, 3, 3, DECODE_DATA_CUT_OFF } } },
};

static void items_are_walked(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(walks); i++) {
        uint8_t frame[FRAME_MAX];
        size_t n = seal(frame, 0x08, 0x78, walks[i].records), k = 0;
        struct telegram t;
        struct decode_fault fault;
        struct telegram_item item;

        assert_true(telegram_decode(frame, n, &t, &fault));
        struct telegram_walk walk = telegram_walk_over(&t);
        for (; telegram_next(&walk, &item); k++) {
            const struct expected *e = &walks[i].items[k];

            assert_int_equal(item.kind, e->kind);
            assert_int_equal(item.n, e->n);
            if (item.kind == ITEM_MANUFACTURER || item.kind == ITEM_REST)
                assert_int_equal(item.n_data, e->n_data);
            if (item.kind == ITEM_REST)
                assert_int_equal(item.fault.reason, e->reason);
        }
        assert_int_equal(walks[i].items[k].kind, ITEM_END);
        assert_same_again(&t, frame, n);
    }
}

/* mbus-protocol 11.4: 123 l now, 456 l at the fixed date. */
static void fixed_structure_is_two_records(void **state)
{
    uint8_t frame[FRAME_MAX];
    size_t n =
        test_hex("68 13 13 68 08 05 73 78 56 34 12 0A 00 E9 7E 23 01 00 00 56 04 00 00 83 16",
                 frame, sizeof(frame));
    struct telegram t;
    struct decode_fault fault;
    struct telegram_item item;

    (void)state;
    assert_true(telegram_decode(frame, n, &t, &fault));
    assert_int_equal(t.kind, TELEGRAM_FIXED);
    assert_int_equal(t.header.ident.id, 0x12345678);
    assert_int_equal(t.header.ident.medium, 7);
    assert_int_equal(t.header.access, 10);
    struct telegram_walk walk = telegram_walk_over(&t);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(telegram_next(&walk, &item));
        assert_int_equal(item.kind, ITEM_COUNTER);
        assert_string_equal(item.record.quantity, "volume");
        assert_int_equal(item.record.exponent, -3);
        assert_int_equal(item.record.dib.storage, i);
        assert_int_equal(item.record.value.integer, i ? 456 : 123);
    }
    assert_false(telegram_next(&walk, &item));
    assert_same_again(&t, frame, n);
}

/* mbus-protocol 14. */
static void errors_and_alarms_are_answers(void **state)
{
    static const struct {
        uint8_t ci;
        const char *data;
        enum telegram_kind kind;
        bool has_code;
        uint8_t code;
    } rows[] = {
        { 0x70, "", TELEGRAM_ERROR, false, 0 },
        { 0x70, "08", TELEGRAM_ERROR, true, 8 },
        { 0x70, "F0 01 02", TELEGRAM_ERROR, true, 0xF0 },
        { 0x6E, "55 00 00 00 02", TELEGRAM_ERROR, true, 2 },
        { 0x6F, HEADER "02", TELEGRAM_ERROR, true, 2 },
        { 0x71, "81", TELEGRAM_ALARM, true, 0x81 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t frame[FRAME_MAX];
        size_t n = seal(frame, 0x08, rows[i].ci, rows[i].data);
        struct telegram t;
        struct decode_fault fault;
        struct telegram_item item;

        assert_true(telegram_decode(frame, n, &t, &fault));
        assert_int_equal(t.kind, rows[i].kind);
        assert_int_equal(t.has_code, rows[i].has_code);
        assert_int_equal(t.code, rows[i].code);
        struct telegram_walk walk = telegram_walk_over(&t);
        assert_false(telegram_next(&walk, &item));
        assert_same_again(&t, frame, n);
    }
}

static const struct {
    const char *bytes;
    enum decode_reason reason;
    size_t offset;
} refused[] = {
    { "", DECODE_FRAME_CUT_OFF, 0 },
    { "04 04 68", DECODE_NO_START, 0 },
    { "68 00 00 68 08 16", DECODE_BAD_LENGTH, 1 },
    { "68 03 04 68", DECODE_BAD_LENGTH, 2 },
    { "68 03 03 69", DECODE_NO_SECOND_START, 3 },
    { "68 03 03 68 08 01 70 78 16", DECODE_BAD_CHECKSUM, 7 },
    { "68 03 03 68 08 01 70 79 17", DECODE_NO_STOP, 8 },
    { "68 03 03 68 08 01 70 79", DECODE_FRAME_CUT_OFF, 8 },
    { "68 03 03 68 08 01 70 79 16 00", DECODE_BYTES_BEHIND, 9 },
    { "E5", DECODE_NO_DATA, 0 },
    { "10 5B 03 5E 16", DECODE_NO_DATA, 0 },
    { "68 06 06 68 53 FE 51 01 7A 08 25 16", DECODE_NO_ANSWER, 4 },
    { "68 03 03 68 08 01 76 7F 16", DECODE_MODE_2, 6 },
    { "68 03 03 68 08 01 20 29 16", DECODE_UNKNOWN_CI, 6 },
    { "68 03 03 68 08 01 71 7A 16", DECODE_ALARM_CUT_OFF, 7 },
    { "68 08 08 68 08 02 72 78 56 34 12 24 B4 16", DECODE_HEADER_CUT_OFF, 12 },
    { "68 12 12 68 08 01 73 93 92 91 90 10 00 05 69 31 65 00 00 69 00 00 3F 16", DECODE_FIXED_SIZE,
      22 },
};

static void what_is_no_answer_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        uint8_t bytes[64];
        size_t n = test_hex(refused[i].bytes, bytes, sizeof(bytes));
        struct telegram t;
        struct decode_fault fault;

        assert_false(telegram_decode(bytes, n, &t, &fault));
        assert_int_equal(fault.reason, refused[i].reason);
        assert_int_equal(fault.offset, refused[i].offset);
        assert_true(strlen(decode_reason_text(fault.reason)) > 3);
    }
}

/* ---- Random telegrams: well-formed by construction, so each must come back to the byte. ---- */

#define RANDOM_TELEGRAMS 20000

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static uint8_t random_byte(uint32_t *seed)
{
    return (uint8_t)next_random(seed);
}

/* A chain of `n` bytes behind a first one: E on all but the last. */
static void add_chain(struct writer *w, uint8_t first, unsigned n, uint32_t *seed)
{
    write_u8(w, n ? first | 0x80 : first & 0x7F);
    for (unsigned i = 0; i < n; i++)
        write_u8(w, i + 1 < n ? random_byte(seed) | 0x80 : random_byte(seed) & 0x7F);
}

static void add_vib(struct writer *w, uint32_t *seed)
{
    static const uint8_t tables[] = { 0xFB, 0xFD, 0xEF };
    unsigned n_vife = next_random(seed) % 4 ? next_random(seed) % 2 : next_random(seed) % 9;
    uint8_t code = random_byte(seed) & 0x7F;

    if (code == 0x7C) { /* either layout, the text printable */
        unsigned n = 1 + next_random(seed) % 6;

        write_u8(w, 0x7C);
        write_u8(w, (uint8_t)n);
        for (unsigned i = 0; i < n; i++)
            write_u8(w, (uint8_t)(0x41 + next_random(seed) % 26));
        return;
    }
    if (next_random(seed) % 3 == 0)
        write_u8(w, tables[next_random(seed) % ARRAY_SIZE(tables)]);
    else if (code == 0x6F || code >= 0x7B)
        code = 0x13; /* with E these open a table */
    add_chain(w, code, n_vife, seed);
}

static void add_data(struct writer *w, unsigned field, uint32_t *seed)
{
    static const uint8_t lengths[16] = { 0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6, 0 };
    static const uint8_t lvars[] = { 0x00, 0x05, 0x1F, 0xC0, 0xC9, 0xD0, 0xD3, 0xE0,
                                     0xE2, 0xE8, 0xEB, 0xEF, 0xF0, 0xF1, 0xF4 };
    static const uint8_t lvar_lengths[] = { 0, 5, 31, 0, 9, 0, 3, 0, 2, 8, 11, 15, 16, 20, 32 };
    unsigned n = lengths[field];

    if (field == 0xD) {
        unsigned i = next_random(seed) % ARRAY_SIZE(lvars);

        write_u8(w, lvars[i]);
        n = lvar_lengths[i];
    }
    for (unsigned i = 0; i < n; i++)
        write_u8(w, random_byte(seed));
}

static void add_record(struct writer *w, uint32_t *seed)
{
    unsigned field = next_random(seed) % 15;
    unsigned n_dife = next_random(seed) % 3 ? 0 : next_random(seed) % 11;

    add_chain(w, (uint8_t)(field | (next_random(seed) & 0x70)), n_dife, seed);
    add_vib(w, seed);
    add_data(w, field, seed);
}

/* Records, fill bytes and perhaps a tail behind a long header, as many as fit. */
static size_t random_telegram(uint8_t *frame, uint32_t *seed)
{
    size_t n = 12;

    for (size_t i = 0; i < n; i++)
        frame[FRAME_DATA_OFFSET + i] = random_byte(seed);
    for (;;) {
        uint8_t bytes[300];
        struct writer w = writer_over(bytes, sizeof(bytes));
        unsigned what = next_random(seed) % 20;

        if (what == 0)
            break;
        if (what == 1)
            write_u8(&w, 0x2F);
        else
            add_record(&w, seed);
        if (n + w.n > 252 || w.failed)
            break;
        memcpy(frame + FRAME_DATA_OFFSET + n, bytes, w.n);
        n += w.n;
    }
    if (next_random(seed) % 4 == 0 && n < 252) {
        frame[FRAME_DATA_OFFSET + n++] = next_random(seed) % 2 ? 0x0F : 0x1F;
        while (next_random(seed) % 8 && n < 252)
            frame[FRAME_DATA_OFFSET + n++] = random_byte(seed);
    }
    return frame_seal_long(frame, 0x08, random_byte(seed), 0x72, n);
}

/* decode(encode(decode(x))) = decode(x), for what stands in the record beyond its bytes. */
static void assert_decodes_alike(const struct telegram_item *item)
{
    uint8_t bytes[FRAME_MAX];
    struct writer w = writer_over(bytes, sizeof(bytes));
    struct decoded_record again;
    struct decode_fault fault;

    telegram_item_encode(item, &w);
    assert_int_equal(w.n, item->n);
    assert_memory_equal(bytes, item->raw, item->n);
    struct reader r = reader_over(bytes, w.n);
    assert_true(record_decode(&r, FROM_SLAVE, &again, &fault));
    assert_ptr_equal(again.quantity, item->record.quantity);
    assert_int_equal(again.exponent, item->record.exponent);
    assert_int_equal(again.value.kind, item->record.value.kind);
    assert_int_equal(again.value.state, item->record.value.state);
    assert_true(again.value.integer == item->record.value.integer);
}

static void random_telegrams_come_back_to_the_byte(void **state)
{
    uint32_t seed = 13757;
    unsigned n_records = 0;

    (void)state;
    for (unsigned i = 0; i < RANDOM_TELEGRAMS; i++) {
        uint8_t frame[FRAME_MAX];
        size_t n = random_telegram(frame, &seed);
        struct telegram t;
        struct decode_fault fault;
        struct telegram_item item;

        assert_true(telegram_decode(frame, n, &t, &fault));
        struct telegram_walk walk = telegram_walk_over(&t);
        while (telegram_next(&walk, &item)) {
            assert_int_not_equal(item.kind, ITEM_REST);
            if (item.kind != ITEM_RECORD)
                continue;
            n_records++;
            assert_decodes_alike(&item);
        }
        assert_same_again(&t, frame, n);
    }
    assert_true(n_records > RANDOM_TELEGRAMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_is_taken_apart),
        cmocka_unit_test(headers_have_their_kinds),
        cmocka_unit_test(items_are_walked),
        cmocka_unit_test(fixed_structure_is_two_records),
        cmocka_unit_test(errors_and_alarms_are_answers),
        cmocka_unit_test(what_is_no_answer_is_named),
        cmocka_unit_test(random_telegrams_come_back_to_the_byte),
    };

    return cmocka_run_group_tests_name("telegram", tests, NULL, NULL);
}
