#include "tests/unit/config/support.h"

#include "config/duration.h"

static void test_good(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        usec_t usec;
    } rows[] = {
        { "0 s", 0 },
        { "500 ms", 500000 },
        { "500ms", 500000 },
        { "10   s", 10000000 },
        { "15 min", 900000000 },
        { "1 h", 3600000000 },
        { "2 d", 172800000000 },
        { "007 s", 7000000 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        usec_t usec;
        assert_true(duration_parse(rows[i].text, &usec));
        assert_int_equal(usec, rows[i].usec);
    }
}

static void test_bad(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "s",
        "5",
        "5 us",
        "5 S",
        "-5 s",
        "+5 s",
        " 5 s",
        "5 s ",
        "1.5 s",
        "5 m",
        "5\ts",
        "99999999999999999999 ms",
        "18446744073709551615 s",
        "1 h 5 min",
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        usec_t usec;
        assert_false(duration_parse(texts[i], &usec));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_good), cmocka_unit_test(test_bad) };
    return cmocka_run_group_tests_name("config/duration", tests, NULL, NULL);
}
