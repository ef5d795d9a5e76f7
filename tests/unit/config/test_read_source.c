#include "tests/unit/config/read_support.h"

#include "config/strings.h"

#define TAKES_ZONE "a time zone, such as \"Europe/Berlin\" or \"UTC\""

static void test_numbers(void **state)
{
    (void)state;
    double real = 7;
    struct node node = { .kind = NODE_INTEGER, .name = "scale", .integer = -3 };
    assert_string_equal(read_text(SCHEMA_FILE, &node, &real), "");
    assert_true(real < -2.9 && real > -3.1);
    node.integer = 0;
    assert_string_equal(read_text(SCHEMA_FILE, &node, &real),
                        "0 is no factor; a number other than 0");
    node = (struct node){ .kind = NODE_REAL, .name = "offset", .real = 0.0 };
    assert_string_equal(read_text(SCHEMA_FILE, &node, &real), "");
    assert_true(real > -0.1 && real < 0.1);
    node = node_from_text("offset", "1", false);
    assert_string_equal(read_text(SCHEMA_FILE, &node, &real), "\"1\" is a string; a number");
}

static void test_zone(void **state)
{
    (void)state;
    char *zone = NULL;
    struct node node = node_from_text("zone", "UTC", false);
    assert_string_equal(read_text(SCHEMA_CLOCK, &node, &zone), "");
    assert_string_equal(zone, "UTC");
    free(zone);
    zone = NULL;
    node = node_from_text("zone", "..", false);
    assert_string_equal(read_text(SCHEMA_CLOCK, &node, &zone),
                        "\"..\" is no time zone of this system; " TAKES_ZONE);
    assert_null(zone);
}

static void test_pattern(void **state)
{
    (void)state;
    char *pattern = NULL;
    struct node node = node_from_text("pattern", "a+", false);
    assert_string_equal(read_text(SCHEMA_COMMAND, &node, &pattern), "");
    assert_string_equal(pattern, "a+");
    free(pattern);
    pattern = NULL;
    node = node_from_text("pattern", "a(", false);
    assert_string_equal(read_text(SCHEMA_COMMAND, &node, &pattern),
                        "\"a(\" is no regular expression; Unmatched ( or \\(");
    assert_null(pattern);
}

static void test_argv(void **state)
{
    (void)state;
    char **argv = NULL;
    struct node words[] = { node_from_text(NULL, "/bin/x", false),
                            node_from_text(NULL, "line\nend", false) };
    struct node node = {
        .kind = NODE_ARRAY, .name = "argv", .children = words, .n_children = ARRAY_SIZE(words)
    };
    assert_string_equal(read_text(SCHEMA_COMMAND, &node, &argv), "");
    assert_string_equal(argv[0], "/bin/x");
    assert_string_equal(argv[1], "line\nend");
    assert_null(argv[2]);
    strings_free(argv);
    argv = NULL;
    node = (struct node){ .kind = NODE_LIST, .name = "argv" };
    assert_string_equal(read_text(SCHEMA_COMMAND, &node, &argv),
                        "an empty array; a program, and its arguments");
    assert_null(argv);
}

static void test_bus_name(void **state)
{
    (void)state;
    char *name = NULL;
    struct node node = node_from_text("name", "a_9Z", false);
    assert_string_equal(read_text(SCHEMA_CONTROL, &node, &name), "");
    assert_string_equal(name, "a_9Z");
    free(name);
    name = NULL;
    node = node_from_text("name", "a.b", false);
    assert_string_equal(read_text(SCHEMA_CONTROL, &node, &name),
                        "\"a.b\" is no name on D-Bus; a name of letters, digits and \"_\" that "
                        "begins with no digit");
    assert_null(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),  cmocka_unit_test(test_zone),
        cmocka_unit_test(test_pattern),  cmocka_unit_test(test_argv),
        cmocka_unit_test(test_bus_name),
    };
    return cmocka_run_group_tests_name("config/read_source", tests, NULL, NULL);
}
