#include "tests/unit/config/support.h"

#include "config/latin1.h"

static void test_good(void **state)
{
    (void)state;
    static const struct {
        const char *text, *bytes;
    } rows[] = {
        { "", "" },
        { "WFH21", "57 46 48 32 31" },
        { "\x01\x7F", "01 7F" },
        { "Grüße", "47 72 FC DF 65" },
        { "\xC2\x80\xC3\xBF", "80 FF" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t bytes[8];
        const char *bad;
        size_t n_bad;
        int n = latin1_of(rows[i].text, bytes, sizeof(bytes), &bad, &n_bad);
        assert_true(n >= 0);
        assert_hex(bytes, (size_t)n, rows[i].bytes);
    }
}

/* The first character that is none, with all of its bytes. */
static void test_bad(void **state)
{
    (void)state;
    static const struct {
        const char *text, *bad;
    } rows[] = {
        { "5 €!", "€" },
        { "ĀB", "Ā" },
        { "a\U0001F600", "\U0001F600" },
        { "a\x80z", "\x80" },
        { "\xC3", "\xC3" },
        { "\xE2\x82 ", "\xE2\x82" },
        { "\xC0\x80", "\xC0\x80" },
        { "\xFF", "\xFF" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t bytes[8];
        const char *bad = NULL;
        size_t n_bad = 0;
        assert_int_equal(latin1_of(rows[i].text, bytes, sizeof(bytes), &bad, &n_bad), -1);
        assert_int_equal(n_bad, strlen(rows[i].bad));
        assert_memory_equal(bad, rows[i].bad, n_bad);
    }
}

static void test_what_has_no_room_is_counted(void **state)
{
    (void)state;
    uint8_t bytes[3] = { 0, 0, 9 };
    const char *bad;
    size_t n_bad;
    assert_int_equal(latin1_of("abcd", bytes, 2, &bad, &n_bad), 4);
    assert_hex(bytes, sizeof(bytes), "61 62 09");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_what_has_no_room_is_counted),
    };
    return cmocka_run_group_tests_name("config/latin1", tests, NULL, NULL);
}
