#include "tests/unit/config/support.h"

#include "config/exponent.h"

static void test_powers(void **state)
{
    (void)state;
    static const double powers[] = { 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4,
                                     1e-3,  1e-2,  1e-1,  1e0,  1e1,  1e2,  1e3,  1e4,  1e5,
                                     1e6,   1e7,   1e8,   1e9,  1e10, 1e11, 1e12 };
    for (int i = 0; i < (int)ARRAY_SIZE(powers); i++) {
        bool exact;
        assert_int_equal(exponent_of(powers[i], &exact), i - EXPONENT_MAX);
        assert_true(exact);
        assert_int_equal(exponent_of(powers[i] * (1 + 1e-8), &exact), i - EXPONENT_MAX);
        assert_false(exact);
    }
}

static void test_others(void **state)
{
    (void)state;
    static const struct {
        double value;
        int nearest;
    } rows[] = { { 0.5, 0 }, { 0.2, -1 }, { 30, 1 }, { 40, 2 }, { 1e13, 12 }, { 1e-20, -12 } };
    bool exact;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(exponent_of(rows[i].value, &exact), rows[i].nearest);
        assert_false(exact);
    }
    exponent_of(0, &exact);
    assert_false(exact);
    exponent_of(-1, &exact);
    assert_false(exact);
}

static void test_that_works(void **state)
{
    (void)state;
    struct node unit = node_from_text("unit", "varh", false);
    struct node record = { .kind = NODE_GROUP, .children = &unit, .n_children = 1 };
    assert_int_equal(exponent_that_works(&record, -7), 3);
    assert_int_equal(exponent_that_works(&record, 0), 0); /* by a factor */
    assert_int_equal(exponent_that_works(&record, 3), 3);
    unit.string = "no unit";
    assert_int_equal(exponent_that_works(&record, 5), 5);
    assert_int_equal(exponent_that_works(NULL, 5), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_powers),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_that_works),
    };
    return cmocka_run_group_tests_name("config/exponent", tests, NULL, NULL);
}
