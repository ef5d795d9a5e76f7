#include "tests/unit/test.h"

#include <string.h>

#include "ctl/decimal.h"

static struct decoded_value number(enum value_kind kind, int64_t integer)
{
    return (struct decoded_value){ .kind = kind, .integer = integer, .word = (uint64_t)integer };
}

static const struct {
    enum value_kind kind;
    int64_t integer;
    int exponent;
    const char *text;
} integers[] = {
    { VALUE_SIGNED, 2850427, -2, "28504.27" },
    { VALUE_SIGNED, -2, -1, "-0.2" },
    { VALUE_SIGNED, 1100, -2, "11.00" },
    { VALUE_SIGNED, 1234, 1, "12340" },
    { VALUE_SIGNED, 5, -3, "0.005" },
    { VALUE_SIGNED, 0, -3, "0.000" },
    { VALUE_SIGNED, 0, 9, "0" },
    { VALUE_SIGNED, 5, 0, "5" },
    { VALUE_SIGNED, INT64_MIN, 0, "-9223372036854775808" },
    { VALUE_UNSIGNED, -1, 0, "18446744073709551615" },
    { VALUE_UNSIGNED, -1, -20, "0.18446744073709551615" },
    { VALUE_BITS, 5, 0, "5" },
    { VALUE_BCD, 999999999999999999, -1, "99999999999999999.9" },
    { VALUE_SIGNED, 5, 30, "5e30" },
    { VALUE_SIGNED, -5, -60, "-5e-60" },
};

static void integers_are_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(integers); i++) {
        struct decoded_value value = number(integers[i].kind, integers[i].integer);
        struct decimal decimal;
        char text[DECIMAL_TEXT_MAX];

        assert_true(decimal_of(&value, VIF_NUMBER, integers[i].exponent, &decimal));
        assert_int_equal(decimal_text(&decimal, text), strlen(integers[i].text));
        assert_string_equal(text, integers[i].text);
    }
}

/* mbus-records 7: the factors of heat cost allocators count in 2^-12. */
static void fractions_are_exact(void **state)
{
    struct decoded_value value = number(VALUE_UNSIGNED, 4096 + 1);
    struct decimal decimal;
    char text[DECIMAL_TEXT_MAX];

    (void)state;
    assert_true(decimal_of(&value, VIF_FRACTION, 0, &decimal));
    (void)decimal_text(&decimal, text);
    assert_string_equal(text, "1.000244140625");
    value = number(VALUE_UNSIGNED, -1);
    assert_true(decimal_of(&value, VIF_FRACTION, 0, &decimal));
    (void)decimal_text(&decimal, text);
    assert_string_equal(text, "4503599627370495.999755859375"); /* (2^64 - 1) / 4096 */
}

static const struct {
    float real;
    int exponent;
    const char *text;
} reals[] = {
    { 2.5F, 0, "2.5" },
    { 230.26F, 0, "230.26" },
    { 230.26F, 3, "230260" },
    { 230.26F, -3, "0.23026" },
    { -0.1F, 0, "-0.1" },
    { 0.0F, -3, "0" },
    { 16777216.0F, 0, "16777216" },
    { 1e-30F, 0, "0.000000000000000000000000000001" },
    { 3.4e38F, 0, "34e37" },
};

static void reals_are_the_shortest_that_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(reals); i++) {
        struct decoded_value value = { .kind = VALUE_REAL, .real = reals[i].real };
        struct decimal decimal;
        char text[DECIMAL_TEXT_MAX];

        assert_true(decimal_of(&value, VIF_NUMBER, reals[i].exponent, &decimal));
        (void)decimal_text(&decimal, text);
        assert_string_equal(text, reals[i].text);
    }
}

static void what_is_no_number_gives_none(void **state)
{
    static const struct decoded_value none[] = {
        { .kind = VALUE_NONE },
        { .kind = VALUE_TEXT },
        { .kind = VALUE_BINARY },
        { .kind = VALUE_TIME },
        { .kind = VALUE_SIGNED, .state = VALUE_INVALID },
        { .kind = VALUE_BCD, .state = VALUE_NO_NUMBER },
        { .kind = VALUE_REAL, .state = VALUE_OVERFLOW },
    };
    struct decimal decimal;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(none); i++)
        assert_false(decimal_of(&none[i], VIF_NUMBER, 0, &decimal));
}

static const struct {
    struct decimal before;
    int exponent;
    const char *sum;
} sums[] = {
    { { false, "0", 0 }, 0, "1" },          { { false, "999", 0 }, 0, "1000" },
    { { false, "5", 3 }, 0, "5001" },       { { false, "5", -3 }, 0, "1.005" },
    { { true, "5", -3 }, 0, "0.995" },      { { true, "1", 0 }, 0, "0" },
    { { true, "1000", -3 }, -3, "-0.999" }, { { true, "1000", -3 }, 0, "0.000" },
    { { true, "7", 0 }, 2, "93" },          { { true, "200", 0 }, 2, "-100" },
    { { false, "1", 60 }, 0, "1e60" },      { { false, "1", -60 }, 0, "1e-60" },
};

static void powers_are_added(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sums); i++) {
        struct decimal d = sums[i].before;
        char text[DECIMAL_TEXT_MAX];

        decimal_add_power(&d, sums[i].exponent);
        (void)decimal_text(&d, text);
        assert_string_equal(text, sums[i].sum);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_exact),
        cmocka_unit_test(fractions_are_exact),
        cmocka_unit_test(reals_are_the_shortest_that_read_back),
        cmocka_unit_test(what_is_no_number_gives_none),
        cmocka_unit_test(powers_are_added),
    };

    return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
