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

static void test_text_and_bytes(void **state)
{
    (void)state;
    assert_record("quantity = \"parameter_set\"; value = \"WFH21\";", "0D FD 0B 05 31 32 48 46 57");
    assert_record("quantity = \"customer\"; type = \"text\"; value = \"\";", "0D FD 11 00");
    assert_record("quantity = \"customer\"; value = \"ü°\";", "0D FD 11 02 B0 FC");
    assert_record("quantity = \"text\"; value = \"ab\";", "0D FD 3A 02 62 61");
    assert_record("quantity = \"password\"; type = \"binary\"; value = \"01 02\";",
                  "0D FD 16 E2 01 02");
    assert_record("quantity = \"identification\"; type = \"binary\"; "
                  "value = \"000102030405060708090A0B0C0D0E0F10111213\";",
                  "0D 79 F1 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13");
    assert_record("quantity = \"manufacturer_container\"; value = \"DE AD\";", "0D FD 76 02 DE AD");
    assert_record("quantity = \"listening_window\"; value = \"0102030405060708090A0B\";",
                  "0D FD 73 EB 01 02 03 04 05 06 07 08 09 0A 0B");
    assert_record("quantity = \"energy\"; unit = \"Wh\"; type = \"binary\"; "
                  "modifiers = [ \"compact_profile\" ]; value = \"0102\";",
                  "0D 83 1F 02 01 02");
    assert_record("quantity = \"fabrication_number\"; value = \"A1\";", "0D 78 02 31 41");
    assert_record("unit = \"V\"; type = \"none\";", "00 FD 49");
}

static void test_dates(void **state)
{
    (void)state;
    assert_record("quantity = \"date\"; value = \"2020-06-01\";", "02 6C 81 26");
    assert_record("quantity = \"time\"; value = \"11:48:59\";", "03 6D 3B 30 0B");
    assert_record("quantity = \"datetime\"; value = \"2020-06-01 15:30\";", "04 6D 1E 2F 81 26");
    assert_record("quantity = \"datetime\"; type = \"datetime_s\"; "
                  "value = \"2020-06-01 15:30:45 summer\";",
                  "06 6D ED 5E 2F 81 26 57");
    assert_record("quantity = \"tariff_start\"; value = \"2020-06-01 15:30\";",
                  "04 FD 30 1E 2F 81 26");
    assert_record("quantity = \"date\"; storage = 1; modifiers = [ \"future\" ]; "
                  "value = \"2023-12-31\";",
                  "42 EC 7E FF 2C");
    assert_record("quantity = \"power\"; unit = \"W\"; resolution = 100; function = \"maximum\"; "
                  "tariff = 1; modifiers = [ \"end_of_last\" ]; value = \"2020-06-01 15:30\";",
                  "94 10 AD 6F 1E 2F 81 26");
}

/* mbus-records 4.2 and 4.8. */
static void test_without_sign(void **state)
{
    (void)state;
    assert_record("quantity = \"bus_address\"; type = \"int8\"; value = 254;", "01 7A FE");
    assert_record("unit = \"Wh\"; type = \"int16\"; modifiers = [ \"unsigned\" ]; value = 65534;",
                  "02 83 FC 11 FE FF");
    assert_record("quantity = \"error_flags\"; type = \"int8\"; value = 0xFF;", "01 FD 17 FF");
    assert_record("quantity = \"count\"; type = \"int8\"; modifiers = [ \"bits\" ]; value = 0x81;",
                  "01 FD BA FC 12 81");
    assert_record("quantity = \"device_type\"; type = \"int8\"; value = \"water\";", "01 FD 09 07");
    assert_record("quantity = \"manufacturer\"; type = \"int16\"; value = \"HYD\";",
                  "02 FD 0A 24 23");
    assert_record("quantity = \"hca_rating_factor\"; type = \"int16\"; value = 15.5;",
                  "02 FB 68 00 F8");
    assert_record("quantity = \"daylight_saving\"; value = 0xFFFFFFFFL;", "04 FD 72 FF FF FF FF");
}

