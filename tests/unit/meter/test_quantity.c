#include "tests/unit/test.h"

#include <math.h>

#include "meter/quantity.h"

#define WHOLE(x)                                                                                   \
    {                                                                                              \
        .integer = (x)                                                                             \
    }
#define REAL(x)                                                                                    \
    {                                                                                              \
        .is_real = true, .real = (x)                                                               \
    }

static const struct {
    struct number number;
    int resolution;
    enum data_field field;
    int64_t count;
} good[] = {
    { WHOLE(1234), 0, DATA_FIELD_INT16, 1234 },
    { WHOLE(0), 12, DATA_FIELD_INT8, 0 },
    { WHOLE(1500), 3, DATA_FIELD_INT8, 2 }, /* half goes away from zero */
    { WHOLE(-1500), 3, DATA_FIELD_INT8, -2 },
    { WHOLE(1499), 3, DATA_FIELD_INT8, 1 },
    { WHOLE(-1499), 3, DATA_FIELD_INT8, -1 },
    { WHOLE(23), -1, DATA_FIELD_INT16, 230 },
    { WHOLE(INT64_MAX), 0, DATA_FIELD_INT64, INT64_MAX },
    { WHOLE(9007199254740993), 0, DATA_FIELD_INT64, 9007199254740993 }, /* no double in between */
    { REAL(230.3), -1, DATA_FIELD_INT16, 2303 },
    { REAL(0.1), -1, DATA_FIELD_INT8, 1 },
    { REAL(-0.25), -1, DATA_FIELD_INT8, -3 },
    { REAL(28504.27), -2, DATA_FIELD_BCD8, 2850427 },
    { REAL(1.005), -3, DATA_FIELD_INT32, 1005 },
    { REAL(-0.2), -1, DATA_FIELD_BCD6, -2 },
    { REAL(12345.0), 2, DATA_FIELD_INT16, 123 },
    { REAL(1e-30), -12, DATA_FIELD_INT8, 0 },
};

static void numbers_become_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        struct value value = { .integer = -1 };

        assert_int_equal(quantity_scale(&good[i].number, good[i].resolution, good[i].field,
                                        CODING_SIGNED, &value),
                         QUANTITY_OK);
        assert_true(value.integer == good[i].count);
    }
}

static const struct {
    struct number number;
    int resolution;
    enum data_field field;
    enum quantity_verdict verdict;
} bad[] = {
    { WHOLE(32768), 0, DATA_FIELD_INT16, QUANTITY_TOO_LARGE },
    { WHOLE(-32768), 0, DATA_FIELD_INT16, QUANTITY_TOO_SMALL }, /* means "no value" */
    { WHOLE(100), 0, DATA_FIELD_BCD2, QUANTITY_TOO_LARGE },
    { WHOLE(-10), 0, DATA_FIELD_BCD2, QUANTITY_TOO_SMALL },
    { WHOLE(INT64_MAX), -1, DATA_FIELD_INT64, QUANTITY_TOO_LARGE },
    { WHOLE(-INT64_MAX), -1, DATA_FIELD_INT64, QUANTITY_TOO_SMALL },
    { REAL(1e19), 0, DATA_FIELD_INT64, QUANTITY_TOO_LARGE },
    { REAL(-1e300), -12, DATA_FIELD_INT64, QUANTITY_TOO_SMALL },
    { REAL(1e308), -12, DATA_FIELD_REAL32, QUANTITY_TOO_LARGE },
    { REAL(-3.5e38), 0, DATA_FIELD_REAL32, QUANTITY_TOO_SMALL },
    { REAL(NAN), 0, DATA_FIELD_INT16, QUANTITY_NOT_FINITE },
    { REAL(INFINITY), 0, DATA_FIELD_INT16, QUANTITY_NOT_FINITE },
    { REAL(-INFINITY), 0, DATA_FIELD_REAL32, QUANTITY_NOT_FINITE },
};

static void what_does_not_fit_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct value value;

        assert_int_equal(
            quantity_scale(&bad[i].number, bad[i].resolution, bad[i].field, CODING_SIGNED, &value),
            bad[i].verdict);
    }
}

static void real_fields_keep_the_fraction(void **state)
{
    struct number whole = WHOLE(25), real = REAL(2.5);
    struct value value;

    (void)state;
    assert_int_equal(quantity_scale(&real, 0, DATA_FIELD_REAL32, CODING_SIGNED, &value),
                     QUANTITY_OK);
    assert_true(value.real == 2.5F);
    assert_int_equal(quantity_scale(&whole, 1, DATA_FIELD_REAL32, CODING_SIGNED, &value),
                     QUANTITY_OK);
    assert_true(value.real == 2.5F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_become_counts),
        cmocka_unit_test(what_does_not_fit_is_said),
        cmocka_unit_test(real_fields_keep_the_fraction),
    };

    return cmocka_run_group_tests_name("quantity", tests, NULL, NULL);
}
