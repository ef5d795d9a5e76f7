#include "tests/unit/config/support.h"

/* The record of a group, as it goes on the wire. */
static void assert_record(const char *group, const char *expected)
{
    char text[512];
    uint8_t bytes[64];
    struct writer w = writer_over(bytes, sizeof(bytes));
    snprintf(text, sizeof(text),
             "port = { device = \"pty\"; };\nmeter = { records = ( { name = \"r\"; %s } ); };\n",
             group);
    struct loaded loaded = load_good(text);
    assert_int_equal(loaded.config->meters[0].n_records, 1);
    record_encode(&loaded.config->meters[0].records[0].wire, &w);
    assert_false(w.failed);
    assert_hex(bytes, w.n, expected);
    loaded_done(&loaded);
}

static void test_units_and_quantities(void **state)
{
    (void)state;
    assert_record("unit = \"V\"; type = \"int16\"; value = 1234;", "02 FD 49 D2 04");
    assert_record("unit = \"m3\"; type = \"int16\"; value = 456;", "02 16 C8 01");
    assert_record("quantity = \"energy\"; unit = \"MWh\"; resolution = 0.001; value = 1;",
                  "04 06 E8 03 00 00");
    assert_record("quantity = \"count\"; value = 1;", "04 FD 3A 01 00 00 00");
    assert_record("quantity = \"fabrication_number\"; value = 12345678;", "0C 78 78 56 34 12");
    assert_record("quantity = \"flow_temperature\"; unit = \"degC\"; resolution = 0.01; "
                  "type = \"int16\"; value = 21.5;",
                  "02 59 66 08");
}

static void test_numbers(void **state)
{
    (void)state;
    assert_record("unit = \"V\"; type = \"int8\"; value = -1;", "01 FD 49 FF");
    assert_record("unit = \"V\"; type = \"int64\"; value = 5000000000L;",
                  "07 FD 49 00 F2 05 2A 01 00 00 00");
    assert_record("unit = \"V\"; type = \"real32\"; value = 1;", "05 FD 49 00 00 80 3F");
    assert_record("unit = \"V\"; type = \"bcd4\"; value = 0x10;", "0A FD 49 16 00");
}

/* What a record is sent as when that is not what was written; empty when it is. */
static void assert_rounded(const char *group, int64_t count, const char *expected)
{
    char text[512];
    snprintf(text, sizeof(text),
             "port = { device = \"pty\"; };\nmeter = { records = ( { name = \"r\"; %s } ); };\n",
             group);
    struct loaded loaded = load_text(text, NULL);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.config->meters[0].records[0].wire.value.integer, count);
    assert_int_equal(loaded.messages.n, expected[0] != '\0');
    if (loaded.messages.n > 0) {
        assert_false(loaded.messages.items[0].is_error);
        const char *body = strstr(loaded.messages.items[0].text, ":2: ");
        assert_non_null(body);
        assert_string_equal(body + 4, expected);
    }
    loaded_done(&loaded);
}

#define ROUNDED(found, sent, step)                                                                 \
    "meter.records[0].value: " found " is sent as " sent " at resolution " step                    \
    "; set \"resolution\" to keep more"

static void test_rounding_is_said(void **state)
{
    (void)state;
    assert_rounded("unit = \"V\"; type = \"int16\"; value = 0.5;", 1, ROUNDED("0.5", "1", "1"));
    assert_rounded("unit = \"V\"; value = -0.4;", 0, ROUNDED("-0.4", "0", "1"));
    assert_rounded("unit = \"V\"; resolution = 10; value = 15;", 2, ROUNDED("15", "20", "10"));
    assert_rounded("unit = \"V\"; resolution = 0.1; value = 23.04;", 230,
                   ROUNDED("23.04", "23", "0.1"));
    assert_rounded("unit = \"V\"; resolution = 0.1; type = \"bcd8\"; value = -1.25;", -13,
                   ROUNDED("-1.25", "-1.3", "0.1"));
    assert_rounded("unit = \"V\"; resolution = 10; type = \"int64\"; value = 70000000005L;",
                   7000000001, "");
    /* Decimal fractions that no double holds are what they look like. */
    assert_rounded("unit = \"V\"; resolution = 0.1; value = 0.3;", 3, "");
    assert_rounded("unit = \"V\"; resolution = 0.001; value = 230.117;", 230117, "");
    assert_rounded("unit = \"V\"; resolution = 10; value = 120;", 12, "");
    assert_rounded("unit = \"V\"; value = 0.0;", 0, "");
    assert_rounded("unit = \"V\"; type = \"int64\"; value = 9223372036854775807L;", INT64_MAX, "");
    assert_rounded("unit = \"V\"; type = \"real32\"; value = 0.3;", 0, "");
}

static void test_dib(void **state)
{
    (void)state;
    assert_record("unit = \"V\"; type = \"int8\"; function = \"maximum\"; storage = 1; value = 1;",
                  "51 FD 49 01");
    assert_record("unit = \"V\"; type = \"int8\"; function = \"error\"; tariff = 1; value = 1;",
                  "B1 10 FD 49 01");
    assert_record("unit = \"V\"; type = \"int8\"; function = \"minimum\"; subunit = 1; value = 1;",
                  "A1 40 FD 49 01");
}

static void test_sets(void **state)
{
    (void)state;
    static const struct {
        const char *setting;
        uint16_t bits;
    } rows[] = {
        { "", 0 },
        { "sets = [ \"all\" ];", 0x0001 },
        { "sets = ( \"user\", \"simple_billing\", \"enhanced_billing\" );", 0x000E },
        { "sets = [ \"multi_tariff\", \"instantaneous\", \"load_management\" ];", 0x0070 },
        { "sets = [ \"installation\", \"testing\", \"calibration\" ];", 0x0700 },
        { "sets = [ \"manufacturing\", \"development\", \"self_test\" ];", 0x3800 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "port = { device = \"pty\"; };\nmeter = { records = ( { name = \"r\"; "
                 "unit = \"V\"; value = 1; %s } ); };\n",
                 rows[i].setting);
        struct loaded loaded = load_good(text);
        assert_int_equal(loaded.config->meters[0].records[0].sets, rows[i].bits);
        assert_string_equal(loaded.config->meters[0].records[0].name, "r");
        loaded_done(&loaded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_and_quantities),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_rounding_is_said),
        cmocka_unit_test(test_dib),
        cmocka_unit_test(test_sets),
    };
    return cmocka_run_group_tests_name("config/build_record", tests, NULL, NULL);
}
