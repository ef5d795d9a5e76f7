#include "tests/unit/config/support.h"

#include "config/phrase.h"

#define ASSERT_PHRASE(call, expected)                                                              \
    do {                                                                                           \
        struct phrase p = { 0 };                                                                   \
        call;                                                                                      \
        assert_string_equal(p.text, expected);                                                     \
        assert_int_equal(p.n, strlen(expected));                                                   \
    } while (0)

static void test_quotes(void **state)
{
    (void)state;
    ASSERT_PHRASE(phrase_quote(&p, ""), "\"\"");
    ASSERT_PHRASE(phrase_quote(&p, "a \"b\""), "\"a \"b\"\"");
    ASSERT_PHRASE(phrase_quote(&p, "\n\r\t\x01\x7F"), "\"\\n\\r\\t\\x01\\x7F\"");
    /* German umlaut, euro sign, a clef; then what is no UTF-8. */
    ASSERT_PHRASE(phrase_quote(&p, "\xC3\xA4\xE2\x82\xAC\xF0\x9D\x84\x9E"),
                  "\"\xC3\xA4\xE2\x82\xAC\xF0\x9D\x84\x9E\"");
    ASSERT_PHRASE(phrase_quote(&p, "\xFF\xC3"), "\"\\xFF\\xC3\"");
    ASSERT_PHRASE(phrase_quote(&p, "\xC2\x80"), "\"\\xC2\\x80\"");
    ASSERT_PHRASE(phrase_quote(&p, "\xC0\xAF"), "\"\\xC0\\xAF\"");
    ASSERT_PHRASE(phrase_quote(&p, "\xED\xA0\x80"), "\"\\xED\\xA0\\x80\"");
}

static void test_long_quotes_are_cut(void **state)
{
    (void)state;
    char text[100], expected[128];
    memset(text, 'x', sizeof(text));
    text[61] = '\0';
    snprintf(expected, sizeof(expected), "\"%.60s...\"", text);
    ASSERT_PHRASE(phrase_quote(&p, text), expected);
    text[60] = '\0';
    snprintf(expected, sizeof(expected), "\"%s\"", text);
    ASSERT_PHRASE(phrase_quote(&p, text), expected);
}

static void test_long_phrases_are_cut(void **state)
{
    (void)state;
    struct phrase p = { 0 };
    for (unsigned i = 0; i < 1000; i++)
        phrase_add(&p, "0123456");
    assert_int_equal(p.n, sizeof(p.text) - 1);
    assert_int_equal(strlen(p.text), p.n);
}

static void test_reals(void **state)
{
    (void)state;
    ASSERT_PHRASE(phrase_real(&p, 0), "0.0");
    ASSERT_PHRASE(phrase_real(&p, 1.5), "1.5");
    ASSERT_PHRASE(phrase_real(&p, 2400), "2400.0");
    ASSERT_PHRASE(phrase_real(&p, 0.1), "0.1");
    ASSERT_PHRASE(phrase_real(&p, -0.00000002), "-0.00000002");
    ASSERT_PHRASE(phrase_real(&p, 1e39), "1e+39");
    ASSERT_PHRASE(phrase_real(&p, 1e-30), "1e-30");
}

static void test_scaled(void **state)
{
    (void)state;
    ASSERT_PHRASE(phrase_scaled(&p, 1, 0), "1");
    ASSERT_PHRASE(phrase_scaled(&p, 1, 3), "1000");
    ASSERT_PHRASE(phrase_scaled(&p, 1, -3), "0.001");
    ASSERT_PHRASE(phrase_scaled(&p, -32767, -3), "-32.767");
    ASSERT_PHRASE(phrase_scaled(&p, 32767, -5), "0.32767");
    ASSERT_PHRASE(phrase_scaled(&p, 32767, -6), "0.032767");
    ASSERT_PHRASE(phrase_scaled(&p, 1200, -1), "120");
    ASSERT_PHRASE(phrase_scaled(&p, 1200, -3), "1.2");
    ASSERT_PHRASE(phrase_scaled(&p, 0, -3), "0");
    ASSERT_PHRASE(phrase_scaled(&p, 0, 3), "0");
    ASSERT_PHRASE(phrase_scaled(&p, INT64_MIN, 0), "-9223372036854775808");
}

static void test_bytes_without_quotes(void **state)
{
    (void)state;
    ASSERT_PHRASE(phrase_bytes(&p, "a \"b\"\t\xC3\xA4\xFF", 9), "a \"b\"\\t\xC3\xA4\\xFF");
    ASSERT_PHRASE(
        phrase_bytes(&p, "0123456789012345678901234567890123456789012345678901234567890123456789",
                     70),
        "0123456789012345678901234567890123456789012345678901234567890123456789");
    ASSERT_PHRASE(phrase_bytes(&p, "", 0), "");
}

static void test_durations(void **state)
{
    (void)state;
    ASSERT_PHRASE(phrase_duration(&p, 0), "0");
    ASSERT_PHRASE(phrase_duration(&p, 500 * USEC_PER_MSEC), "500 ms");
    ASSERT_PHRASE(phrase_duration(&p, 5 * USEC_PER_SEC), "5 s");
    ASSERT_PHRASE(phrase_duration(&p, 90 * USEC_PER_SEC), "90 s");
    ASSERT_PHRASE(phrase_duration(&p, 60 * USEC_PER_MIN), "1 h");
    ASSERT_PHRASE(phrase_duration(&p, 30 * 24 * 60 * USEC_PER_MIN), "30 d");
}

static void test_items(void **state)
{
    (void)state;
    static const char *const expected[] = { "0", "0 or 1", "0, 1 or 2" };
    for (size_t n = 1; n <= ARRAY_SIZE(expected); n++) {
        struct phrase p = { 0 };
        for (size_t i = 0; i < n; i++)
            phrase_item(&p, i, n, "%zu", i);
        assert_string_equal(p.text, expected[n - 1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_long_quotes_are_cut),
        cmocka_unit_test(test_long_phrases_are_cut),
        cmocka_unit_test(test_reals),
        cmocka_unit_test(test_scaled),
        cmocka_unit_test(test_bytes_without_quotes),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_items),
    };
    return cmocka_run_group_tests_name("config/phrase", tests, NULL, NULL);
}
