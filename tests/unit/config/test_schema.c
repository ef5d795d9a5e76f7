#include "tests/unit/config/support.h"

#include "config/read.h"
#include "config/schema.h"

static size_t size_of(enum schema_group group)
{
    static const size_t sizes[] = {
        [SCHEMA_PORT] = sizeof(struct port_config),
        [SCHEMA_METER] = sizeof(struct meter_def),
        [SCHEMA_RECORD] = sizeof(struct record_spec),
        [SCHEMA_WRITABLE] = sizeof(struct writable_spec),
        [SCHEMA_FILE] = sizeof(struct source_config),
        [SCHEMA_COMMAND] = sizeof(struct source_config),
        [SCHEMA_PUSHED] = sizeof(struct source_config),
        [SCHEMA_DERIVED] = sizeof(struct source_config),
        [SCHEMA_CLOCK] = sizeof(struct source_config),
        [SCHEMA_INTERNAL] = sizeof(struct source_config),
        [SCHEMA_STATE] = sizeof(struct config),
        [SCHEMA_CONTROL] = sizeof(struct config),
        [SCHEMA_LOG] = sizeof(struct config),
        [SCHEMA_HAT] = 0,
        [SCHEMA_HAT_LINE] = sizeof(struct hat_line_config),
        [SCHEMA_TOP] = 0,
    };
    return sizes[group];
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_schema_rows; i++) {
        const struct schema_row *row = &schema_rows[i];
        assert_ptr_equal(schema_find(row->group, row->name), row); /* no name twice */
        assert_true(row->offset + row->size <= size_of(row->group));
        assert_true(row->min <= row->max);
        if (row->type == SCHEMA_INTEGER || row->type == SCHEMA_DURATION)
            assert_true(row->max > 0);
        bool has_words =
            row->type == SCHEMA_WORD || row->type == SCHEMA_RATE || row->type == SCHEMA_FLAGS;
        assert_int_equal(row->n_words > 0, has_words);
        if (row->type != SCHEMA_FLAGS)
            assert_false(row->exclusive || row->is_filled);
        if (row->group == SCHEMA_PORT && row->type != SCHEMA_LATER)
            assert_true(row->kinds > 0);
    }
}

static void test_every_built_setting_says_what_it_takes(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_schema_rows; i++) {
        struct phrase allowed = { 0 };
        schema_allowed(&schema_rows[i], &allowed);
        assert_int_equal(allowed.n > 0, schema_rows[i].type != SCHEMA_LATER);
        assert_true(allowed.n < sizeof(allowed.text) - 1);
    }
}

static void test_defaults_are_good(void **state)
{
    (void)state;
    static const enum schema_group groups[] = { SCHEMA_METER,    SCHEMA_RECORD,   SCHEMA_LOG,
                                                SCHEMA_PORT,     SCHEMA_HAT_LINE, SCHEMA_STATE,
                                                SCHEMA_WRITABLE, SCHEMA_FILE,     SCHEMA_COMMAND,
                                                SCHEMA_DERIVED,  SCHEMA_CONTROL };
    for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
        struct report report = { 0 };
        struct node none = { .kind = NODE_GROUP };
        read_group(&report, &none, groups[i], NULL);
        assert_int_equal(report.n, 0);
        report_done(&report);
    }
}

static void test_words(void **state)
{
    (void)state;
    const struct schema_row *row = schema_find(SCHEMA_PORT, "baud");
    assert_int_equal(schema_word_find(row, "2400")->value, 2400);
    assert_int_equal(schema_word_find(row, "auto")->value, 0);
    assert_null(schema_word_find(row, "x"));
    assert_null(schema_find(SCHEMA_PORT, "x"));
    assert_null(schema_find(SCHEMA_LOG, "baud"));

    struct phrase words = { 0 };
    schema_words(schema_find(SCHEMA_PORT, "parity"), &words);
    assert_string_equal(words.text, "\"even\" or \"none\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_every_built_setting_says_what_it_takes),
        cmocka_unit_test(test_defaults_are_good),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests_name("config/schema", tests, NULL, NULL);
}
