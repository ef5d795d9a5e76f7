#include "tests/unit/config/read_support.h"

static void test_integers_fill_their_field(void **state)
{
    (void)state;
    struct record_spec spec = { 0 };
    struct node node = { .kind = NODE_INTEGER, .name = "storage", .integer = 2199023255551 };
    assert_string_equal(read_text(SCHEMA_RECORD, &node, &spec.storage), "");
    assert_int_equal(spec.storage, 2199023255551);
    node = (struct node){ .kind = NODE_INTEGER, .name = "subunit", .integer = 1023 };
    assert_string_equal(read_text(SCHEMA_RECORD, &node, &spec.subunit), "");
    assert_int_equal(spec.subunit, 1023);
    assert_int_equal(spec.tariff, 0);
    /* Without a field it is only checked. */
    assert_string_equal(read_text(SCHEMA_RECORD, &node, NULL), "");
    node.integer = 1024;
    assert_string_equal(read_text(SCHEMA_RECORD, &node, &spec.subunit),
                        "1024 is out of range; 0 to 1023");
    assert_int_equal(spec.subunit, 1023);
}

static void test_literals_come_first(void **state)
{
    (void)state;
    struct literal literal = { .kind = LITERAL_NEEDS_LONG, .text = (char *)"5000000000" };
    struct node node = { .kind = NODE_INTEGER, .name = "address", .literal = &literal };
    assert_string_equal(read_text(SCHEMA_METER, &node, NULL),
                        "5000000000 does not fit 32 bits; write 5000000000L");
    /* Where no number is meant, the type is what matters. */
    node = (struct node){ .kind = NODE_INTEGER, .name = "manufacturer", .literal = &literal };
    assert_string_equal(read_text(SCHEMA_METER, &node, NULL),
                        "5000000000 is a number; three letters A to Z in quotes");
}

static void test_groups(void **state)
{
    (void)state;
    struct report report = { 0 };
    struct meter_def def = { 0 };
    struct node children[] = { node_from_text("address", "5", true) };
    struct node override = node_from_text("address", "7", true);
    struct node group = { .kind = NODE_GROUP, .children = children, .n_children = 1 };
    read_group(&report, &group, SCHEMA_METER, &def);
    assert_int_equal(def.address, 5);
    assert_string_equal(def.name, "meter");
    assert_int_equal(def.ident.version, 1);
    assert_int_equal(def.repeat_time, 10 * USEC_PER_SEC);
    assert_int_equal(def.allow, METER_ALLOW_ADDRESS | METER_ALLOW_READOUT | METER_ALLOW_RESET |
                                    METER_ALLOW_FREEZE);
    free(def.name);

    /* The value that is overridden is not used, but still checked. */
    group.overrides = &override;
    group.n_overrides = 1;
    children[0].integer = 300;
    children[0].parent = &group;
    children[0].file = "f";
    read_group(&report, &group, SCHEMA_METER, &def);
    assert_int_equal(def.address, 7);
    assert_int_equal(report.n_errors, 1);
    assert_true(read_is_good(&group, "address"));
    group.n_overrides = 0;
    assert_false(read_is_good(&group, "address"));
    assert_true(read_is_good(&group, "id"));
    free(def.name);
    report_done(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers_fill_their_field),
        cmocka_unit_test(test_literals_come_first),
        cmocka_unit_test(test_groups),
    };
    return cmocka_run_group_tests_name("config/read", tests, NULL, NULL);
}
