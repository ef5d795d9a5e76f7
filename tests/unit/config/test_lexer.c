#include "tests/unit/config/support.h"

#include "config/lexer.h"

struct expected {
    enum token_kind kind;
    const char *text;
};

static void assert_tokens(const char *text, const struct expected *expected, size_t n)
{
    struct lexer lexer = lexer_over(text, strlen(text));
    struct token token;
    for (size_t i = 0; i < n; i++) {
        lexer_next(&lexer, &token);
        assert_int_equal(token.kind, expected[i].kind);
        assert_int_equal(token.n, strlen(expected[i].text));
        assert_memory_equal(token.start, expected[i].text, token.n);
    }
    for (int i = 0; i < 2; i++) {
        lexer_next(&lexer, &token);
        assert_int_equal(token.kind, TOKEN_END);
    }
}

#define ASSERT_TOKENS(text, ...)                                                                   \
    do {                                                                                           \
        const struct expected e_[] = { __VA_ARGS__ };                                              \
        assert_tokens(text, e_, ARRAY_SIZE(e_));                                                   \
    } while (0)

static void test_marks(void **state)
{
    (void)state;
    ASSERT_TOKENS("= : , ; { } ( ) [ ]", { TOKEN_ASSIGN, "=" }, { TOKEN_ASSIGN, ":" },
                  { TOKEN_COMMA, "," }, { TOKEN_SEMICOLON, ";" }, { TOKEN_GROUP_OPEN, "{" },
                  { TOKEN_GROUP_CLOSE, "}" }, { TOKEN_LIST_OPEN, "(" }, { TOKEN_LIST_CLOSE, ")" },
                  { TOKEN_ARRAY_OPEN, "[" }, { TOKEN_ARRAY_CLOSE, "]" });
}

static void test_names(void **state)
{
    (void)state;
    ASSERT_TOKENS("a a-b_9* *x true FALSE trueish", { TOKEN_NAME, "a" }, { TOKEN_NAME, "a-b_9*" },
                  { TOKEN_NAME, "*x" }, { TOKEN_BOOL, "true" }, { TOKEN_BOOL, "FALSE" },
                  { TOKEN_NAME, "trueish" });
    ASSERT_TOKENS("_a", { TOKEN_BAD, "_" }, { TOKEN_NAME, "a" });
}

static void test_integers(void **state)
{
    (void)state;
    ASSERT_TOKENS("0 -1 +2 10L 10LL 0x1F 0XabL 0x", { TOKEN_INTEGER, "0" }, { TOKEN_INTEGER, "-1" },
                  { TOKEN_INTEGER, "+2" }, { TOKEN_INTEGER, "10L" }, { TOKEN_INTEGER, "10LL" },
                  { TOKEN_INTEGER, "0x1F" }, { TOKEN_INTEGER, "0XabL" }, { TOKEN_INTEGER, "0" },
                  { TOKEN_NAME, "x" });
    ASSERT_TOKENS("5LLL", { TOKEN_INTEGER, "5LL" }, { TOKEN_NAME, "L" });
    ASSERT_TOKENS("12ab", { TOKEN_INTEGER, "12" }, { TOKEN_NAME, "ab" });
    ASSERT_TOKENS("-0x5", { TOKEN_INTEGER, "-0" }, { TOKEN_NAME, "x5" });
}

static void test_reals(void **state)
{
    (void)state;
    ASSERT_TOKENS("1.5 -.5 5. 1e5 1E-5 1.e+5 +2.5e3", { TOKEN_REAL, "1.5" }, { TOKEN_REAL, "-.5" },
                  { TOKEN_REAL, "5." }, { TOKEN_REAL, "1e5" }, { TOKEN_REAL, "1E-5" },
                  { TOKEN_REAL, "1.e+5" }, { TOKEN_REAL, "+2.5e3" });
    ASSERT_TOKENS("1.2.3", { TOKEN_REAL, "1.2" }, { TOKEN_REAL, ".3" });
    ASSERT_TOKENS("1.5L 1e", { TOKEN_REAL, "1.5" }, { TOKEN_NAME, "L" }, { TOKEN_INTEGER, "1" },
                  { TOKEN_NAME, "e" });
    ASSERT_TOKENS(". - +.", { TOKEN_BAD, "." }, { TOKEN_BAD, "-" }, { TOKEN_BAD, "+." });
}

static void test_strings(void **state)
{
    (void)state;
    ASSERT_TOKENS("\"\" \"a b\" \"\\\"\" \"\\\\\" \"\\n\\q\"", { TOKEN_STRING, "\"\"" },
                  { TOKEN_STRING, "\"a b\"" }, { TOKEN_STRING, "\"\\\"\"" },
                  { TOKEN_STRING, "\"\\\\\"" }, { TOKEN_STRING, "\"\\n\\q\"" });
    ASSERT_TOKENS("\"# // /*\"", { TOKEN_STRING, "\"# // /*\"" });
    ASSERT_TOKENS("\"open", { TOKEN_BAD, "\"open" });
    ASSERT_TOKENS("\"\\x00\" \"\\x41\"", { TOKEN_BAD, "\"\\x00\"" }, { TOKEN_STRING, "\"\\x41\"" });
}

static void test_comments(void **state)
{
    (void)state;
    ASSERT_TOKENS("# a\n1 // b \"\n2 /* c\n * / */ 3", { TOKEN_INTEGER, "1" },
                  { TOKEN_INTEGER, "2" }, { TOKEN_INTEGER, "3" });
    ASSERT_TOKENS("/*/ 1 */ 2", { TOKEN_INTEGER, "2" });
    struct lexer lexer = lexer_over("1 /* 2", 6);
    struct token token;
    lexer_next(&lexer, &token);
    lexer_next(&lexer, &token);
    assert_int_equal(token.kind, TOKEN_BAD);
}

static void test_lines(void **state)
{
    (void)state;
    static const char text[] = "a\n\n\"b\nc\" d /*\n*/ e";
    static const unsigned lines[] = { 1, 3, 4, 5, 5 };
    struct lexer lexer = lexer_over(text, sizeof(text) - 1);
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        struct token token;
        lexer_next(&lexer, &token);
        assert_int_equal(token.line, lines[i]);
    }
}

static void test_integer_flags(void **state)
{
    (void)state;
    struct lexer lexer = lexer_over("0x1 1L", 6);
    struct token token;
    lexer_next(&lexer, &token);
    assert_true(token.hex && !token.is_long);
    lexer_next(&lexer, &token);
    assert_true(!token.hex && token.is_long);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),    cmocka_unit_test(test_names),
        cmocka_unit_test(test_integers), cmocka_unit_test(test_reals),
        cmocka_unit_test(test_strings),  cmocka_unit_test(test_comments),
        cmocka_unit_test(test_lines),    cmocka_unit_test(test_integer_flags),
    };
    return cmocka_run_group_tests_name("config/lexer", tests, NULL, NULL);
}
