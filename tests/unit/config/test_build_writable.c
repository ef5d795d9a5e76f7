#include "tests/unit/config/support.h"

#include <float.h>

static struct loaded load_record(const char *record)
{
    char text[512];
    snprintf(text, sizeof(text),
             "port = { device = \"pty\"; };\n"
             "meter = { records = ( { name = \"r\"; unit = \"V\"; %s } ); };\n",
             record);
    return load_good(text);
}

static void test_counts(void **state)
{
    (void)state;
    static const struct {
        const char *record;
        bool writable;
        int64_t min, max;
    } rows[] = {
        { "type = \"int8\"; value = 1;", false, -127, 127 },
        { "type = \"int8\"; value = 1; writable = false;", false, -127, 127 },
        { "type = \"int8\"; value = 1; writable = true;", true, -127, 127 },
        { "type = \"int8\"; value = 1; writable = { };", true, -127, 127 },
        { "type = \"bcd4\"; value = 1; writable = true;", true, -999, 9999 },
        { "type = \"int64\"; value = 1; writable = true;", true, -INT64_MAX, INT64_MAX },
        { "value = 1; writable = { min = 0; };", true, 0, INT32_MAX },
        { "value = 1; writable = { max = 1; };", true, -INT32_MAX, 1 },
        { "value = 1; writable = { min = 1; max = 1.0; };", true, 1, 1 },
        { "resolution = 0.1; value = 1; writable = { min = -1.5; max = 20; };", true, -15, 200 },
        { "resolution = 10; value = 10; writable = { min = 0x0; max = 500; };", true, 0, 50 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct loaded loaded = load_record(rows[i].record);
        const struct meter_record *record = &loaded.config->meters[0].records[0];
        assert_int_equal(record->writable, rows[i].writable);
        assert_int_equal(record->min.integer, rows[i].min);
        assert_int_equal(record->max.integer, rows[i].max);
        loaded_done(&loaded);
    }
}

static void assert_real(float value, float expected)
{
    assert_memory_equal(&value, &expected, sizeof(value));
}

static void test_reals(void **state)
{
    (void)state;
    struct loaded loaded = load_record("type = \"real32\"; value = 1; writable = true;");
    const struct meter_record *record = &loaded.config->meters[0].records[0];
    assert_true(record->writable);
    assert_real(record->min.real, -FLT_MAX);
    assert_real(record->max.real, FLT_MAX);
    loaded_done(&loaded);

    loaded = load_record("type = \"real32\"; resolution = 0.1; value = 0.3; "
                         "writable = { min = 0.3; max = 2; };");
    record = &loaded.config->meters[0].records[0];
    assert_real(record->min.real, 3.0F);
    assert_real(record->max.real, 20.0F);
    loaded_done(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_reals),
    };
    return cmocka_run_group_tests_name("config/build_writable", tests, NULL, NULL);
}
