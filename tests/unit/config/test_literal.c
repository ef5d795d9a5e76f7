#include "tests/unit/config/support.h"

#include <errno.h>
#include <libconfig.h>

#include "config/literal.h"

static int check(const char *text, struct literal_report *report)
{
    *report = (struct literal_report){ 0 };
    return literal_check(text, strlen(text), report);
}

static void assert_problem(const char *text, unsigned line, const char *problem)
{
    struct literal_report report;
    assert_int_equal(check(text, &report), -EINVAL);
    assert_string_equal(report.problem, problem);
    assert_int_equal(report.problem_line, line);
    literal_report_done(&report);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int kind; /* -1: nothing is wrong */
    } rows[] = {
        { "0", -1 },
        { "2147483647", -1 },
        { "+2147483647", -1 },
        { "-2147483648", -1 },
        { "2147483648", LITERAL_NEEDS_LONG },
        { "-2147483649", LITERAL_NEEDS_LONG },
        { "2147483648L", -1 },
        { "2147483648LL", -1 },
        { "9223372036854775807L", -1 },
        { "-9223372036854775808L", -1 },
        { "9223372036854775807", LITERAL_NEEDS_LONG },
        { "9223372036854775808L", LITERAL_TOO_WIDE },
        { "-9223372036854775809L", LITERAL_TOO_WIDE },
        { "99999999999999999999", LITERAL_TOO_WIDE },
        { "18446744073709551616L", LITERAL_TOO_WIDE },
        { "0x7FFFFFFF", -1 },
        { "0x80000000", LITERAL_NEEDS_LONG },
        { "0x00000000000000000001", -1 },
        { "0x7fffffffffffffffL", -1 },
        { "0x8000000000000000L", LITERAL_TOO_WIDE },
        { "0x10000000000000000", LITERAL_TOO_WIDE },
        { "00", LITERAL_LEADING_ZERO },
        { "-012", LITERAL_LEADING_ZERO },
        { "01L", LITERAL_LEADING_ZERO },
        { "1.0e308", -1 },
        { "1.0e309", LITERAL_NOT_FINITE },
        { "-1e999", LITERAL_NOT_FINITE },
        { "1e-999", -1 },
        { "007.5", -1 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char text[64];
        struct literal_report report;
        snprintf(text, sizeof(text), "a = %s;", rows[i].text);
        assert_int_equal(check(text, &report), 0);
        assert_int_equal(report.n, rows[i].kind < 0 ? 0 : 1);
        if (report.n > 0) {
            assert_int_equal(report.literals[0].kind, rows[i].kind);
            assert_string_equal(report.literals[0].text, rows[i].text);
            assert_string_equal(report.literals[0].path, "a");
        }
        literal_report_done(&report);
    }
}

static void test_places(void **state)
{
    (void)state;
    static const char text[] = "x = 1;\n"
                               "a = { b = ( 1, { c = 012 }, ( 013 ) ); # 014\n"
                               "  d : [ \"015\", \"x\" \"y\" ], e = \"/* 016 */\" };\n"
                               "/* f = 017; */ g = 018";
    static const struct {
        const char *path;
        unsigned line, order;
    } rows[] = { { "a.b[1].c", 2, 6 }, { "a.b[2][0]", 2, 8 }, { "g", 4, 13 } };
    struct literal_report report;
    assert_int_equal(check(text, &report), 0);
    assert_int_equal(report.n, ARRAY_SIZE(rows));
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_string_equal(report.literals[i].path, rows[i].path);
        assert_int_equal(report.literals[i].line, rows[i].line);
        assert_int_equal(report.literals[i].order, rows[i].order);
    }
    literal_report_done(&report);
}

static void test_long_text_is_cut(void **state)
{
    (void)state;
    struct literal_report report;
    assert_int_equal(check("a = 1234567890123456789012345678901234567890123;", &report), 0);
    assert_string_equal(report.literals[0].text, "1234567890123456789012345678901234567890...");
    literal_report_done(&report);
}

