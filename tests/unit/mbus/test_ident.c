#include "tests/unit/test.h"

#include "mbus/ident.h"

/* mbus-protocol 10.2. */
static const struct {
    const char *letters;
    int code;
} makers[] = {
    { "TST", 0x5274 }, { "PAD", 0x4024 }, { "ABB", 0x0442 }, { "ACW", 0x0477 }, { "REL", 0x48AC },
    { "KAM", 0x2C2D }, { "ELV", 0x1596 }, { "AAA", 0x0421 }, { "ZZZ", 0x6B5A },
};

static void manufacturer_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(makers); i++) {
        char letters[4];

        assert_int_equal(ident_manufacturer(makers[i].letters), makers[i].code);
        ident_manufacturer_letters((uint16_t)makers[i].code, letters);
        assert_string_equal(letters, makers[i].letters);
    }
}

static void manufacturer_is_three_capital_letters(void **state)
{
    static const char *const wrong[] = { "", "T", "TS", "TSTT", "tst", "T1T", "T T", "\xC3\x84T" };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_int_equal(ident_manufacturer(wrong[i]), -1);
}

static void media_are_unique_and_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_media; i++) {
        assert_int_equal(medium_find(media[i].name), media[i].code);
        assert_ptr_equal(medium_name(media[i].code), media[i].name);
        assert_int_not_equal(media[i].code, MEDIUM_WILDCARD);
    }
    assert_int_equal(medium_find("water"), 0x07);
    assert_int_equal(medium_find("valve"), 0x21);
    assert_int_equal(medium_find("Water"), -1);
    assert_null(medium_name(0x43));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manufacturer_both_ways),
        cmocka_unit_test(manufacturer_is_three_capital_letters),
        cmocka_unit_test(media_are_unique_and_found),
    };

    return cmocka_run_group_tests_name("ident", tests, NULL, NULL);
}
