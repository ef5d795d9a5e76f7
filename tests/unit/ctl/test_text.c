#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/text.h"

static const struct {
    const char *latin1;
    enum text_form form;
    const char *utf8;
    size_t columns;
} rows[] = {
    { "WFH21", TEXT_PLAIN, "WFH21", 5 },
    { "\xB0"
      "C",
      TEXT_PLAIN,
      "\xC2\xB0"
      "C",
      2 },
    { "\xFF", TEXT_JSON, "\xC3\xBF", 1 },
    { "\x1B[1m", TEXT_PLAIN, "\\x1B[1m", 7 },
    { "\x1B", TEXT_JSON, "\\u001B", 6 },
    { "\x1B", TEXT_XML, " ", 1 },
    { "\x9B", TEXT_PLAIN, "\\x9B", 4 },
    { "\x7F", TEXT_JSON, "\\u007F", 6 },
    { "a\"b\\c", TEXT_JSON, "a\\\"b\\\\c", 7 },
    { "a\"b\\c", TEXT_PLAIN, "a\"b\\c", 5 },
    { "<&>\"", TEXT_XML, "&lt;&amp;&gt;&quot;", 19 },
};

static void latin1_becomes_utf8(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const uint8_t *bytes = (const uint8_t *)rows[i].latin1;
        size_t n = strlen(rows[i].latin1), size;
        char *text = NULL;
        FILE *out = open_memstream(&text, &size);

        assert_non_null(out);
        assert_int_equal(text_write(out, rows[i].form, bytes, n), rows[i].columns);
        fclose(out);
        assert_string_equal(text, rows[i].utf8);
        assert_int_equal(text_write(NULL, rows[i].form, bytes, n), rows[i].columns);
        free(text);
    }
}

/* Whatever the byte, what comes out holds no control character. */
static void no_control_character_comes_out(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        for (unsigned form = TEXT_PLAIN; form <= TEXT_XML; form++) {
            uint8_t byte = (uint8_t)c;
            size_t size;
            char *text = NULL;
            FILE *out = open_memstream(&text, &size);

            assert_non_null(out);
            text_write(out, (enum text_form)form, &byte, 1);
            fclose(out);
            for (size_t i = 0; i < size; i++)
                assert_true((uint8_t)text[i] >= 0x20 && text[i] != 0x7F);
            if ((uint8_t)text[0] == 0xC2) /* U+0080 to U+009F would be C1 */
                assert_true((uint8_t)text[1] >= 0xA0);
            free(text);
        }
    }
}

static void labels_take_what_fits(void **state)
{
    struct label label = { 0 };
    uint8_t bytes[300] = { 0xAB };

    (void)state;
    label_hex(&label, bytes, 2);
    label_print(&label, " %u", 5U);
    assert_int_equal(label.n, 6);
    assert_memory_equal(label.bytes, "AB00 5", 6);
    label_add(&label, bytes, sizeof(bytes));
    label_add(&label, bytes, sizeof(bytes));
    assert_int_equal(label.n, sizeof(label.bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latin1_becomes_utf8),
        cmocka_unit_test(no_control_character_comes_out),
        cmocka_unit_test(labels_take_what_fits),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
