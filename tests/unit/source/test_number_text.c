#include "tests/unit/test.h"

#include <math.h>
#include <stdlib.h>

#include "source/number_text.h"

static void is_text(const struct number *number, bool is_single, const char *expected)
{
    char text[NUMBER_TEXT_MAX];

    number_text(number, is_single, text);
    assert_string_equal(text, expected);
}

static void whole_numbers_are_exact(void **state)
{
    (void)state;
    is_text(&(struct number){ .integer = 0 }, false, "0");
    is_text(&(struct number){ .integer = -12 }, false, "-12");
    is_text(&(struct number){ .integer = INT64_MAX }, false, "9223372036854775807");
    is_text(&(struct number){ .integer = INT64_MIN }, false, "-9223372036854775808");
}

static void reals_are_as_short_as_can_be(void **state)
{
    static const struct {
        double real;
        const char *text;
    } rows[] = {
        { 0.0, "0" },
        { -0.0, "0" },
        { 5.0, "5" },
        { -21.5, "-21.5" },
        { 0.1, "0.1" },
        { 0.1 + 0.2, "0.30000000000000004" },
        { 1234567.25, "1234567.25" },
        { 1000000.0, "1000000" },
        { 1e20, "100000000000000000000" },
        { 1e-9, "0.000000001" },
        { 1.25e-9, "0.00000000125" },
        { 1e21, "1e+21" },
        { 1.5e-10, "1.5e-10" },
        { -1.7976931348623157e308, "-1.7976931348623157e+308" },
        { NAN, "nan" },
        { INFINITY, "inf" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        is_text(&(struct number){ .is_real = true, .real = rows[i].real }, false, rows[i].text);
}

static void a_real32_is_not_longer_than_it_was(void **state)
{
    (void)state;
    is_text(&(struct number){ .is_real = true, .real = (double)0.1F }, true, "0.1");
    is_text(&(struct number){ .is_real = true, .real = (double)0.1F }, false,
            "0.10000000149011612");
    is_text(&(struct number){ .is_real = true, .real = (double)3.4028235e38F }, true,
            "3.4028235e+38");
}

/* Bits of all kinds read back as themselves. */
static void every_real_reads_back(void **state)
{
    uint64_t bits = 88172645463325252U;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        union {
            uint64_t bits;
            double real;
        } it;
        char text[NUMBER_TEXT_MAX];

        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        it.bits = bits;
        if (isnan(it.real))
            continue;
        /* Half of them of a size that people measure. */
        if (i % 2 == 0)
            it.real = ldexp(it.real, -ilogb(it.real) + (int)(bits % 60) - 30);
        number_text(&(struct number){ .is_real = true, .real = it.real }, false, text);
        assert_true(strtod(text, NULL) >= it.real && strtod(text, NULL) <= it.real);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_exact),
        cmocka_unit_test(reals_are_as_short_as_can_be),
        cmocka_unit_test(a_real32_is_not_longer_than_it_was),
        cmocka_unit_test(every_real_reads_back),
    };

    return cmocka_run_group_tests_name("source/number_text", tests, NULL, NULL);
}
