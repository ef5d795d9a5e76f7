#include "tests/unit/test.h"

#include <math.h>

#include "store/setting.h"

static void a_record_is_its_coding(void **state)
{
    struct record record = { .dib = { .data_field = DATA_FIELD_INT16 },
                             .vib = { .bytes = { 0xFD, 0x49 }, .n = 2 },
                             .value = { 0 } };
    static const uint8_t text[UINT8_MAX] = "l";
    struct record_key key;

    (void)state;
    record_key_of(&record, &key);
    assert_hex(key.bytes, key.n, "02 FD 49");
    record.dib = (struct dib){
        DATA_FIELD_INT64, DIF_ERROR, DIF_STORAGE_MAX, DIF_TARIFF_MAX, DIF_SUBUNIT_MAX, DIFE_MAX + 1,
    };
    record.vib = (struct vib){ .n = VIB_MAX, .n_text = sizeof(text), .text = text };
    record_key_of(&record, &key);
    assert_int_equal(key.n, RECORD_KEY_MAX);
}

static void idents(void **state)
{
    const struct ident a = { 1, 2, 3, 4 };
    const struct ident others[] = {
        { 9, 2, 3, 4 }, { 1, 9, 3, 4 }, { 1, 2, 9, 4 }, { 1, 2, 3, 9 }
    };

    (void)state;
    assert_true(ident_equal(&a, &a));
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        assert_false(ident_equal(&a, &others[i]));
}

static void values(void **state)
{
    static const struct {
        enum data_field field;
        struct value a, b;
        bool equal;
    } rows[] = {
        { DATA_FIELD_INT32, { .integer = 1 }, { .integer = 1, .real = 5 }, true },
        { DATA_FIELD_INT32, { .integer = 1 }, { .integer = 2 }, false },
        { DATA_FIELD_REAL32, { .real = 1 }, { .real = 1, .integer = 5 }, true },
        { DATA_FIELD_REAL32, { .real = 0.0F }, { .real = -0.0F }, false },
        { DATA_FIELD_REAL32, { .real = NAN }, { .real = NAN }, true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(values_equal(rows[i].field, &rows[i].a, &rows[i].b), rows[i].equal);
    assert_int_equal(real_bits(1.5F), 0x3FC00000);
    assert_true(real_of_bits(0x3FC00000) == 1.5F);
    assert_true(has_value(&(struct record){ .dib = { .data_field = DATA_FIELD_BCD8 } }));
    assert_true(has_value(&(struct record){ .dib = { .data_field = DATA_FIELD_REAL32 } }));
    assert_false(has_value(&(struct record){ .dib = { .data_field = DATA_FIELD_VARIABLE } }));
    assert_false(has_value(&(struct record){ .dib = { .data_field = DATA_FIELD_NONE } }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_its_coding),
        cmocka_unit_test(idents),
        cmocka_unit_test(values),
    };

    return cmocka_run_group_tests_name("store/setting", tests, NULL, NULL);
}
