#include "tests/unit/test.h"

#include <string.h>

#include "mbus/frame.h"
#include "mbus/link.h"
#include "meter/telegram.h"

static struct meter_record stock_records[] = {
    { .wire = { { .data_field = DATA_FIELD_INT16 }, { { 0xFD, 0x49 }, 2 }, { .integer = 1234 } } },
    { .wire = { { .data_field = DATA_FIELD_INT16 }, { { 0x16 }, 1 }, { .integer = 456 } } },
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
    size_t n = telegram_encode(&source, first, C_RSP_UD, frame, FRAME_MAX, ret_next);

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

/* mbus-protocol 12: 0F and the maker's bytes close the last telegram, which may be one of their
 * own. */
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
    };

    return cmocka_run_group_tests_name("telegram", tests, NULL, NULL);
}
