#include "tests/unit/test.h"

#include "mbus/fixed.h"

static const struct {
    struct fixed fixed;
    const char *bytes;
} rows[] = {
    /* mbus-protocol 11.4: water, 123 l and 456 l historic. */
    { { 0x12345678, 0x0A, 0, 7, { { 0x29, 123 }, { FIXED_UNIT_HISTORIC, 456 } } },
      "78 56 34 12 0A 00 E9 7E 23 01 00 00 56 04 00 00" },
    /* The same in binary. */
    { { 0x12345678, 0x0A, FIXED_STATUS_BINARY, 7, { { 0x29, 123 }, { FIXED_UNIT_HISTORIC, 456 } } },
      "78 56 34 12 0A 01 E9 7E 7B 00 00 00 C8 01 00 00" },
    /* mbus-protocol 16.3: heat, 6531 kWh and 69 l. */
    { { 0x90919293, 0x10, 0, 4, { { 0x05, 6531 }, { 0x29, 69 } } },
      "93 92 91 90 10 00 05 69 31 65 00 00 69 00 00 00" },
    /* Binary counters are signed. */
    { { 0, 0, FIXED_STATUS_BINARY, 8, { { 0x39, -2 }, { FIXED_UNIT_NONE, 0 } } },
      "00 00 00 00 00 01 39 BF FE FF FF FF 00 00 00 00" },
};

static void structures(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t bytes[FIXED_SIZE];
        struct writer w = writer_over(bytes, sizeof(bytes));

        fixed_encode(&rows[i].fixed, &w);
        assert_false(w.failed);
        assert_hex(bytes, w.n, rows[i].bytes);
    }
}

/* mbus-protocol 11.3. */
static const struct {
    enum vif_base base;
    int exponent, unit;
} units[] = {
    { VIF_BASE_WH, 0, 0x02 },       { VIF_BASE_WH, 3, 0x05 },        { VIF_BASE_WH, 8, 0x0A },
    { VIF_BASE_WH, 9, -1 },         { VIF_BASE_WH, -1, -1 },         { VIF_BASE_J, 3, 0x0B },
    { VIF_BASE_J, 5, 0x0D },        { VIF_BASE_J, 6, 0x0E },         { VIF_BASE_J, 11, 0x13 },
    { VIF_BASE_W, 0, 0x14 },        { VIF_BASE_W, 8, 0x1C },         { VIF_BASE_J_PER_H, 3, 0x1D },
    { VIF_BASE_J_PER_H, 11, 0x25 }, { VIF_BASE_M3, -6, 0x26 },       { VIF_BASE_M3, -3, 0x29 },
    { VIF_BASE_M3, 2, 0x2E },       { VIF_BASE_M3_PER_H, -6, 0x2F }, { VIF_BASE_M3_PER_H, 2, 0x37 },
    { VIF_BASE_DEGC, -3, 0x38 },    { VIF_BASE_DEGC, 0, -1 },        { VIF_BASE_HCA, 0, 0x39 },
    { VIF_BASE_NONE, 0, 0x3F },     { VIF_BASE_VOLT, 0, -1 },
};

static void units_of_the_old_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(units); i++)
        assert_int_equal(fixed_unit(units[i].base, units[i].exponent), units[i].unit);
}

/* mbus-protocol 11.2. */
static void media_of_the_old_table(void **state)
{
    (void)state;
    for (uint8_t code = 0; code <= 8; code++)
        assert_int_equal(fixed_medium(code), code);
    assert_int_equal(fixed_medium(0x15), 6);
    assert_int_equal(fixed_medium(0x09), -1);
    assert_int_equal(fixed_medium(0x16), -1);
}

/* mbus-protocol 11.3, the other way: every code has the meaning that gives the code. */
static void meanings_of_the_old_table(void **state)
{
    unsigned n = 0;

    (void)state;
    for (uint8_t unit = 0; unit < 0x40; unit++) {
        struct fixed_meaning meaning;

        if (!fixed_unit_meaning(unit, &meaning))
            continue;
        n++;
        assert_non_null(meaning.quantity);
        if (unit > 0x01) /* a time and a date have no count */
            assert_int_equal(fixed_unit(meaning.base, meaning.exponent), unit);
    }
    assert_int_equal(n, 0x40 - 5); /* 3A to 3D reserved, 3E says "as the other" */
}

static void device_types_of_the_old_table(void **state)
{
    static const int types[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, -1, 3, 4, 6, 7, 8, -1 };

    (void)state;
    for (uint8_t medium = 0; medium < 16; medium++)
        assert_int_equal(fixed_device_type(medium), types[medium]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structures),
        cmocka_unit_test(units_of_the_old_table),
        cmocka_unit_test(media_of_the_old_table),
        cmocka_unit_test(meanings_of_the_old_table),
        cmocka_unit_test(device_types_of_the_old_table),
    };

    return cmocka_run_group_tests_name("fixed", tests, NULL, NULL);
}
