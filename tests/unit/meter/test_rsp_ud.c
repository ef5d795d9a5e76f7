#include "tests/unit/test.h"

#include <string.h>

#include "mbus/frame.h"
#include "mbus/link.h"
#include "meter/rsp_ud.h"

static struct meter_record stock_records[] = {
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0xFD, 0x49 }, .n = 2 },
                .value = { .integer = 1234 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0x16 }, .n = 1 },
                .value = { .integer = 456 } } },
};

static const struct meter_def stock = {
    .address = 3,
    .max_telegram = 255,
    .ident = { 0x12345678, 0x5274, 1, 0 },
    .records = stock_records,
    .n_records = ARRAY_SIZE(stock_records),
};

static const struct meter_def fixed = {
    .address = 3,
    .max_telegram = 255,
    .ident = { .id = 0x12345678, .medium = 7 },
    .structure = METER_FIXED,
    .counters = { { 0x29, 123 }, { FIXED_UNIT_HISTORIC, 456 } },
};

#define CELLS_MAX 300

static struct meter_cell cells[CELLS_MAX];
static const struct readout everything;

/* The telegram that begins with item `first`, counted by the access number. */
static size_t encode(struct meter *meter, size_t first, uint8_t *frame, size_t *ret_next)
{
    const struct readout_source source = { meter, &everything, meter->now.cells };
    size_t n = rsp_ud_encode(&source, first, C_RSP_UD, frame, FRAME_MAX, ret_next);

    meter->access++;
    return n;
}

/* The first telegram of a readout that fits one. */
static size_t readout(struct meter *meter, uint8_t *frame)
{
    size_t next = 99, n = encode(meter, 0, frame, &next);

    assert_int_equal(next, 0);
    return n;
}

/* The two stock configurations, access number 0 first. */
static void stock_answers(void **state)
{
    struct meter meter;
    uint8_t frame[FRAME_MAX];

    (void)state;
    meter_init(&meter, &stock, cells);
    assert_hex(frame, readout(&meter, frame),
               "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 "
               "01 57 16");
    meter_init(&meter, &fixed, NULL);
    assert_int_equal(meter_answer_size(&fixed), FIXED_SIZE);
    assert_hex(frame, readout(&meter, frame),
               "68 13 13 68 08 03 73 78 56 34 12 00 00 E9 7E 23 01 00 00 56 04 00 00 77 16");
}

/* mbus-protocol 10.3: plus one for each RSP_UD, 255 is followed by 0. */
static void access_number_counts_answers(void **state)
{
    struct meter meter;
    uint8_t frame[FRAME_MAX];
    static const uint8_t expected[] = { 254, 255, 0, 1 };

    (void)state;
    meter_init(&meter, &stock, cells);
    meter.access = 254;
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
        assert_int_equal(readout(&meter, frame), 30);
        assert_int_equal(frame[15], expected[i]);
    }
}

/* mbus-protocol 10.4 and 11.1: what the bits say differs with the structure. */
static void status_is_sent(void **state)
{
    struct meter_def def = stock;
    struct meter meter;
    uint8_t frame[FRAME_MAX];

    (void)state;
    def.status = METER_STATUS_POWER_LOW | METER_STATUS_TEMPORARY_ERROR;
    meter_init(&meter, &def, cells);
    readout(&meter, frame);
    assert_int_equal(frame[16], 0x14);
    def = fixed;
    def.status = METER_STATUS_POWER_LOW;
    def.fixed_binary = true;
    meter_init(&meter, &def, NULL);
    readout(&meter, frame);
    assert_int_equal(frame[12], 0x05);
    assert_int_equal(frame[15], 0x7B);
}

/* mbus-protocol 10.1: a header without records is legal, L = 0F. */
static void header_alone(void **state)
{
    struct meter_def def = stock;
    struct meter meter;
    uint8_t frame[FRAME_MAX];

    (void)state;
    def.n_records = 0;
    meter_init(&meter, &def, NULL);
    assert_int_equal(readout(&meter, frame), 21);
    assert_int_equal(frame[1], 0x0F);
}

