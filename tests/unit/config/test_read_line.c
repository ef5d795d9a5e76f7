#include "tests/unit/config/read_support.h"

#define NAME_31 "1234567890123456789012345678901"

static void test_texts(void **state)
{
    (void)state;
    static const struct {
        const char *setting, *text, *message;
    } rows[] = {
        { "line", "GPIO26", "" },
        { "line", NAME_31, "" },
        { "line", NAME_31 "2",
          "\"" NAME_31 "2\" is no line; the name of a line, such as \"GPIO26\"" },
        { "line", "", "\"\" is no line; the name of a line, such as \"GPIO26\"" },
        { "chip", NAME_31, "" },
        { "chip", "/dev/" NAME_31, "" },
        { "chip", "",
          "\"\" is no chip; a chip by its label, name or path, such as "
          "\"pinctrl-bcm2711\"" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct node node = { .kind = NODE_STRING, .name = rows[i].setting, .string = rows[i].text };
        char *field = NULL;
        assert_string_equal(read_text(SCHEMA_HAT_LINE, &node, &field), rows[i].message);
        if (rows[i].message[0] == '\0')
            assert_string_equal(field, rows[i].text);
        else
            assert_null(field);
        free(field);
    }
}

static void test_switches(void **state)
{
    (void)state;
    struct node node = { .kind = NODE_BOOL, .name = "active_low", .integer = 1 };
    bool field = false;
    assert_string_equal(read_text(SCHEMA_HAT_LINE, &node, &field), "");
    assert_true(field);
    node = (struct node){ .kind = NODE_INTEGER, .name = "active_low", .integer = 1 };
    assert_string_equal(read_text(SCHEMA_HAT_LINE, &node, &field), "1 is a number; true or false");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_switches),
    };
    return cmocka_run_group_tests_name("config/read_line", tests, NULL, NULL);
}
