/* Tables and the texts in them, which may hold anything. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/colour.h"
#include "ctl/feed_names.h"
#include "ctl/table.h"
#include "ctl/utf8.h"

static void assert_text(enum text_form form, const char *text, const char *expected, size_t columns)
{
    char *written = NULL;
    size_t size;
    FILE *out = open_memstream(&written, &size);

    assert_non_null(out);
    assert_int_equal(utf8_write(out, form, text), columns);
    fclose(out);
    assert_string_equal(written, expected);
    assert_int_equal(utf8_write(NULL, form, text), columns);
    free(written);
}

static void test_plain(void **state)
{
    (void)state;
    assert_text(TEXT_PLAIN, "abc", "abc", 3);
    assert_text(TEXT_PLAIN, "Wärme \"x\"", "Wärme \"x\"", 9);
    assert_text(TEXT_PLAIN, "漢字", "漢字", 4);
    assert_text(TEXT_PLAIN, "e\u0301", "e\u0301", 1);
    assert_text(TEXT_PLAIN, "a\x1B[31m\n", "a\\x1B[31m\\x0A", 13);
    assert_text(TEXT_PLAIN, "\xC2\x9B", "\\x9B", 4);      /* a control character of Latin-1 */
    assert_text(TEXT_PLAIN, "\xC3", "\\xC3", 4);          /* cut off */
    assert_text(TEXT_PLAIN, "\xC0\x80", "\\xC0\\x80", 8); /* overlong */
    assert_text(TEXT_PLAIN, "\xED\xA0\x80", "\\xED\\xA0\\x80", 12); /* a surrogate */
    assert_text(TEXT_PLAIN, "\xFFx", "\\xFFx", 5);
}

static void test_json(void **state)
{
    (void)state;
    assert_text(TEXT_JSON, "a\"b\\c", "a\\\"b\\\\c", 5);
    assert_text(TEXT_JSON, "\n", "\\u000A", 6);
    assert_text(TEXT_JSON, "\xFF", "\uFFFD", 3);
}

static void assert_table(const struct table *t, unsigned indent, const struct colours *colours,
                         const char *expected)
{
    char *written = NULL;
    size_t size;
    FILE *out = open_memstream(&written, &size);

    assert_non_null(out);
    assert_true(table_write(t, out, indent, colours));
    fclose(out);
    assert_string_equal(written, expected);
    free(written);
}

static const struct table_column columns[] = {
    { "name", false }, { "n", true }, { "note", false }, { 0 }
};

static void test_aligned(void **state)
{
    struct table t = { .columns = columns };
    struct label latin = { { 'K', 0xE4, 's' }, 3 };

    (void)state;
    assert_table(&t, 0, &colours_none, "");
    table_row(&t, false);
    table_cell(&t, "%s", "Wärme");
    table_cell(&t, "%d", 5);
    table_row(&t, true);
    table_cell(&t, "%s", "漢字漢字");
    table_cell(&t, "%d", 12345);
    table_cell_label(&t, &latin);
    assert_table(&t, 2, &colours_none,
                 "  name          n  note\n"
                 "  Wärme         5\n"
                 "  漢字漢字  12345  Käs\n");
    assert_table(&t, 0, &colours_some,
                 "\033[2mname          n  note\033[0m\n"
                 "Wärme         5\n"
                 "\033[31m漢字漢字  12345  Käs\033[0m\n");
    table_done(&t);
}

static void test_many_rows(void **state)
{
    struct table t = { .columns = columns };
    char *written = NULL;
    size_t size, lines = 0;
    FILE *out = open_memstream(&written, &size);

    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        table_row(&t, false);
        table_cell(&t, "m%u", i);
    }
    assert_true(table_write(&t, out, 0, &colours_none));
    fclose(out);
    for (size_t i = 0; i < size; i++)
        lines += written[i] == '\n';
    assert_int_equal(lines, 1001);
    free(written);
    table_done(&t);
}

/* ---- names ----------------------------------------------------------------------------------- */

static struct feed_name *take(struct feed_names *names, const char *meter, const char *record)
{
    return feed_names_take(names, meter, strlen(meter), record, strlen(record));
}

static void test_names_stay(void **state)
{
    struct feed_names names = { 0 };
    static struct feed_name *all[5000];
    char text[16];

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
        snprintf(text, sizeof(text), "r%u", i);
        all[i] = take(&names, "meter", text);
        assert_non_null(all[i]);
        assert_int_equal(all[i]->kind, FEED_UNKNOWN);
    }
    assert_int_equal(names.n, ARRAY_SIZE(all));
    for (unsigned i = 0; i < ARRAY_SIZE(all); i++) {
        snprintf(text, sizeof(text), "r%u", i);
        assert_ptr_equal(take(&names, "meter", text), all[i]);
    }
    assert_string_equal(all[7]->text, "meter.r7");
    assert_int_equal(all[7]->n, 8);
    assert_ptr_not_equal(take(&names, "mete", "r.r7"), all[7]);
    feed_names_done(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),      cmocka_unit_test(test_json),
        cmocka_unit_test(test_aligned),    cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_names_stay),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