/* A readout in as many telegrams as it takes: where each begins, how long it is, how it ends. */
struct part {
    size_t first, size;
    uint8_t last_byte; /* of the data */
};

static void expect_parts(const struct meter_def *def, const struct part *parts, size_t n)
{
    struct meter meter;
    size_t first = 0, need;

    meter_init(&meter, def, cells);
    assert_int_equal(meter_telegrams(def, &need), n);
    for (size_t i = 0; i < n; i++) {
        uint8_t frame[FRAME_MAX];
        size_t size = 0, next = 0;

        assert_int_equal(first, parts[i].first);
        size = encode(&meter, first, frame, &next);
        assert_int_equal(size, parts[i].size);
        assert_true(size <= def->max_telegram + 6U);
        assert_int_equal(frame[size - 3], parts[i].last_byte);
        assert_int_equal(frame[15], i); /* each telegram counts (mbus-protocol 10.3) */
        first = next;
    }
    assert_int_equal(first, 0);
}

/* mbus-protocol 12: no record is split, each telegram but the last ends with 1F and has room for
 * it. */
static void records_that_do_not_fit_follow(void **state)
{
    struct meter_record records[130];
    struct meter_def def = stock;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        records[i] = stock_records[1]; /* 4 bytes; 60 of them fill one telegram */
    def.records = records;
    def.n_records = 60;
    assert_int_equal(meter_answer_size(&def), 252);
    expect_parts(&def, (const struct part[]){ { 0, 261, 0x01 } }, 1);
    def.n_records = 61;
    assert_int_equal(meter_answer_size(&def), 256);
    expect_parts(&def, (const struct part[]){ { 0, 258, 0x1F }, { 59, 29, 0x01 } }, 2);
    def.n_records = 130;
    expect_parts(
        &def, (const struct part[]){ { 0, 258, 0x1F }, { 59, 258, 0x1F }, { 118, 69, 0x01 } }, 3);
}

static void a_shorter_telegram_splits_earlier(void **state)
{
    struct meter_record records[20];
    struct meter_def def = stock;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        records[i] = stock_records[1];
    def.records = records;
    def.n_records = 20;
    def.max_telegram = 64; /* 49 bytes behind the header */
    expect_parts(&def, (const struct part[]){ { 0, 70, 0x1F }, { 12, 53, 0x01 } }, 2);
}

/* mbus-protocol 10.7 and 12: 0F and the maker's bytes close the last telegram, which may be one of
 * their own. */
static void manufacturer_data_come_last(void **state)
{
    uint8_t tail[] = { 0xAA, 0xBB, 0xCC };
    struct meter_record records[60];
    struct meter_def def = stock;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        records[i] = stock_records[1];
    def.records = records;
    def.tail = tail;
    def.n_tail = sizeof(tail);
    def.n_records = 0;
    expect_parts(&def, (const struct part[]){ { 0, 25, 0xCC } }, 1);
    def.n_records = 59;
    expect_parts(&def, (const struct part[]){ { 0, 261, 0xCC } }, 1);
    def.n_records = 60;
    expect_parts(&def, (const struct part[]){ { 0, 258, 0x1F }, { 59, 29, 0xCC } }, 2);
}

static void what_fits_no_telegram_is_said(void **state)
{
    uint8_t tail[60] = { 0 };
    struct meter_def def = stock;
    size_t need = 0;

    (void)state;
    def.tail = tail;
    def.n_tail = sizeof(tail);
    def.max_telegram = 64;
    assert_int_equal(meter_telegrams(&def, &need), 0);
    assert_int_equal(need, 12 + 61);
}

/* ---- readouts that a master has chosen ---- */

/* Ten records of 4 bytes, numbered; three telegrams of at most five of them (L = 36 leaves 21 bytes
 * behind the header: 5 records and the 1F). */
static struct meter_record ten[10];

static struct meter_def ten_def(void)
{
    struct meter_def def = stock;

