#include "tests/unit/config/support.h"

#include "config/report.h"

static struct node root = { .kind = NODE_GROUP };

static struct node at(const char *name, unsigned order)
{
    return (struct node){
        .name = name, .parent = &root, .file = "f", .line = 10 + order, .order = order
    };
}

static void test_order(void **state)
{
    (void)state;
    struct report report = { 0 };
    struct config_messages messages = { 0 };
    struct node a = at("a", 2), b = at("b", 3), option = at("c", 4);
    option.option = "--addr";

    report_error(&report, &b, "first %d", 1);
    report_warning(&report, &a, "second");
    report_error(&report, &b, "third");
    report_error(&report, &option, "fourth");
    assert_true(b.is_bad);
    assert_false(a.is_bad);

    assert_int_equal(report_take(&report, &messages), 0);
    report_done(&report);
    static const char *const expected[] = { "--addr: fourth", "f:12: a: second", "f:13: b: first 1",
                                            "f:13: b: third" };
    assert_int_equal(messages.n, ARRAY_SIZE(expected));
    assert_int_equal(messages.n_errors, 3);
    for (size_t i = 0; i < messages.n; i++) {
        assert_string_equal(messages.items[i].text, expected[i]);
        assert_int_equal(messages.items[i].is_error, i != 1);
    }
    config_messages_done(&messages);
}

static void test_too_many(void **state)
{
    (void)state;
    struct report report = { 0 };
    struct config_messages messages = { 0 };
    struct node a = at("a", 2);
    for (unsigned i = 0; i < REPORT_MAX + 5; i++)
        report_error(&report, &a, "%u", i);
    assert_int_equal(report_take(&report, &messages), 0);
    report_done(&report);
    assert_int_equal(messages.n, REPORT_MAX + 1);
    assert_int_equal(messages.n_errors, REPORT_MAX + 5);
    assert_string_equal(messages.items[REPORT_MAX].text,
                        "these are the first 1000 messages; more follow");
    config_messages_done(&messages);
}

static void test_no_memory(void **state)
{
    (void)state;
    struct report report = { 0 };
    struct config_messages messages = { 0 };
    report_text(&report, NULL);
    assert_int_equal(report_take(&report, &messages), -12);
    report_done(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests_name("config/report", tests, NULL, NULL);
}
