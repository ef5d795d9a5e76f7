#include "tests/unit/config/support.h"

static struct loaded load_fixed(const char *settings, const char *records)
{
    char text[1024];
    snprintf(text, sizeof(text),
             "port = { device = \"pty\"; };\n"
             "meter = { structure = \"fixed\"; %s records = ( %s ); };\n",
             settings, records);
    return load_good(text);
}

static void assert_counters(const struct meter_def *def, bool binary, unsigned unit0,
                            int32_t value0, unsigned unit1, int32_t value1)
{
    assert_int_equal(def->structure, METER_FIXED);
    assert_int_equal(def->fixed_binary, binary);
    assert_int_equal(def->counters[0].unit, unit0);
    assert_int_equal(def->counters[0].value, value0);
    assert_int_equal(def->counters[1].unit, unit1);
    assert_int_equal(def->counters[1].value, value1);
    assert_int_equal(def->n_records, 0);
    assert_null(def->records);
}

static void test_counters(void **state)
{
    (void)state;
    struct loaded loaded =
        load_fixed("medium = \"water\";", "{ name = \"a\"; unit = \"l\"; type = \"bcd8\"; value = "
                                          "123; }, { name = \"b\"; unit = \"l\"; type = \"bcd8\"; "
                                          "storage = 1; value = 456; }");
    assert_counters(&loaded.config->meters[0], false, 0x29, 123, FIXED_UNIT_HISTORIC, 456);
    loaded_done(&loaded);

    loaded = load_fixed("", "{ name = \"a\"; unit = \"kWh\"; value = -1; }");
    assert_counters(&loaded.config->meters[0], true, 0x05, -1, FIXED_UNIT_NONE, 0);
    loaded_done(&loaded);

    /* The table reaches further than the VIFs do: 100 MWh. */
    loaded = load_fixed("", "{ name = \"a\"; unit = \"MWh\"; resolution = 100; value = 300; }, "
                            "{ name = \"b\"; quantity = \"hca\"; value = 4; }");
    assert_counters(&loaded.config->meters[0], true, 0x0A, 3, 0x39, 4);
    loaded_done(&loaded);

    /* The same count, written in two ways. */
    loaded = load_fixed("", "{ name = \"a\"; unit = \"m3\"; value = 1; }, { name = \"b\"; "
                            "unit = \"l\"; resolution = 1000; storage = 1; value = 2000; }");
    assert_counters(&loaded.config->meters[0], true, 0x2C, 1, FIXED_UNIT_HISTORIC, 2);
    loaded_done(&loaded);
}

static void test_status(void **state)
{
    (void)state;
    struct loaded loaded = load_fixed("status = [ \"power_low\", \"manufacturer_3\" ];",
                                      "{ name = \"a\"; unit = \"l\"; value = 1; }");
    /* The bit for binary counters is added when the telegram is made. */
    assert_int_equal(loaded.config->meters[0].status, 0x84);
    loaded_done(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counters),
        cmocka_unit_test(test_status),
    };
    return cmocka_run_group_tests_name("config/build_fixed", tests, NULL, NULL);
}
