#include "tests/unit/test.h"

#include "mbus/value.h"

/* mbus-records 4.1, 4.2 and the worked records 1, 3, 11, 13, 51, 66, 67. */
static const struct {
    enum data_field field;
    int64_t integer;
    const char *bytes;
} integers[] = {
    { DATA_FIELD_NONE, 0, "" },
    { DATA_FIELD_INT8, -75, "B5" },
    { DATA_FIELD_INT16, -1000, "18 FC" },
    { DATA_FIELD_INT24, -2, "FE FF FF" },
    { DATA_FIELD_INT32, 12345, "39 30 00 00" },
    { DATA_FIELD_INT48, -1, "FF FF FF FF FF FF" },
    { DATA_FIELD_INT64, 1234, "D2 04 00 00 00 00 00 00" },
    { DATA_FIELD_INT64, -INT64_MAX, "01 00 00 00 00 00 00 80" },
    { DATA_FIELD_BCD2, -9, "F9" },
    { DATA_FIELD_BCD4, -123, "23 F1" },
    { DATA_FIELD_BCD4, 9999, "99 99" },
    { DATA_FIELD_BCD6, -2, "02 00 F0" },
    { DATA_FIELD_BCD8, 12345678, "78 56 34 12" },
    { DATA_FIELD_BCD8, -9999999, "99 99 99 F9" },
    { DATA_FIELD_BCD12, 123456789012, "12 90 78 56 34 12" },
};

static void integers_and_bcd(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(integers); i++) {
        uint8_t bytes[8];
        struct writer w = writer_over(bytes, sizeof(bytes));
        struct value value = { .integer = integers[i].integer };

        value_encode(integers[i].field, &value, &w);
        assert_hex(bytes, w.n, integers[i].bytes);
    }
}

/* mbus-records 4.7. */
static const struct {
    float real;
    const char *bytes;
} reals[] = { { 1.5F, "00 00 C0 3F" }, { -0.1F, "CD CC CC BD" }, { 2.5F, "00 00 20 40" } };

static void reals_are_ieee_754(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(reals); i++) {
        uint8_t bytes[8];
        struct writer w = writer_over(bytes, sizeof(bytes));
        struct value value = { .real = reals[i].real };

        value_encode(DATA_FIELD_REAL32, &value, &w);
        assert_hex(bytes, w.n, reals[i].bytes);
    }
}

/* mbus-records 4 (the most negative integer is "no value") and 4.1 (the sign costs a digit). */
static const struct {
    enum data_field field;
    enum value_coding coding;
    int64_t min, max;
} ranges[] = {
    { DATA_FIELD_INT8, CODING_SIGNED, -127, 127 },
    { DATA_FIELD_INT16, CODING_SIGNED, -32767, 32767 },
    { DATA_FIELD_INT24, CODING_SIGNED, -8388607, 8388607 },
    { DATA_FIELD_INT32, CODING_SIGNED, -2147483647, 2147483647 },
    { DATA_FIELD_INT48, CODING_SIGNED, -140737488355327, 140737488355327 },
    { DATA_FIELD_INT64, CODING_SIGNED, -INT64_MAX, INT64_MAX },
    { DATA_FIELD_BCD2, CODING_SIGNED, -9, 99 },
    { DATA_FIELD_BCD4, CODING_SIGNED, -999, 9999 },
    { DATA_FIELD_BCD6, CODING_SIGNED, -99999, 999999 },
    { DATA_FIELD_BCD8, CODING_SIGNED, -9999999, 99999999 },
    { DATA_FIELD_BCD12, CODING_SIGNED, -99999999999, 999999999999 },
    { DATA_FIELD_INT8, CODING_UNSIGNED, 0, 254 },
    { DATA_FIELD_INT32, CODING_UNSIGNED, 0, 4294967294 },
    { DATA_FIELD_INT64, CODING_UNSIGNED, 0, INT64_MAX },
    { DATA_FIELD_INT8, CODING_BITS, 0, 255 },
    { DATA_FIELD_INT48, CODING_BITS, 0, 281474976710655 },
    { DATA_FIELD_INT64, CODING_BITS, 0, INT64_MAX },
    { DATA_FIELD_INT16, CODING_TIME, 0, 65535 },
};

static void ranges_leave_out_what_has_another_meaning(void **state)
{
    int64_t min, max;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
        assert_true(value_range(ranges[i].field, ranges[i].coding, &min, &max));
        assert_true(min == ranges[i].min);
        assert_true(max == ranges[i].max);
    }
    assert_false(value_range(DATA_FIELD_NONE, CODING_SIGNED, &min, &max));
    assert_false(value_range(DATA_FIELD_REAL32, CODING_SIGNED, &min, &max));
    assert_false(value_range(DATA_FIELD_VARIABLE, CODING_SIGNED, &min, &max));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_and_bcd),
        cmocka_unit_test(reals_are_ieee_754),
        cmocka_unit_test(ranges_leave_out_what_has_another_meaning),
    };

    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
