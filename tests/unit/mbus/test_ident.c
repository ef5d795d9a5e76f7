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

/* mbus-protocol 10.6: the table, but for what it has as reserved. */
static void media_have_the_codes_of_the_table(void **state)
{
    static const struct {
        uint8_t code;
        const char *name;
    } table[] = {
        { 0x00, "other" },
        { 0x01, "oil" },
        { 0x02, "electricity" },
        { 0x03, "gas" },
        { 0x04, "heat_outlet" },
        { 0x05, "steam" },
        { 0x06, "warm_water" },
        { 0x07, "water" },
        { 0x08, "heat_cost_allocator" },
        { 0x09, "compressed_air" },
        { 0x0A, "cooling_outlet" },
        { 0x0B, "cooling_inlet" },
        { 0x0C, "heat_inlet" },
        { 0x0D, "heat_cooling" },
        { 0x0E, "bus_system" },
        { 0x0F, "unknown" },
        { 0x10, "irrigation_water" },
        { 0x11, "water_logger" },
        { 0x12, "gas_logger" },
        { 0x13, "gas_converter" },
        { 0x14, "calorific_value" },
        { 0x15, "hot_water" },
        { 0x16, "cold_water" },
        { 0x17, "dual_water" },
        { 0x18, "pressure" },
        { 0x19, "ad_converter" },
        { 0x1A, "smoke_detector" },
        { 0x1B, "room_sensor" },
        { 0x1C, "gas_detector" },
        { 0x20, "breaker" },
        { 0x21, "valve" },
        { 0x25, "customer_unit" },
        { 0x28, "waste_water" },
        { 0x29, "garbage" },
        { 0x30, "service_tool" },
        { 0x31, "gateway" },
        { 0x32, "repeater" },
        { 0x33, "bidirectional_repeater" },
        { 0x36, "radio_converter_system" },
        { 0x37, "radio_converter_meter" },
        { 0x38, "bus_converter" },
    };

    (void)state;
    assert_int_equal(n_media, ARRAY_SIZE(table));
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        assert_int_equal(medium_find(table[i].name), table[i].code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manufacturer_both_ways),
        cmocka_unit_test(manufacturer_is_three_capital_letters),
        cmocka_unit_test(media_are_unique_and_found),
        cmocka_unit_test(media_have_the_codes_of_the_table),
    };

    return cmocka_run_group_tests_name("ident", tests, NULL, NULL);
}