/* mbus-records 8, 10 and 12.2. */
static void test_modifiers(void **state)
{
    (void)state;
    assert_record("unit = \"V\"; resolution = 0.1; type = \"int16\"; value = 231.2; "
                  "modifiers = [ \"phase_l1\" ];",
                  "02 FD C8 FC 01 08 09");
    assert_record("unit = \"l\"; modifiers = ( \"backward\", \"per_hour\" ); value = 10;",
                  "04 93 BC 22 0A 00 00 00");
    assert_record("quantity = \"pulse_weight\"; unit = \"ml\"; value = 100000;",
                  "04 90 28 A0 86 01 00");
    assert_record("quantity = \"pulse_weight\"; unit = \"Wh\"; type = \"int8\"; value = 2; "
                  "modifiers = [ \"per_output_pulse_1\" ];",
                  "01 83 2B 02");
    assert_record("quantity = \"none\"; resolution = 0.001; type = \"int16\"; value = 0.95; "
                  "modifiers = [ \"times_1e-3\" ];",
                  "02 FD BA 73 B6 03");
    assert_record("unit = \"l\"; modifiers = [ \"times_1e-3\" ]; value = 1000;",
                  "04 96 73 E8 03 00 00");
    /* A count of events, or hours, whatever the unit of the quantity. */
    assert_record("unit = \"m3_per_h\"; resolution = 0.001; type = \"int8\"; value = 3; "
                  "modifiers = [ \"upper_limit_exceeds\" ];",
                  "01 BB 49 03");
    assert_record("unit = \"m3_per_h\"; type = \"int8\"; value = 3; "
                  "modifiers = [ \"duration_of_first_h\" ];",
                  "01 BE 62 03");
    assert_record("quantity = \"custom\"; unit = \"%RH\"; type = \"int16\"; value = 4564;",
                  "02 7C 03 48 52 25 D4 11");
    assert_record("quantity = \"custom\"; unit = \"x\"; value = \"y\";", "0D 7C 01 78 01 79");
    assert_record("quantity = \"custom\"; unit = \"%RH\"; type = \"int16\"; resolution = 0.01; "
                  "modifiers = [ \"times_1e-2\" ]; value = 45.64;",
                  "02 FC 74 03 48 52 25 D4 11");
}

static void test_raw(void **state)
{
    (void)state;
    assert_record("dif = \"84 00\"; vif = \"7C 01 78\"; value = 1;", "84 00 7C 01 78 01 00 00 00");
    assert_record("vif = \"FC 03 48 52 25 74\"; type = \"int16\"; value = 4564;",
                  "02 FC 03 48 52 25 74 D4 11");
    assert_record("vif = \"FC 74 03 48 52 25\"; type = \"int16\"; value = 4564;",
                  "02 FC 74 03 48 52 25 D4 11");
    assert_record("dif = \"00\"; vif = \"93 15\";", "00 93 15");
    assert_record("dif = \"01\"; vif = \"FF 92 00\"; value = -2;", "01 FF 92 00 FE");
    assert_record("dif = \"0D\"; vif = \"13\"; value = \"ab\";", "0D 13 02 62 61");
    assert_record("dif = \"0D\"; vif = \"7F\"; value = \"0102\";", "0D 7F 02 01 02");
    assert_record("dif = \"02\"; vif = \"6C\"; value = \"2020-06-01\";", "02 6C 81 26");
    assert_record("dif = \"02\"; vif = \"6C\"; value = 0xFFFF;", "02 6C FF FF");
    assert_record("dif = \"04\"; vif = \"6D\"; value = 0x80;", "04 6D 80 00 00 00");
    assert_record("dif = \"C4 A2 50\"; unit = \"kWh\"; value = 1;", "C4 A2 50 06 01 00 00 00");
    assert_record("dif = \"84 80 80 80 80 80 80 80 80 80 80 00\"; vif = \"13\"; value = 1;",
                  "84 80 80 80 80 80 80 80 80 80 80 00 13 01 00 00 00");
    assert_record("dif = \"05\"; vif = \"2B\"; value = 1.5;", "05 2B 00 00 C0 3F");
    assert_record("vif = \"FD FD 02\"; type = \"int8\"; value = 200;", "01 FD FD 02 C8");
}

/* A resolution without a code: a factor, and a word about it; a real needs none. */
static void test_factors(void **state)
{
    (void)state;
    struct loaded loaded =
        load_text("port = { device = \"pty\"; };\nmeter = { records = ( { name = "
                  "\"r\"; unit = \"varh\"; value = 7; } ); };\n",
                  NULL);
    const struct record *record = &loaded.config->meters[0].records[0].wire;
    assert_hex(record->vib.bytes, record->vib.n, "FB 82 73");
    assert_int_equal(record->value.integer, 7);
    assert_int_equal(loaded.messages.n, 1);
    assert_false(loaded.messages.items[0].is_error);
    assert_non_null(
        strstr(loaded.messages.items[0].text,
               ".unit: resolution 1 of \"varh\" is sent with a factor, which old masters "
               "ignore; 1000 needs none"));
    loaded_done(&loaded);
    assert_record("unit = \"varh\"; type = \"real32\"; value = 1500;", "05 FB 02 00 00 C0 3F");
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
        cmocka_unit_test(test_text_and_bytes),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_without_sign),
        cmocka_unit_test(test_modifiers),
        cmocka_unit_test(test_raw),
        cmocka_unit_test(test_factors),
        cmocka_unit_test(test_dib),
        cmocka_unit_test(test_sets),
    };
    return cmocka_run_group_tests_name("config/build_record", tests, NULL, NULL);
}
