#include "tests/unit/config/support.h"

#include "config/node.h"

static void test_texts(void **state)
{
    (void)state;
    assert_int_equal(node_from_text("a", "12", true).kind, NODE_INTEGER);
    assert_int_equal(node_from_text("a", "-012", true).integer, -12);
    assert_int_equal(node_from_text("a", "12", false).kind, NODE_STRING);
    assert_int_equal(node_from_text("a", "12a", true).kind, NODE_STRING);
    assert_int_equal(node_from_text("a", "", true).kind, NODE_STRING);
    assert_int_equal(node_from_text("a", "-", true).kind, NODE_STRING);
    assert_int_equal(node_from_text("a", "999999999999999999", true).integer, 999999999999999999);
    assert_int_equal(node_from_text("a", "9999999999999999999", true).kind, NODE_STRING);
}

static void test_members(void **state)
{
    (void)state;
    struct node children[] = { node_from_text("a", "1", true), node_from_text("b", "2", true) };
    struct node override = node_from_text("b", "3", true);
    struct node group = { .kind = NODE_GROUP, .children = children, .n_children = 2 };
    assert_ptr_equal(node_member(&group, "b"), &children[1]);
    group.overrides = &override;
    group.n_overrides = 1;
    assert_ptr_equal(node_member(&group, "a"), &children[0]);
    assert_ptr_equal(node_member(&group, "b"), &override);
    assert_ptr_equal(node_child(&group, "b"), &children[1]);
    assert_null(node_member(&group, "c"));
}

static void test_paths(void **state)
{
    (void)state;
    struct node root = { .kind = NODE_GROUP };
    struct node meters = { .name = "meters", .parent = &root };
    struct node meter = { .index = 1, .parent = &meters };
    struct node unit = { .name = "unit", .parent = &meter };
    struct phrase path = { 0 };
    node_path(&root, &path);
    assert_string_equal(path.text, "");
    node_path(&unit, &path);
    assert_string_equal(path.text, "meters[1].unit");
}

static void test_values(void **state)
{
    (void)state;
    struct literal literal = { .text = (char *)"012" };
    struct {
        struct node node;
        const char *value, *with_type;
    } rows[] = {
        { { .kind = NODE_GROUP }, "a group", "this is a group" },
        { { .kind = NODE_LIST }, "a list", "this is a list" },
        { { .kind = NODE_ARRAY }, "an array", "this is an array" },
        { { .kind = NODE_STRING, .string = "3" }, "\"3\"", "\"3\" is a string" },
        { { .kind = NODE_STRING, .string = "x", .option = "--addr" },
          "\"x\"",
          "\"x\" is not a number" },
        { { .kind = NODE_INTEGER, .integer = -3 }, "-3", "-3 is a number" },
        { { .kind = NODE_INTEGER, .literal = &literal }, "012", "012 is a number" },
        { { .kind = NODE_REAL, .real = 0.5 }, "0.5", "0.5 is a real number" },
        { { .kind = NODE_BOOL, .integer = 1 }, "true", "true is a boolean" },
        { { .kind = NODE_BOOL }, "false", "false is a boolean" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct phrase value = { 0 }, with_type = { 0 };
        node_value(&rows[i].node, &value);
        node_value_and_type(&rows[i].node, &with_type);
        assert_string_equal(value.text, rows[i].value);
        assert_string_equal(with_type.text, rows[i].with_type);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_values),
    };
    return cmocka_run_group_tests_name("config/node", tests, NULL, NULL);
}
