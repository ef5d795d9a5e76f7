#include "tests/unit/config/support.h"

#include "config/moment.h"

/* mbus-records 4.3 to 4.6, and what the calendar says of the dates there. */
static const struct {
    const char *text;
    enum time_kind kind;
    const char *bytes;
} good[] = {
    { "2020-06-01", TIME_DATE, "81 26" },
    { "2031-07-01", TIME_DATE, "E1 37" },
    { "*-*-01", TIME_DATE, "E1 FF" },
    { "*-12-31", TIME_DATE, "FF FC" },
    { "2000-02-29", TIME_DATE, "1D 02" },
    { "2080-12-31", TIME_DATE, "1F AC" },
    { "11:48:59", TIME_OF_DAY, "3B 30 0B" },
    { "*:00:00", TIME_OF_DAY, "00 00 1F" },
    { "2020-06-01 15:30", TIME_TO_MINUTE, "1E 2F 81 26" },
    { "2020-06-01 15:30 summer", TIME_TO_MINUTE, "1E AF 81 26" },
    { "2023-12-31 23:59", TIME_TO_MINUTE, "3B 37 FF 2C" },
    { "1999-12-31 23:59", TIME_TO_MINUTE, "3B 17 7F CC" },
    { "2120-01-01 00:00", TIME_TO_MINUTE, "00 40 81 21" },
    { "*-01-01 00:00", TIME_TO_MINUTE, "00 00 E1 F1" },
    /* The reference's Monday of week 23 in a leap year. */
    { "2020-06-01 15:30:45 summer", TIME_TO_SECOND, "ED 5E 2F 81 26 57" },
    { "2020-06-01 15:30", TIME_TO_SECOND, "80 1E 2F 81 26 17" },
    { "2021-01-03 00:00:00", TIME_TO_SECOND, "00 00 E0 A3 21 35" }, /* week 53 of 2020 */
    { "2024-12-30 00:00:00", TIME_TO_SECOND, "80 00 20 1E 3C 01" }, /* week 1 of 2025 */
    { "*-*-* *:*:*", TIME_TO_SECOND, "3F 3F 1F E0 F0 00" },
};

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        uint8_t bytes[8];
        struct writer w = writer_over(bytes, sizeof(bytes));
        struct time_point time;
        if (moment_parse(good[i].text, good[i].kind, &time) != MOMENT_OK)
            fail_msg("%s", good[i].text);
        time_encode(good[i].kind, &time, &w);
        assert_hex(bytes, w.n, good[i].bytes);
    }
}

static const struct {
    const char *text;
    enum time_kind kind;
    enum moment_verdict verdict;
} bad[] = {
    { "", TIME_DATE, MOMENT_NO_FORM },
    { "2020-6-1", TIME_DATE, MOMENT_NO_FORM },
    { "20-06-01", TIME_DATE, MOMENT_NO_FORM },
    { "2020-06-01 ", TIME_DATE, MOMENT_NO_FORM },
    { "2020-06-01 summer", TIME_DATE, MOMENT_NO_FORM },
    { "2020-06-01", TIME_TO_MINUTE, MOMENT_NO_FORM },
    { "2020-06-01T15:30", TIME_TO_MINUTE, MOMENT_NO_FORM },
    { "2020-06-01 15:30:45", TIME_TO_MINUTE, MOMENT_NO_FORM },
    { "2020-06-01 15:30 winter", TIME_TO_MINUTE, MOMENT_NO_FORM },
    { "15:30", TIME_OF_DAY, MOMENT_NO_FORM },
    { "15:30:45 summer", TIME_OF_DAY, MOMENT_NO_FORM },
    { "1999-12-31", TIME_DATE, MOMENT_NO_YEAR },
    { "0127-12-31", TIME_DATE, MOMENT_NO_YEAR },
    { "2081-01-01", TIME_DATE, MOMENT_NO_YEAR },
    { "1980-01-01 00:00", TIME_TO_MINUTE, MOMENT_NO_YEAR },
    { "2300-01-01 00:00", TIME_TO_MINUTE, MOMENT_NO_YEAR },
    { "2100-01-01 00:00:00", TIME_TO_SECOND, MOMENT_NO_YEAR },
    { "2021-02-29", TIME_DATE, MOMENT_IMPOSSIBLE },
    { "2100-02-29 00:00", TIME_TO_MINUTE, MOMENT_IMPOSSIBLE },
    { "2020-04-31", TIME_DATE, MOMENT_IMPOSSIBLE },
    { "2020-00-01", TIME_DATE, MOMENT_IMPOSSIBLE },
    { "2020-01-00", TIME_DATE, MOMENT_IMPOSSIBLE },
    { "2020-15-01", TIME_DATE, MOMENT_IMPOSSIBLE },
    { "2020-17-01", TIME_DATE, MOMENT_IMPOSSIBLE },
    { "*-17-01", TIME_DATE, MOMENT_IMPOSSIBLE },
    { "2020-01-99", TIME_DATE, MOMENT_IMPOSSIBLE },
    { "2020-06-01 24:00", TIME_TO_MINUTE, MOMENT_IMPOSSIBLE },
    { "2020-06-01 31:00", TIME_TO_MINUTE, MOMENT_IMPOSSIBLE },
    { "2020-06-01 15:63", TIME_TO_MINUTE, MOMENT_IMPOSSIBLE },
    { "23:59:60", TIME_OF_DAY, MOMENT_IMPOSSIBLE },
    { "23:59:63", TIME_OF_DAY, MOMENT_IMPOSSIBLE },
};

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct time_point time;
        if (moment_parse(bad[i].text, bad[i].kind, &time) != bad[i].verdict)
            fail_msg("%s", bad[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
    };
    return cmocka_run_group_tests_name("config/moment", tests, NULL, NULL);
}
