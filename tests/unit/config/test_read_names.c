#include "tests/unit/config/read_support.h"

#include "mbus/vif.h"

static void test_ids(void **state)
{
    (void)state;
    uint32_t id = 0;
    static const struct {
        const char *text;
        uint32_t id;
        const char *message;
    } rows[] = {
        { "12345678", 0x12345678, "" },
        { "1", 0x1, "" },
        { "00000000", 0, "" },
        { "aE", 0xAE, "\"aE\" holds a letter; masters expect digits 0 to 9" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct node node = node_from_text("id", rows[i].text, false);
        assert_string_equal(read_text(SCHEMA_METER, &node, &id), rows[i].message);
        assert_int_equal(id, rows[i].id);
    }
}

static void test_manufacturers(void **state)
{
    (void)state;
    uint16_t code = 0;
    struct node node = node_from_text("manufacturer", "ABC", false);
    assert_string_equal(read_text(SCHEMA_METER, &node, &code), "");
    assert_int_equal(code, 0x0443);
    static const struct {
        const char *text, *message;
    } rows[] = {
        { "abc", "\"abc\" is not in capitals; write \"ABC\"" },
        { "", "\"\" is no manufacturer; three letters A to Z" },
        { "ab", "\"ab\" is no manufacturer; three letters A to Z" },
        { "abcd", "\"abcd\" is no manufacturer; three letters A to Z" },
        { "A-C", "\"A-C\" is no manufacturer; three letters A to Z" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        node = node_from_text("manufacturer", rows[i].text, false);
        assert_string_equal(read_text(SCHEMA_METER, &node, &code), rows[i].message);
    }
    assert_int_equal(code, 0x0443);
}

static void test_media(void **state)
{
    (void)state;
    uint8_t medium = 0;
    struct node node = node_from_text("medium", "water", false);
    assert_string_equal(read_text(SCHEMA_METER, &node, &medium), "");
    assert_int_equal(medium, 7);
    node = node_from_text("medium", "254", true);
    assert_string_equal(read_text(SCHEMA_METER, &node, &medium), "");
    assert_int_equal(medium, 254);
}

static void test_units_and_quantities(void **state)
{
    (void)state;
    struct record_spec spec = { 0 };
    struct node node = node_from_text("unit", "kWh", false);
    assert_string_equal(read_text(SCHEMA_RECORD, &node, &spec.unit), "");
    assert_string_equal(spec.unit->name, "kWh");
    node = node_from_text("quantity", "energy", false);
    assert_string_equal(read_text(SCHEMA_RECORD, &node, &spec.quantity), "");
    assert_string_equal(spec.quantity, "energy");
    node = node_from_text("quantity", "flow_temprature", false);
    assert_string_equal(read_text(SCHEMA_RECORD, &node, NULL),
                        "\"flow_temprature\" is no known quantity; did you mean "
                        "\"flow_temperature\"?");
}

static void test_resolutions(void **state)
{
    (void)state;
    int exponent = 0;
    struct node node = { .kind = NODE_REAL, .name = "resolution", .real = 0.001 };
    assert_string_equal(read_text(SCHEMA_RECORD, &node, &exponent), "");
    assert_int_equal(exponent, -3);
    node = (struct node){ .kind = NODE_INTEGER, .name = "resolution", .integer = 100 };
    assert_string_equal(read_text(SCHEMA_RECORD, &node, &exponent), "");
    assert_int_equal(exponent, 2);
    node.integer = 30;
    assert_string_equal(read_text(SCHEMA_RECORD, &node, &exponent),
                        "30 is no power of ten from 10^-12 to 10^12; the nearest that works is "
                        "10");
}

static void test_devices(void **state)
{
    (void)state;
    char *device = NULL;
    struct node node = node_from_text("device", "tcp:1", false);
    assert_string_equal(read_text(SCHEMA_PORT, &node, &device), "");
    assert_string_equal(device, "tcp:1");
    free(device);
    node = node_from_text("device", "ttyUSB0", false);
    assert_string_equal(read_text(SCHEMA_PORT, &node, NULL),
                        "\"ttyUSB0\" is no device; did you mean \"/dev/ttyUSB0\"?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),         cmocka_unit_test(test_manufacturers),
        cmocka_unit_test(test_media),       cmocka_unit_test(test_units_and_quantities),
        cmocka_unit_test(test_resolutions), cmocka_unit_test(test_devices),
    };
    return cmocka_run_group_tests_name("config/read_names", tests, NULL, NULL);
}