static void test_grammar(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
        const char *problem;
    } rows[] = {
        { "1 = 2;", 1, "syntax error at \"1\"; a name is expected" },
        { "a 1;", 1, "syntax error at \"1\"; \"=\" behind a name is expected" },
        { "a =\n\n;", 3, "syntax error at \";\"; a value is expected" },
        { "a = b;", 1, "syntax error at \"b\"; a value is expected" },
        { "a = 1;;", 1, "syntax error at \";\"; a name is expected" },
        { "a = { b = 1; ", 1, "syntax error at the end of the file; a name or \"}\" is expected" },
        { "a = ( 1 2 );", 1, "syntax error at \"2\"; \",\" or \")\" is expected" },
        { "a = [ 1; 2 ];", 1, "syntax error at \";\"; \",\" or \"]\" is expected" },
        { "a = ( 1, );", 1, "syntax error at \")\"; an element behind the comma is expected" },
        { "a = [ 1, ];", 1, "syntax error at \"]\"; an element behind the comma is expected" },
        { "a = [ [ ] ];", 1,
          "syntax error at \"[\"; a number, string or boolean, or \"]\" is expected" },
        { "a = [ 1, 2.5 ];", 1, "a[1]: the elements of an array have one type, as the first" },
        { "a = [ 1, 2L ];", 1, "a[1]: the elements of an array have one type, as the first" },
        { "a = 1;\nb = 2;\na = 3;", 3, "a: is set a second time" },
        { "a = { b = 1; b = 2; };", 1, "a.b: is set a second time" },
        { "a = \"x", 1, "a string that does not end, or holds \\x00" },
        { "true = 1;", 1, "syntax error at \"true\"; a name is expected" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_problem(rows[i].text, rows[i].line, rows[i].problem);

    struct literal_report report;
    assert_int_equal(check("a = { b = 1; }; c = { b = 1; }; b = 1, B = 2 d : ( );", &report), 0);
    literal_report_done(&report);
}

static void test_first_of_twins(void **state)
{
    (void)state;
    struct literal_report report;
    assert_int_equal(check("a = 1;\nb = { a = 1; };\n\na = 2;", &report), -EINVAL);
    assert_int_equal(report.other_line, 1);
    literal_report_done(&report);
}

/* `n` times `word` between `head` and `tail`. */
static char *repeat(const char *head, const char *word, size_t n, const char *tail)
{
    char *text = malloc(strlen(head) + n * strlen(word) + strlen(tail) + 1);
    assert_non_null(text);
    strcpy(text, head);
    char *p = text + strlen(head);
    for (size_t i = 0; i < n; i++, p += strlen(word))
        strcpy(p, word);
    strcpy(p, tail);
    return text;
}

static void test_limits(void **state)
{
    (void)state;
    char *text = repeat("a = ", "(", LITERAL_DEPTH_MAX + 1, "");
    assert_problem(text, 1, "more than 64 groups and lists inside one another");
    free(text);
    text = repeat("a = ", "(", 1000000, "");
    assert_problem(text, 1, "more than 64 groups and lists inside one another");
    free(text);
    text = repeat("a = { ", "b={", LITERAL_DEPTH_MAX, "");
    assert_problem(text, 1, "more than 64 groups and lists inside one another");
    free(text);
    text = repeat("", "a", LITERAL_NAME_MAX + 1, " = 1;");
    assert_problem(text, 1, "a name of more than 64 letters");
    free(text);
    text = repeat("a = ( 1", ",1", LITERAL_VALUES_MAX, ");");
    assert_problem(text, 1, "more than 1000000 settings and values");
    free(text);

    char many[LITERAL_GROUP_MAX * 12] = "";
    size_t n = 0;
    for (unsigned i = 0; i <= LITERAL_GROUP_MAX; i++)
        n += (size_t)snprintf(many + n, sizeof(many) - n, "n%u=1;", i);
    assert_problem(many, 1, "more than 256 settings in one group");
}

static unsigned random_below(uint32_t *seed, unsigned n)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 16) % n;
}

/* What passes here must pass libconfig: else its bare message would be all there is. */
static void test_agrees_with_libconfig(void **state)
{
    (void)state;
    static const char *const words[] = {
        "a",      "b",        "=",         ":",     "{",    "}",     "(",     ")",    "[",
        "]",      ",",        ";",         "1",     "2L",   "0x1",   "1.5",   ".",    "-",
        "\"s\"",  "\"\\\"\"", "\n",        "# c\n", "true", "FALSE", "/*c*/", "a = ", "b = 1;",
        "{ a = ", "( 1, ",    "c = [ 1 ]", "1e5",   "@",    "\\",    "\"",
    };
    uint32_t seed = 1;
    unsigned passed = 0;
    for (unsigned i = 0; i < 200000; i++) {
        char text[160] = "";
        unsigned n = 1 + random_below(&seed, 9);
        for (unsigned j = 0; j < n; j++) {
            strcat(text, words[random_below(&seed, ARRAY_SIZE(words))]);
            strcat(text, random_below(&seed, 4) > 0 ? " " : "");
        }
        struct literal_report report;
        int r = check(text, &report);
        assert_true(r == 0 || (r == -EINVAL && report.problem));
        literal_report_done(&report);
        if (r < 0)
            continue;
        config_t config;
        config_init(&config);
        strcat(text, "\n");
        if (config_read_string(&config, text) != CONFIG_TRUE)
            fail_msg("libconfig refuses: %s", text);
        config_destroy(&config);
        passed++;
    }
    assert_true(passed > 1000);
}

static void test_bytes_of_any_kind(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (unsigned i = 0; i < 20000; i++) {
        char text[64];
        size_t n = random_below(&seed, sizeof(text));
        for (size_t j = 0; j < n; j++)
            text[j] = (char)(1 + random_below(&seed, 255));
        text[n] = '\0';
        struct literal_report report = { 0 };
        int r = literal_check(text, n, &report);
        assert_true(r == 0 || r == -EINVAL);
        literal_report_done(&report);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_long_text_is_cut),
        cmocka_unit_test(test_grammar),
        cmocka_unit_test(test_first_of_twins),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_agrees_with_libconfig),
        cmocka_unit_test(test_bytes_of_any_kind),
    };
    return cmocka_run_group_tests_name("config/literal", tests, NULL, NULL);
}
