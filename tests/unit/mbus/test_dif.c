#include "tests/unit/test.h"

#include "mbus/dif.h"

/* mbus-records 2.2, the table of DIBs. */
static const struct {
    struct dib dib;
    const char *bytes;
} rows[] = {
    { { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 0, 0, 0, 0 }, "04" },
    { { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 1, 0, 0, 0 }, "44" },
    { { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 2, 0, 0, 0 }, "84 01" },
    { { DATA_FIELD_BCD8, DIF_INSTANTANEOUS, 3, 0, 0, 0 }, "CC 01" },
    { { DATA_FIELD_INT16, DIF_INSTANTANEOUS, 31, 0, 0, 0 }, "C2 0F" },
    { { DATA_FIELD_INT16, DIF_INSTANTANEOUS, 32, 0, 0, 0 }, "82 80 01" },
    { { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 0, 1, 0, 0 }, "84 10" },
    { { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 0, 2, 0, 0 }, "84 20" },
    { { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 0, 4, 0, 0 }, "84 80 10" },
    { { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 0, 0, 1, 0 }, "84 40" },
    { { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 0, 0, 2, 0 }, "84 80 40" },
    { { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 0, 0, 3, 0 }, "84 C0 40" },
    { { DATA_FIELD_INT32, DIF_MAXIMUM, 8, 3, 1, 0 }, "94 74" },
    { { DATA_FIELD_INT16, DIF_MINIMUM, 0, 0, 0, 0 }, "22" },
    { { DATA_FIELD_BCD4, DIF_ERROR, 0, 0, 0, 0 }, "3A" },
    { { DATA_FIELD_INT32, DIF_INSTANTANEOUS, 5, 6, 2, 0 }, "C4 A2 50" },
    { { DATA_FIELD_INT8, DIF_INSTANTANEOUS, DIF_STORAGE_MAX, DIF_TARIFF_MAX, DIF_SUBUNIT_MAX, 0 },
      "C1 FF FF FF FF FF FF FF FF FF 7F" },
};

static void dib_is_minimal(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t bytes[16];
        struct writer w = writer_over(bytes, sizeof(bytes));

        dib_encode(&rows[i].dib, &w);
        assert_hex(bytes, w.n, rows[i].bytes);
    }
}

/* mbus-records 13.1: more DIFE than the numbers need, down to the eleventh of 2.4. */
static void dib_is_as_long_as_wanted(void **state)
{
    static const struct {
        struct dib dib;
        unsigned n_dife;
        const char *bytes;
    } longer[] = {
        { { .data_field = DATA_FIELD_INT32 }, 1, "84 00" },
        { { .data_field = DATA_FIELD_INT32, .tariff = 3 }, 2, "84 B0 00" },
        { { .data_field = DATA_FIELD_INT32, .tariff = 4 }, 1, "84 80 10" },
        { { .data_field = DATA_FIELD_INT8 }, 11, "81 80 80 80 80 80 80 80 80 80 80 00" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(longer); i++) {
        uint8_t bytes[16];
        struct writer w = writer_over(bytes, sizeof(bytes));

        dib_encode_long(&longer[i].dib, longer[i].n_dife, &w);
        assert_hex(bytes, w.n, longer[i].bytes);
    }
}

static void dife_add_their_bits(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t bytes[16] = { 0 };
        size_t n = test_hex(rows[i].bytes, bytes, sizeof(bytes));
        struct dib dib = dib_of_dif(bytes[0]);

        for (unsigned k = 0; k + 1 < n; k++)
            dib_add_dife(&dib, k, bytes[k + 1]);
        dib_add_dife(&dib, DIFE_MAX, 0xFF); /* there is nothing left to add */
        assert_int_equal(dib.data_field, rows[i].dib.data_field);
        assert_int_equal(dib.function, rows[i].dib.function);
        assert_true(dib.storage == rows[i].dib.storage);
        assert_int_equal(dib.tariff, rows[i].dib.tariff);
        assert_int_equal(dib.subunit, rows[i].dib.subunit);
    }
}

/* mbus-records 3.1: 6 is six bytes, 7 is eight, E is six. */
static void lengths_are_those_of_the_table(void **state)
{
    static const unsigned lengths[] = { 0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6, 0 };

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(lengths); i++)
        assert_int_equal(data_field_length((enum data_field)i), lengths[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dib_is_minimal),
        cmocka_unit_test(dib_is_as_long_as_wanted),
        cmocka_unit_test(dife_add_their_bits),
        cmocka_unit_test(lengths_are_those_of_the_table),
    };

    return cmocka_run_group_tests_name("dif", tests, NULL, NULL);
}
