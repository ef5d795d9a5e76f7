#include "tests/unit/config/support.h"

#include "config/names.h"

static void test_find(void **state)
{
    (void)state;
    struct name_entry entries[] = {
        { "water", NULL, 0 }, { "heat", NULL, 1 }, { "gas", NULL, 2 }, { "heat", NULL, 3 }
    };
    size_t n = ARRAY_SIZE(entries);
    names_sort(entries, n);
    assert_int_equal(names_find(entries, n, "water")->index, 0);
    assert_int_equal(names_find(entries, n, "heat")->index, 1);
    assert_int_equal(names_find(entries, n, "gas")->index, 2);
    assert_null(names_find(entries, n, "a"));
    assert_null(names_find(entries, n, "hea"));
    assert_null(names_find(entries, n, "zzz"));
    assert_null(names_find(entries, 0, "heat"));
    names_sort(NULL, 0);
}

/* Of one name, all but the first are told so. */
static void test_twins(void **state)
{
    (void)state;
    struct node root = { .kind = NODE_GROUP, .file = "f" };
    struct node list = { .kind = NODE_LIST, .name = "meters", .parent = &root };
    struct node groups[4], names[4];
    static const char *const texts[] = { "b", "a", "b", "b" };
    struct name_entry entries[4];
    struct report report = { 0 };
    for (unsigned i = 0; i < 4; i++) {
        groups[i] = (struct node){ .kind = NODE_GROUP, .parent = &list, .index = i, .file = "f" };
        names[i] = node_from_text("name", texts[i], false);
        names[i].parent = &groups[i];
        names[i].file = "f";
        groups[i].children = &names[i];
        groups[i].n_children = i == 3 ? 0 : 1; /* a default */
        entries[i] = (struct name_entry){ texts[i], &groups[i], i };
    }
    names_sort(entries, 4);
    names_check(&report, entries, 4);
    assert_int_equal(report.n, 2);
    assert_string_equal(report.items[0].text,
                        "f:0: meters[2].name: \"b\" is the name of meters[0]; a name of its own");
    assert_string_equal(report.items[1].text,
                        "f:0: meters[3]: \"b\" is the name of meters[0]; set \"name\"");
    report_done(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_twins),
    };
    return cmocka_run_group_tests_name("config/names", tests, NULL, NULL);
}
