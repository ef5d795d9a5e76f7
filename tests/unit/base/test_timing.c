#include "tests/unit/test.h"

#include "base/timing.h"

/* mbus-protocol 2.2, columns 11 bits and 330 bits, in microseconds. */
static const struct {
    unsigned baud;
    usec_t at_least_11, at_most_330;
} rates[] = {
    { 300, 36667, 1100000 }, { 600, 18334, 550000 }, { 1200, 9167, 275000 }, { 2400, 4584, 137500 },
    { 4800, 2292, 68750 },   { 9600, 1146, 34375 },  { 19200, 573, 17187 },  { 38400, 287, 8593 },
};

static void bits_last_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
        assert_int_equal(bits_at_least(11, rates[i].baud), rates[i].at_least_11);
        assert_int_equal(bits_at_most(330, rates[i].baud), rates[i].at_most_330);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(bits_last_as_the_table_says) };

    return cmocka_run_group_tests_name("timing", tests, NULL, NULL);
}
