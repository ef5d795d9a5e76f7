#include "tests/unit/test.h"

#include <string.h>

#include "config/pattern.h"

static void test_good(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "x",
        "t=(-?[0-9]+)",
        "^[[:space:]]*([0-9.]+) kW$",
        "[0-9]{4}-[0-9]{2}",
        "a{1000}",
        "a{0}",
        "a{,5}",
        "a{3,}",
        "\\\\1",
        "\\.[0-9]",
        "(a|b)*",
        "[{]1001",
    };
    char why[128] = "";
    for (size_t i = 0; i < ARRAY_SIZE(patterns); i++)
        if (!pattern_check(patterns[i], why, sizeof(why)))
            fail_msg("%s %s", patterns[i], why);
}

static void test_bad(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *why;
    } rows[] = {
        { "(", "is no regular expression; Unmatched ( or \\(" },
        { "a\\", "is no regular expression; Trailing backslash" },
        { "a{1001}", "repeats too often; its counts in { } multiply to at most 1000" },
        { "((a{1,255}){1,255}){1,255}",
          "repeats too often; its counts in { } multiply to at most 1000" },
        { "a{,1001}", "repeats too often; its counts in { } multiply to at most 1000" },
        { "a{99999999999999999999}",
          "repeats too often; its counts in { } multiply to at most 1000" },
        { "(a)\\1", "refers back to a group; extended expressions without \"\\1\" to \"\\9\"" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char why[128] = "";
        assert_false(pattern_check(rows[i].pattern, why, sizeof(why)));
        assert_string_equal(why, rows[i].why);
    }
}

static void test_length(void **state)
{
    (void)state;
    char pattern[PATTERN_MAX + 2], why[128] = "";
    memset(pattern, '(', PATTERN_MAX / 2);
    memset(pattern + PATTERN_MAX / 2, ')', PATTERN_MAX / 2);
    pattern[PATTERN_MAX] = '\0';
    assert_true(pattern_check(pattern, why, sizeof(why)));
    pattern[PATTERN_MAX] = 'a';
    pattern[PATTERN_MAX + 1] = '\0';
    assert_false(pattern_check(pattern, why, sizeof(why)));
    assert_string_equal(why, "is longer than a pattern may be; 500 characters");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_length),
    };
    return cmocka_run_group_tests_name("config/pattern", tests, NULL, NULL);
}