    for (size_t i = 0; i < ARRAY_SIZE(ten); i++) {
        ten[i] = stock_records[1];
        ten[i].wire.value.integer = (int64_t)i;
        ten[i].sets = 0;
    }
    def.records = ten;
    def.n_records = ARRAY_SIZE(ten);
    def.max_telegram = 36;
    return def;
}

/* The records behind the header. */
static void expect_records_(const struct readout_source *source, size_t first, const char *records,
                            size_t next, const char *file, int line)
{
    uint8_t frame[FRAME_MAX];
    size_t ret_next = 99;
    size_t n = rsp_ud_encode(source, first, C_RSP_UD, frame, FRAME_MAX, &ret_next);

    _assert_true(n >= 21, "a telegram", file, line);
    assert_hex_(frame + 19, n - 21, records, file, line);
    _assert_int_equal(ret_next, next, file, line);
}
#define EXPECT(source, first, records, next)                                                       \
    expect_records_(source, first, records, next, __FILE__, __LINE__)

/* mbus-protocol 9: one telegram alone, whatever was asked for before; none follows it. */
static void one_telegram_alone(void **state)
{
    static const struct {
        uint8_t application;
        size_t first;
        const char *records;
        size_t next;
    } rows[] = {
        { 0x01, 0, "02 16 00 00 02 16 01 00 02 16 02 00", 0 },
        { 0x02, 0, "02 16 03 00 02 16 04 00 02 16 05 00", 0 },
        { 0x02, 6, "02 16 03 00 02 16 04 00 02 16 05 00", 0 },
        { 0x04, 0, "02 16 09 00", 0 },
        { 0x00, 0, "02 16 00 00 02 16 01 00 02 16 02 00 1F", 3 },
        { 0x00, 9, "02 16 09 00", 0 },
    };
    struct meter_def def = ten_def();
    struct meter meter;
    struct readout chosen = { 0 };
    struct readout_source source = { &meter, &chosen, cells };

    (void)state;
    def.max_telegram = 28; /* three records and the 1F */
    meter_init(&meter, &def, cells);
    assert_int_equal(rsp_ud_count(&source), 4);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        chosen.application = rows[i].application;
        EXPECT(&source, rows[i].first, rows[i].records, rows[i].next);
    }
}

/* mbus-protocol 9 and 12: telegrams are counted among the records of the application. */
static void one_telegram_of_an_application(void **state)
{
    struct meter_def def = ten_def();
    struct meter meter;
    struct readout chosen = { .application = 0x20 };
    struct readout_source source = { &meter, &chosen, cells };

    (void)state;
    def.max_telegram = 28;
    for (size_t i = 0; i < ARRAY_SIZE(ten); i++)
        ten[i].sets = i % 2 == 0 ? 1U << 2 : 1U << 0;
    meter_init(&meter, &def, cells);
    assert_int_equal(rsp_ud_count(&source), 2); /* 0 2 4, 6 8 */
    chosen.application = 0x22;
    EXPECT(&source, 0, "02 16 06 00 02 16 08 00", 0);
}

/* mbus-protocol 12 and 13.5: what is chosen may take several telegrams too, errors included. */
static void a_list_takes_several_telegrams(void **state)
{
    struct meter_def def = ten_def();
    struct meter meter;
    struct readout chosen = { 0 };
    struct readout_source source = { &meter, &chosen, cells };

    (void)state;
    meter_init(&meter, &def, cells);
    chosen.n_list = (uint8_t)test_hex("08 16 08 14 48 16 08 15", chosen.list, READOUT_LIST_MAX);
    assert_int_equal(rsp_ud_count(&source), 3);
    EXPECT(&source, 0, "02 16 00 00 02 16 01 00 02 16 02 00 02 16 03 00 02 16 04 00 1F", 5);
    EXPECT(&source, 5, "02 16 05 00 02 16 06 00 02 16 07 00 02 16 08 00 02 16 09 00 1F", 11);
    /* The entries stand behind the ten records; the first of them has nothing to say. */
    EXPECT(&source, 11, "00 94 0C 40 96 02 00 95 0C", 0);
}

