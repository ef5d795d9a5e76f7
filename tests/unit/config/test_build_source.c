#include "tests/unit/config/support.h"

#include <math.h>

#include "meter/rsp_ud.h"

#define PTY "port = { device = \"pty\"; };\n"

static struct loaded load_records(const char *records)
{
    char text[2048];
    snprintf(text, sizeof(text), PTY "meter = { records = ( %s ); };\n", records);
    return load_good(text);
}

/* The only source of a meter of one record, "r" in V. */
static struct loaded load_record(const char *record)
{
    char text[1024];
    snprintf(text, sizeof(text), "{ name = \"r\"; unit = \"V\"; %s }", record);
    struct loaded loaded = load_records(text);
    assert_int_equal(loaded.config->n_sources, 1);
    assert_int_equal(loaded.config->sources[0].meter, 0);
    assert_int_equal(loaded.config->sources[0].record, 0);
    return loaded;
}

static void assert_real(double value, double expected)
{
    assert_memory_equal(&value, &expected, sizeof(value));
}

static void test_constants_have_none(void **state)
{
    (void)state;
    struct loaded loaded =
        load_records("{ name = \"a\"; unit = \"V\"; value = 1; }, "
                     "{ name = \"b\"; unit = \"V\"; type = \"none\"; }, "
                     "{ name = \"c\"; unit = \"V\"; value = 2; writable = true; }");
    assert_int_equal(loaded.config->n_sources, 0);
    for (size_t i = 0; i < 3; i++) {
        assert_false(loaded.config->meters[0].records[i].is_live);
        assert_false(loaded.config->meters[0].records[i].is_kept);
    }
    assert_false(loaded.config->meters[0].silent_when_stale);
    loaded_done(&loaded);
}

static void test_file(void **state)
{
    (void)state;
    struct loaded loaded = load_record("file = { path = \"/sys/*/temp\"; };");
    const struct source_config *source = loaded.config->sources;
    assert_int_equal(source->kind, SOURCE_FILE);
    assert_string_equal(source->path, "/sys/*/temp");
    assert_null(source->text.pattern);
    assert_int_equal(source->text.field, 0);
    assert_real(source->text.scale, 1);
    assert_real(source->text.offset, 0);
    assert_int_equal(source->interval, 10 * USEC_PER_SEC);
    assert_int_equal(source->max_age, 30 * USEC_PER_SEC);
    assert_int_equal(source->on_error, SOURCE_ERROR);
    assert_null(source->write_command);
    assert_true(loaded.config->meters[0].records[0].is_live);
    assert_false(loaded.config->meters[0].records[0].is_kept);
    assert_int_equal(loaded.config->meters[0].records[0].wire.value.integer, 0);
    loaded_done(&loaded);

    loaded = load_record("file = { path = \"/x\"; pattern = \"t=(-?[0-9]+)\"; field = 1000; "
                         "scale = -0.001; offset = 2; interval = \"100 ms\"; }; "
                         "on_error = \"hold\"; max_age = 0;");
    source = loaded.config->sources;
    assert_string_equal(source->text.pattern, "t=(-?[0-9]+)");
    assert_int_equal(source->text.field, 1000);
    assert_real(source->text.scale, -0.001);
    assert_real(source->text.offset, 2);
    assert_int_equal(source->interval, 100 * USEC_PER_MSEC);
    assert_int_equal(source->max_age, 0);
    assert_int_equal(source->on_error, SOURCE_HOLD);
    loaded_done(&loaded);
}

static void test_command(void **state)
{
    (void)state;
    struct loaded loaded = load_record("command = { argv = [ \"/bin/echo\", \"\", \"a b\" ]; }; "
                                       "on_error = \"zero\"; writable = { command = "
                                       "( \"/bin/set\", \"-v\" ); };");
    const struct source_config *source = loaded.config->sources;
    assert_int_equal(source->kind, SOURCE_COMMAND);
    assert_string_equal(source->argv[0], "/bin/echo");
    assert_string_equal(source->argv[1], "");
    assert_string_equal(source->argv[2], "a b");
    assert_null(source->argv[3]);
    assert_int_equal(source->interval, 60 * USEC_PER_SEC);
    assert_int_equal(source->timeout, 10 * USEC_PER_SEC);
    assert_int_equal(source->max_age, 180 * USEC_PER_SEC);
    assert_int_equal(source->on_error, SOURCE_ZERO);
    assert_string_equal(source->write_command[0], "/bin/set");
    assert_string_equal(source->write_command[1], "-v");
    assert_null(source->write_command[2]);
    assert_true(loaded.config->meters[0].records[0].writable);
    assert_false(loaded.config->meters[0].records[0].is_kept);
    loaded_done(&loaded);

    loaded = load_record("command = { argv = [ \"/x\" ]; interval = 1; timeout = \"100 ms\"; "
                         "pattern = \"x\"; field = 2; scale = 10; offset = -5.5; }; "
                         "max_age = \"2 s\";");
    source = loaded.config->sources;
    assert_int_equal(source->interval, USEC_PER_SEC);
    assert_int_equal(source->timeout, 100 * USEC_PER_MSEC);
    assert_int_equal(source->max_age, 2 * USEC_PER_SEC);
    assert_string_equal(source->text.pattern, "x");
    assert_int_equal(source->text.field, 2);
    assert_real(source->text.scale, 10);
    assert_real(source->text.offset, -5.5);
    loaded_done(&loaded);
}

