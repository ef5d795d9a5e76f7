#include "tests/unit/test.h"

#include <string.h>

#include "mbus/vife.h"

/* mbus-records 8.1, bit by bit: 100 u f 1 b dates, 101 u f nn and 110 0 f nn durations. */
static void rows_follow_their_formulas(void **state)
{
    static const enum vif_base scale[] = { VIF_BASE_SECOND, VIF_BASE_MINUTE, VIF_BASE_HOUR,
                                           VIF_BASE_DAY };

    (void)state;
    for (unsigned code = 0x50; code < 0x68; code++) {
        const struct vife_row *row = &vife_rows[code];

        assert_int_equal(row->effect, VIFE_LASTS);
        assert_int_equal(row->base, scale[code & 3]);
        assert_non_null(strstr(row->name, code & 4 ? "last" : "first"));
        if (code < 0x60)
            assert_non_null(strstr(row->name, code & 8 ? "upper" : "lower"));
    }
    for (unsigned code = 0x40; code < 0x50; code++) {
        const struct vife_row *row = &vife_rows[code];

        if (code & 2) {
            assert_int_equal(row->effect, VIFE_DATES);
            assert_non_null(strstr(row->name, code & 8 ? "upper" : "lower"));
            assert_non_null(strstr(row->name, code & 4 ? "last" : "first"));
            assert_int_equal(strncmp(row->name, code & 1 ? "end" : "begin", 3), 0);
        }
    }
    for (unsigned code = 0x70; code < 0x78; code++) {
        assert_int_equal(vife_rows[code].effect, VIFE_FACTOR);
        assert_int_equal(vife_rows[code].exponent, (int)(code & 7) - 6);
    }
    assert_int_equal(vife_rows[0x7D].exponent, 3);
}

/* mbus-records 8.1, "data typing rule". */
static void dates_are_thirteen(void **state)
{
    static const uint8_t dates[] = { 0x39, 0x42, 0x43, 0x46, 0x47, 0x4A, 0x4B,
                                     0x4E, 0x4F, 0x6A, 0x6B, 0x6E, 0x6F };
    unsigned n = 0;

    (void)state;
    for (unsigned code = 0; code < VIFE_CODES; code++)
        n += vife_rows[code].effect == VIFE_DATES;
    assert_int_equal(n, ARRAY_SIZE(dates));
    for (size_t i = 0; i < ARRAY_SIZE(dates); i++)
        assert_int_equal(vife_rows[dates[i]].effect, VIFE_DATES);
}

static void what_is_reserved_has_no_name(void **state)
{
    static const uint8_t reserved[] = { 0x10, 0x11, 0x44, 0x45, 0x4C, 0x4D };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(reserved); i++)
        assert_null(vife_rows[reserved[i]].name);
    for (unsigned code = 0; code < VIFE_CODES; code++) {
        assert_int_equal(vife_rows[code].name == NULL, vife_rows[code].effect == VIFE_RESERVED);
        assert_int_equal(vife_second_rows[code].name == NULL,
                         vife_second_rows[code].effect == VIFE_RESERVED);
        if (code >= 0x20 && memchr(reserved, (int)code, sizeof(reserved)) == NULL)
            assert_non_null(vife_rows[code].name);
        if (code >= 0x16)
            assert_null(vife_second_rows[code].name);
    }
}

/* mbus-records 9.1 and 9.2. */
static void errors_and_actions_have_their_codes(void **state)
{
    (void)state;
    assert_null(vife_error_name(0x00));
    assert_string_equal(vife_error_name(0x01), "too_many_dife");
    assert_null(vife_error_name(0x08));
    assert_string_equal(vife_error_name(0x0F), "unimplemented_action");
    assert_null(vife_error_name(0x12));
    assert_string_equal(vife_error_name(0x15), "no_data_available");
    assert_string_equal(vife_error_name(0x1C), "premature_end_of_record");
    assert_null(vife_error_name(0x1D));
    assert_null(vife_error_name(0xFF));
    assert_string_equal(vife_action_name(0x00), "write");
    assert_string_equal(vife_action_name(0x0D), "delete_readout");
    assert_null(vife_action_name(0x0E));
    assert_null(vife_action_name(0xFF));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_follow_their_formulas),
        cmocka_unit_test(dates_are_thirteen),
        cmocka_unit_test(what_is_reserved_has_no_name),
        cmocka_unit_test(errors_and_actions_have_their_codes),
    };

    return cmocka_run_group_tests_name("vife", tests, NULL, NULL);
}
