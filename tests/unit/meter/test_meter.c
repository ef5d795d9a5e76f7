#include "tests/unit/test.h"

#include <string.h>

#include "mbus/frame.h"
#include "meter/meter.h"

static struct record stock_records[] = {
    { { .data_field = DATA_FIELD_INT16 }, { { 0xFD, 0x49 }, 2 }, { .integer = 1234 } },
    { { .data_field = DATA_FIELD_INT16 }, { { 0x16 }, 1 }, { .integer = 456 } },
};

static const struct meter_def stock = {
    .address = 3,
    .ident = { 0x12345678, 0x5274, 1, 0 },
    .records = stock_records,
    .n_records = ARRAY_SIZE(stock_records),
};

static const struct meter_def fixed = {
    .address = 3,
    .ident = { .id = 0x12345678, .medium = 7 },
    .structure = METER_FIXED,
    .counters = { { 0x29, 123 }, { FIXED_UNIT_HISTORIC, 456 } },
};

/* The two stock configurations, access number 0 first. */
static void stock_answers(void **state)
{
    struct meter meter = { .def = &stock };
    uint8_t frame[FRAME_MAX];

    (void)state;
    assert_hex(frame, meter_answer(&meter, frame, sizeof(frame)),
               "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 "
               "01 57 16");
    meter = (struct meter){ .def = &fixed };
    assert_hex(frame, meter_answer(&meter, frame, sizeof(frame)),
               "68 13 13 68 08 03 73 78 56 34 12 00 00 E9 7E 23 01 00 00 56 04 00 00 77 16");
}

/* mbus-protocol 10.3: plus one for each RSP_UD, 255 is followed by 0. */
static void access_number_counts_answers(void **state)
{
    struct meter meter = { .def = &stock, .access = 254 };
    uint8_t frame[FRAME_MAX];
    static const uint8_t expected[] = { 254, 255, 0, 1 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
        assert_int_equal(meter_answer(&meter, frame, sizeof(frame)), 30);
        assert_int_equal(frame[15], expected[i]);
    }
}

static void status_is_sent(void **state)
{
    struct meter_def def = stock;
    struct meter meter = { .def = &def };
    uint8_t frame[FRAME_MAX];

    (void)state;
    def.status = METER_STATUS_POWER_LOW | METER_STATUS_TEMPORARY_ERROR;
    meter_answer(&meter, frame, sizeof(frame));
    assert_int_equal(frame[16], 0x14);
    def = fixed;
    def.status = METER_STATUS_POWER_LOW;
    def.fixed_binary = true;
    meter_answer(&meter, frame, sizeof(frame));
    assert_int_equal(frame[12], 0x05);
    assert_int_equal(frame[15], 0x7B);
}

/* mbus-protocol 10.1: a header without records is legal, L = 0F. */
static void header_alone(void **state)
{
    struct meter_def def = stock;
    struct meter meter = { .def = &def };
    uint8_t frame[FRAME_MAX];

    (void)state;
    def.n_records = 0;
    assert_int_equal(meter_answer(&meter, frame, sizeof(frame)), 21);
    assert_int_equal(frame[1], 0x0F);
}

static void size_has_no_limit_and_an_answer_has(void **state)
{
    struct record records[61];
    struct meter_def def = stock;
    struct meter meter = { .def = &def };
    uint8_t frame[FRAME_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        records[i] = stock_records[1];
    def.records = records;
    def.n_records = 60;
    assert_int_equal(meter_answer_size(&def), 252);
    assert_int_equal(meter_answer(&meter, frame, sizeof(frame)), FRAME_MAX);
    def.n_records = 61;
    assert_int_equal(meter_answer_size(&def), 256);
    assert_int_equal(meter_answer(&meter, frame, sizeof(frame)), 0);
    assert_int_equal(meter.access, 1);
    def.n_records = 1;
    assert_int_equal(meter_answer(&meter, frame, sizeof(frame) - 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stock_answers),
        cmocka_unit_test(access_number_counts_answers),
        cmocka_unit_test(status_is_sent),
        cmocka_unit_test(header_alone),
        cmocka_unit_test(size_has_no_limit_and_an_answer_has),
    };

    return cmocka_run_group_tests_name("meter", tests, NULL, NULL);
}