static void test_pushed(void **state)
{
    (void)state;
    struct loaded loaded = load_record("pushed = { };");
    const struct source_config *source = loaded.config->sources;
    const struct meter_record *record = loaded.config->meters[0].records;
    assert_int_equal(source->kind, SOURCE_PUSHED);
    assert_false(source->has_start);
    assert_int_equal(source->max_age, 0);
    assert_false(record->is_kept);
    assert_int_equal(record->min.integer, -INT32_MAX);
    loaded_done(&loaded);

    loaded = load_record("pushed = { }; writable = { min = 0; }; max_age = \"1 h\";");
    assert_int_equal(loaded.config->sources[0].max_age, 60 * USEC_PER_MIN);
    assert_true(loaded.config->meters[0].records[0].is_kept);
    assert_true(loaded.config->meters[0].records[0].writable);
    assert_int_equal(loaded.config->meters[0].records[0].min.integer, 0);
    assert_null(loaded.config->sources[0].write_command);
    loaded_done(&loaded);

    loaded = load_record("resolution = 0.1; pushed = { start = -7; };");
    source = loaded.config->sources;
    assert_true(source->has_start);
    assert_false(source->start.is_real);
    assert_int_equal(source->start.integer, -7);
    assert_int_equal(loaded.config->meters[0].records[0].wire.value.integer, -70);
    assert_true(loaded.config->meters[0].records[0].is_kept);
    loaded_done(&loaded);
}

/* The number stays as it is written; what goes on the wire is rounded, and that is said. */
static void test_start_is_rounded(void **state)
{
    (void)state;
    struct loaded loaded =
        load_text(PTY "meter = { records = ( { name = \"r\"; unit = \"V\"; resolution = 0.1; "
                      "pushed = { start = 1.26; }; } ); };\n",
                  NULL);
    assert_int_equal(loaded.r, 0);
    assert_int_equal(loaded.messages.n, 1);
    assert_non_null(strstr(loaded.messages.items[0].text,
                           "meter.records[0].pushed.start: 1.26 is sent as 1.3 at resolution 0.1"));
    assert_true(loaded.config->sources[0].start.is_real);
    assert_real(loaded.config->sources[0].start.real, 1.26);
    assert_int_equal(loaded.config->meters[0].records[0].wire.value.integer, 13);
    loaded_done(&loaded);
}

static void test_clock(void **state)
{
    (void)state;
    struct loaded loaded = load_records(
        "{ name = \"a\"; quantity = \"datetime\"; clock = { zone = \"UTC\"; }; }, "
        "{ name = \"b\"; dif = \"02\"; vif = \"6C\"; clock = { }; }, "
        "{ name = \"c\"; quantity = \"time\"; clock = { }; }, "
        "{ name = \"d\"; quantity = \"datetime\"; type = \"datetime_s\"; clock = { }; }");
    assert_int_equal(loaded.config->n_sources, 4);
    assert_string_equal(loaded.config->sources[0].zone, "UTC");
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(loaded.config->sources[i].kind, SOURCE_CLOCK);
        assert_int_equal(loaded.config->meters[0].records[i].wire.coding, CODING_TIME);
        assert_true(loaded.config->meters[0].records[i].is_live);
    }
    assert_null(loaded.config->sources[1].zone);
    loaded_done(&loaded);
}

