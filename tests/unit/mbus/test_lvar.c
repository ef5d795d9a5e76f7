#include "tests/unit/test.h"

#include "mbus/lvar.h"

/* mbus-records 3.2: each border. */
static const struct {
    uint8_t byte;
    enum lvar_kind kind;
    uint8_t length;
} rows[] = {
    { 0x00, LVAR_TEXT, 0 },         { 0xBF, LVAR_TEXT, 191 },       { 0xC0, LVAR_BCD_POSITIVE, 0 },
    { 0xC9, LVAR_BCD_POSITIVE, 9 }, { 0xCA, LVAR_RESERVED, 0 },     { 0xCF, LVAR_RESERVED, 0 },
    { 0xD0, LVAR_BCD_NEGATIVE, 0 }, { 0xD9, LVAR_BCD_NEGATIVE, 9 }, { 0xDA, LVAR_RESERVED, 0 },
    { 0xDF, LVAR_RESERVED, 0 },     { 0xE0, LVAR_BINARY, 0 },       { 0xEB, LVAR_BINARY, 11 },
    { 0xEF, LVAR_BINARY, 15 },      { 0xF0, LVAR_BINARY, 16 },      { 0xF1, LVAR_BINARY, 20 },
    { 0xF4, LVAR_BINARY, 32 },      { 0xF5, LVAR_BINARY, 48 },      { 0xF6, LVAR_BINARY, 64 },
    { 0xF7, LVAR_RESERVED, 0 },     { 0xF8, LVAR_RESERVED, 0 },     { 0xFF, LVAR_RESERVED, 0 },
};

static void lengths_are_those_of_the_reference(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct lvar lvar = lvar_decode(rows[i].byte);

        assert_int_equal(lvar.kind, rows[i].kind);
        assert_int_equal(lvar.length, rows[i].length);
    }
}

static void none_is_longer_than_said(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++)
        assert_in_range(lvar_decode((uint8_t)byte).length, 0, LVAR_DATA_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_those_of_the_reference),
        cmocka_unit_test(none_is_longer_than_said),
    };

    return cmocka_run_group_tests_name("lvar", tests, NULL, NULL);
}
