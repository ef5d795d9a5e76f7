#include "tests/unit/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "meter/number.h"

static const struct {
    const char *text;
    int64_t integer;
} whole[] = {
    { "0", 0 },
    { "-0", 0 },
    { "21437", 21437 },
    { "+5", 5 },
    { "-40", -40 },
    { "0007", 7 },    /* not octal */
    { "  12\n", 12 }, /* as programs print it */
    { "\t8\r\n\n", 8 },
    { "9223372036854775807", INT64_MAX },
    { "-9223372036854775808", INT64_MIN },
    { "-00009223372036854775808", INT64_MIN },
    { "9007199254740993", 9007199254740993 }, /* no double */
};

static void whole_numbers_stay_whole(void **state)
{
    struct number number;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(whole); i++) {
        const char *text = whole[i].text;

        assert_int_equal(number_parse(text, strlen(text), &number), NUMBER_OK);
        assert_false(number.is_real);
        assert_true(number.integer == whole[i].integer);
    }
}

static const struct {
    const char *text;
    double real;
} reals[] = {
    { "21.5", 21.5 },
    { "-0.25", -0.25 },
    { ".5", 0.5 },
    { "5.", 5 },
    { "1e3", 1000 },
    { "1E+3", 1000 },
    { "-2.5e-3", -0.0025 },
    { "0.1", 0.1 },
    { "1e-999", 0 }, /* nearer to it than to any other */
    { "4.9e-324", 4.9e-324 },
    { "1.7976931348623157e308", 1.7976931348623157e308 },
    { "9223372036854775808", 9223372036854775808.0 }, /* beyond 64 bits */
    { "-9223372036854775809", -9223372036854775808.0 },
    { " 3.25 \n", 3.25 },
};

static void all_else_is_the_nearest_double(void **state)
{
    struct number number;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(reals); i++) {
        const char *text = reals[i].text;

        assert_int_equal(number_parse(text, strlen(text), &number), NUMBER_OK);
        assert_true(number.is_real);
        assert_memory_equal(&number.real, &reals[i].real, sizeof(double));
    }
}

static const struct {
    const char *text;
    enum number_verdict verdict;
} bad[] = {
    { "", NUMBER_EMPTY },          { " \n\t", NUMBER_EMPTY },      { "abc", NUMBER_NONE },
    { "21.5 degC", NUMBER_NONE },  { "21,5", NUMBER_NONE },        { "1 000", NUMBER_NONE },
    { "12k", NUMBER_NONE },        { "0x10", NUMBER_NONE },        { "0x1p3", NUMBER_NONE },
    { "nan", NUMBER_NONE },        { "inf", NUMBER_NONE },         { "-Infinity", NUMBER_NONE },
    { "--5", NUMBER_NONE },        { "- 5", NUMBER_NONE },         { "+", NUMBER_NONE },
    { ".", NUMBER_NONE },          { "-.e5", NUMBER_NONE },        { "e5", NUMBER_NONE },
    { "1e", NUMBER_NONE },         { "1e+", NUMBER_NONE },         { "1e5.5", NUMBER_NONE },
    { "1.2.3", NUMBER_NONE },      { "1_000", NUMBER_NONE },       { "5L", NUMBER_NONE },
    { "1e999", NUMBER_TOO_LARGE }, { "-1e999", NUMBER_TOO_LARGE },
};

static void what_is_no_number_is_said(void **state)
{
    struct number number = { .integer = 4711 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_int_equal(number_parse(bad[i].text, strlen(bad[i].text), &number), bad[i].verdict);
    assert_false(number.is_real);
    assert_int_equal(number.integer, 4711);
}

/* Nothing behind n bytes is looked at, and a zero is a byte as any other. */
static void the_text_ends_where_it_is_said(void **state)
{
    struct number number;

    (void)state;
    assert_int_equal(number_parse("12345", 2, &number), NUMBER_OK);
    assert_int_equal(number.integer, 12);
    assert_int_equal(number_parse("1.25e3", 4, &number), NUMBER_OK);
    assert_true(number.real >= 1.25 && number.real <= 1.25);
    assert_int_equal(number_parse("12\0", 3, &number), NUMBER_NONE);
    assert_int_equal(number_parse("1e5", 2, &number), NUMBER_NONE);
    assert_int_equal(number_parse("-5", 1, &number), NUMBER_NONE);
}

static void a_long_number_is_read_up_to_a_limit(void **state)
{
    struct number number;
    char text[NUMBER_CHARACTERS_MAX + 2];

    (void)state;
    memset(text, '0', sizeof(text));
    text[1] = '.';
    text[NUMBER_CHARACTERS_MAX - 1] = '1';
    assert_int_equal(number_parse(text, NUMBER_CHARACTERS_MAX, &number), NUMBER_OK);
    assert_int_equal(number_parse(text, NUMBER_CHARACTERS_MAX + 1, &number), NUMBER_TOO_LONG);
    memset(text, '9', sizeof(text));
    assert_int_equal(number_parse(text, 308, &number), NUMBER_OK);
    assert_true(number.real > 9.9e307 && number.real <= 1e308);
    assert_int_equal(number_parse(text, 310, &number), NUMBER_TOO_LARGE);
}

/* What a double prints as comes back as the same double. */
static void doubles_come_back(void **state)
{
    uint64_t bits = 0x9E3779B97F4A7C15;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct number number;
        char text[64];
        double real;
        int n;

        bits = bits * 6364136223846793005 + 1442695040888963407;
        memcpy(&real, &bits, sizeof(real));
        if (!isfinite(real))
            continue;
        n = snprintf(text, sizeof(text), "%.16e", real);
        assert_int_equal(number_parse(text, (size_t)n, &number), NUMBER_OK);
        assert_memory_equal(&number.real, &real, sizeof(real));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_stay_whole),
        cmocka_unit_test(all_else_is_the_nearest_double),
        cmocka_unit_test(what_is_no_number_is_said),
        cmocka_unit_test(the_text_ends_where_it_is_said),
        cmocka_unit_test(a_long_number_is_read_up_to_a_limit),
        cmocka_unit_test(doubles_come_back),
    };

    return cmocka_run_group_tests_name("meter/number", tests, NULL, NULL);
}