static void test_internal(void **state)
{
    (void)state;
    static const struct {
        const char *record;
        enum internal_counter counter;
        double unit;
    } rows[] = {
        { "quantity = \"operating_time\"; unit = \"s\"; internal = { counter = \"operating_time\"; "
          "};",
          INTERNAL_OPERATING_TIME, 1 },
        { "quantity = \"on_time\"; unit = \"min\"; internal = { counter = \"on_time\"; };",
          INTERNAL_ON_TIME, 60 },
        { "quantity = \"on_time\"; unit = \"h\"; type = \"int8\"; internal = { counter = "
          "\"on_time\"; };",
          INTERNAL_ON_TIME, 3600 },
        { "quantity = \"on_time\"; unit = \"d\"; internal = { counter = \"on_time\"; };",
          INTERNAL_ON_TIME, 86400 },
        { "quantity = \"on_time\"; unit = \"h\"; type = \"real32\"; resolution = 0.1; "
          "internal = { counter = \"on_time\"; };",
          INTERNAL_ON_TIME, 3600 },
        { "vif = \"22\"; internal = { counter = \"on_time\"; };", INTERNAL_ON_TIME, 3600 },
        { "quantity = \"count\"; internal = { counter = \"answers\"; };", INTERNAL_ANSWERS, 1 },
        { "quantity = \"count\"; internal = { counter = \"requests\"; };", INTERNAL_REQUESTS, 1 },
        { "quantity = \"count\"; internal = { counter = \"errors\"; };", INTERNAL_ERRORS, 1 },
        { "quantity = \"count\"; internal = { counter = \"restarts\"; };", INTERNAL_RESTARTS, 1 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char text[512];
        snprintf(text, sizeof(text), "{ name = \"r\"; %s }", rows[i].record);
        struct loaded loaded = load_records(text);
        assert_int_equal(loaded.config->sources[0].kind, SOURCE_INTERNAL);
        assert_int_equal(loaded.config->sources[0].counter, rows[i].counter);
        assert_true(fabs(loaded.config->sources[0].unit - rows[i].unit) < 1e-6);
        loaded_done(&loaded);
    }
}

/* The command of a constant makes it one that has a source. */
static void test_constant_with_command(void **state)
{
    (void)state;
    struct loaded loaded = load_record("value = 3; writable = { command = [ \"/bin/true\" ]; };");
    assert_int_equal(loaded.config->sources[0].kind, SOURCE_CONSTANT);
    assert_string_equal(loaded.config->sources[0].write_command[0], "/bin/true");
    assert_false(loaded.config->meters[0].records[0].is_live);
    assert_int_equal(loaded.config->meters[0].records[0].wire.value.integer, 3);
    loaded_done(&loaded);

    loaded = load_records("{ name = \"r\"; quantity = \"date\"; value = \"2024-05-17\"; "
                          "writable = { command = [ \"/bin/true\" ]; }; }");
    assert_int_equal(loaded.config->n_sources, 1);
    loaded_done(&loaded);
}

static void test_order(void **state)
{
    (void)state;
    struct loaded loaded = load_good(
        PTY "meters = (\n"
            "{ name = \"a\"; records = ( { name = \"x\"; unit = \"V\"; value = 1; },\n"
            "  { name = \"y\"; unit = \"V\"; pushed = { }; } ); },\n"
            "{ name = \"b\"; on_stale = \"silent\"; },\n"
            "{ name = \"c\"; records = ( { name = \"x\"; unit = \"V\"; pushed = { }; },\n"
            "  { name = \"y\"; unit = \"V\"; value = 1; },\n"
            "  { name = \"z\"; unit = \"V\"; derived = { copy = [ \"y\" ]; }; } ); }\n);\n");
    static const size_t places[][2] = { { 0, 1 }, { 2, 0 }, { 2, 2 } };
    assert_int_equal(loaded.config->n_sources, ARRAY_SIZE(places));
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        assert_int_equal(loaded.config->sources[i].meter, places[i][0]);
        assert_int_equal(loaded.config->sources[i].record, places[i][1]);
    }
    assert_false(loaded.config->meters[0].silent_when_stale);
    assert_true(loaded.config->meters[1].silent_when_stale);
    loaded_done(&loaded);
}

/* The error of a live value takes a byte: a telegram is split in time. */
static void test_size(void **state)
{
    (void)state;
    char text[4096] = PTY "meter = { records = (\n";
    for (int i = 0; i < 24; i++) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof(text) - n,
                 "%s{ name = \"r%d\"; unit = \"kWh\"; type = \"int64\"; pushed = { }; }",
                 i > 0 ? ",\n" : "", i);
    }
    strcat(text, " ); };\n");
    struct loaded loaded = load_good(text);
    size_t need;
    assert_int_equal(meter_answer_size(&loaded.config->meters[0]), 252 + 24);
    assert_int_equal(meter_telegrams(&loaded.config->meters[0], &need), 2);
    loaded_done(&loaded);
}

static void test_control(void **state)
{
    (void)state;
    struct loaded loaded = load_good(PTY "control = { name = \"_Bench2\"; };\n");
    assert_string_equal(loaded.config->control_name, "_Bench2");
    loaded_done(&loaded);
    loaded = load_good(PTY "control = { };\n");
    assert_null(loaded.config->control_name);
    loaded_done(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constants_have_none),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_command),
        cmocka_unit_test(test_pushed),
        cmocka_unit_test(test_start_is_rounded),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_internal),
        cmocka_unit_test(test_constant_with_command),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_control),
    };
    return cmocka_run_group_tests_name("config/build_source", tests, NULL, NULL);
}
