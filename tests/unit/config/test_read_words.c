#include "tests/unit/config/read_support.h"

static void test_durations(void **state)
{
    (void)state;
    usec_t usec = 0;
    struct node node = node_from_text("repeat_time", "1500 ms", false);
    assert_string_equal(read_text(SCHEMA_METER, &node, &usec), "");
    assert_int_equal(usec, 1500000);
    node = (struct node){ .kind = NODE_INTEGER, .name = "repeat_time", .integer = 3600 };
    assert_string_equal(read_text(SCHEMA_METER, &node, &usec), "");
    assert_int_equal(usec, 3600 * USEC_PER_SEC);
    node.integer = 3601;
    assert_string_equal(read_text(SCHEMA_METER, &node, &usec), "3601 s is out of range; 0 to 1 h");
    node.integer = INT64_MIN;
    assert_string_equal(read_text(SCHEMA_METER, &node, &usec),
                        "-9223372036854775808 s is out of range; 0 to 1 h");
}

static void test_words(void **state)
{
    (void)state;
    enum log_level level = LOG_LEVEL_INFO;
    struct node node = node_from_text("level", "debug", false);
    assert_string_equal(read_text(SCHEMA_LOG, &node, &level), "");
    assert_int_equal(level, LOG_LEVEL_DEBUG);
    node = node_from_text("level", "eror", false);
    assert_string_equal(read_text(SCHEMA_LOG, &node, &level),
                        "\"eror\" is not allowed; did you mean \"error\"?");
    assert_int_equal(level, LOG_LEVEL_DEBUG);
}

static void test_rates(void **state)
{
    (void)state;
    unsigned baud = 0;
    struct node node = node_from_text("baud", "38400", true);
    assert_string_equal(read_text(SCHEMA_PORT, &node, &baud), "");
    assert_int_equal(baud, 38400);
    /* The value behind "auto" is no rate. */
    node = node_from_text("baud", "0", true);
    assert_string_equal(read_text(SCHEMA_PORT, &node, &baud),
                        "0 is no baud rate; 300, 600, 1200, 2400, 4800, 9600, 19200, 38400 or "
                        "\"auto\"");
    node = node_from_text("baud", "auto", true);
    assert_string_equal(read_text(SCHEMA_PORT, &node, &baud), "");
    assert_int_equal(baud, 0);
}

static void test_flags(void **state)
{
    (void)state;
    uint8_t status = 0;
    struct node names[] = { node_from_text(NULL, "alarm", false),
                            node_from_text(NULL, "manufacturer_3", false) };
    struct node node = {
        .kind = NODE_LIST, .name = "status", .children = names, .n_children = ARRAY_SIZE(names)
    };
    assert_string_equal(read_text(SCHEMA_METER, &node, &status), "");
    assert_int_equal(status, 0x83);
}

static void test_texts(void **state)
{
    (void)state;
    char *text = NULL;
    struct node node = node_from_text("name", "a_9", false);
    assert_string_equal(read_text(SCHEMA_METER, &node, &text), "");
    assert_string_equal(text, "a_9");
    free(text);
    text = NULL;
    node = node_from_text("link", "run/x", false);
    assert_string_equal(read_text(SCHEMA_PORT, &node, &text), "");
    assert_string_equal(text, "run/x");
    free(text);
    node = node_from_text("link", "", false);
    assert_string_equal(read_text(SCHEMA_PORT, &node, NULL),
                        "\"\" is no path; leave the setting out for none");
}

static void test_lists_of_names(void **state)
{
    (void)state;
    struct node names[] = { node_from_text(NULL, "a", false), node_from_text(NULL, "b", false) };
    struct node node = {
        .kind = NODE_LIST, .name = "meters", .children = names, .n_children = ARRAY_SIZE(names)
    };
    assert_string_equal(read_text(SCHEMA_PORT, &node, NULL), "");
    node.n_children = 0;
    assert_string_equal(read_text(SCHEMA_PORT, &node, NULL),
                        "an empty array; one name at least, or leave the setting out");
}

static void test_hex_strings(void **state)
{
    (void)state;
    struct node node = node_from_text("manufacturer_data", "01 aB", false);
    assert_string_equal(read_text(SCHEMA_METER, &node, NULL), "");
    node = node_from_text("manufacturer_data", "", false);
    assert_string_equal(read_text(SCHEMA_METER, &node, NULL),
                        "\"\" holds no bytes; leave the setting out for none");
    node = node_from_text("manufacturer_data", "1", false);
    assert_string_equal(read_text(SCHEMA_METER, &node, NULL),
                        "\"1\" is not hex; bytes as pairs of hex digits in quotes, such as \"01 "
                        "A5\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations),   cmocka_unit_test(test_words),
        cmocka_unit_test(test_rates),       cmocka_unit_test(test_flags),
        cmocka_unit_test(test_texts),       cmocka_unit_test(test_lists_of_names),
        cmocka_unit_test(test_hex_strings),
    };
    return cmocka_run_group_tests_name("config/read_words", tests, NULL, NULL);
}