/* mbus-protocol 13.5: an empty result is a header-only telegram. */
static void nothing_chosen_is_a_header(void **state)
{
    struct meter_def def = ten_def();
    struct meter meter;
    struct readout chosen = { 0 };
    struct readout_source source = { &meter, &chosen, cells };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ten); i++)
        ten[i].sets = 1U << 1;
    meter_init(&meter, &def, cells);
    EXPECT(&source, 0, "", 0);
    assert_int_equal(rsp_ud_count(&source), 1);
    chosen.n_list = (uint8_t)test_hex("28 7E", chosen.list, READOUT_LIST_MAX);
    EXPECT(&source, 0, "", 0);
}

/* mbus-protocol 12: values are those of the cells that it is given, now or a snapshot. */
static void values_are_those_of_a_snapshot(void **state)
{
    struct meter_cell snapshot[ARRAY_SIZE(stock_records)];
    struct meter meter;
    struct readout chosen = { 0 };
    struct readout_source source = { &meter, &chosen, snapshot };

    (void)state;
    meter_init(&meter, &stock, cells);
    memcpy(snapshot, meter.now.cells, sizeof(snapshot));
    meter.now.cells[1].value.integer = 1;
    EXPECT(&source, 0, "02 FD 49 D2 04 02 16 C8 01", 0);
    source.cells = meter.now.cells;
    EXPECT(&source, 0, "02 FD 49 D2 04 02 16 01 00", 0);
}

/* What is configured is told in a buffer that holds any frame, or not at all. */
static void no_buffer_is_too_small(void **state)
{
    uint8_t frame[FRAME_MAX - 1];
    struct meter meter;
    struct readout chosen = { 0 };
    size_t next;

    (void)state;
    meter_init(&meter, &stock, cells);
    assert_int_equal(rsp_ud_encode(&(struct readout_source){ &meter, &chosen, cells }, 0, C_RSP_UD,
                                   frame, sizeof(frame), &next),
                     0);
}

/* mbus-protocol 11: the fixed structure has one telegram, whatever was chosen, and the C field that
 * is asked for (mbus-protocol 5.6). */
static void the_fixed_structure_is_one_telegram(void **state)
{
    struct meter meter;
    struct readout chosen = { .application = 0x23, .everything = true };
    struct readout_source source = { &meter, &chosen, NULL };
    uint8_t frame[FRAME_MAX];
    size_t next = 99;

    (void)state;
    meter_init(&meter, &fixed, NULL);
    assert_int_equal(rsp_ud_count(&source), 1);
    assert_hex(frame, rsp_ud_encode(&source, 0, C_RSP_UD | C_ACD | C_DFC, frame, FRAME_MAX, &next),
               "68 13 13 68 38 03 73 78 56 34 12 00 00 E9 7E 23 01 00 00 56 04 00 00 A7 16");
    assert_int_equal(next, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stock_answers),
        cmocka_unit_test(access_number_counts_answers),
        cmocka_unit_test(status_is_sent),
        cmocka_unit_test(header_alone),
        cmocka_unit_test(records_that_do_not_fit_follow),
        cmocka_unit_test(a_shorter_telegram_splits_earlier),
        cmocka_unit_test(manufacturer_data_come_last),
        cmocka_unit_test(what_fits_no_telegram_is_said),
        cmocka_unit_test(one_telegram_alone),
        cmocka_unit_test(one_telegram_of_an_application),
        cmocka_unit_test(a_list_takes_several_telegrams),
        cmocka_unit_test(nothing_chosen_is_a_header),
        cmocka_unit_test(values_are_those_of_a_snapshot),
        cmocka_unit_test(no_buffer_is_too_small),
        cmocka_unit_test(the_fixed_structure_is_one_telegram),
    };

    return cmocka_run_group_tests_name("telegram", tests, NULL, NULL);
}
