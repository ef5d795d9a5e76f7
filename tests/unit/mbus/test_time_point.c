#include "tests/unit/test.h"

#include <string.h>

#include "mbus/time_point.h"

/* mbus-records 4.3 to 4.6. */
static const struct {
    enum time_kind kind;
    const char *bytes;
    struct time_point time;
    enum time_verdict verdict;
    int year;
} times[] = {
    { TIME_TO_MINUTE,
      "1E 2F 81 26",
      { .minute = 30, .hour = 15, .day = 1, .month = 6, .year = 20, .hundreds = 1 },
      TIME_GOOD,
      2020 },
    { TIME_TO_MINUTE,
      "1E AF 81 26",
      { .minute = 30, .hour = 15, .day = 1, .month = 6, .year = 20, .hundreds = 1, .summer = 1 },
      TIME_GOOD,
      2020 },
    { TIME_TO_MINUTE,
      "1E 0F 81 26",
      { .minute = 30, .hour = 15, .day = 1, .month = 6, .year = 20 },
      TIME_GOOD,
      2020 },
    { TIME_TO_MINUTE,
      "3B 37 FF 2C",
      { .minute = 59, .hour = 23, .day = 31, .month = 12, .year = 23, .hundreds = 1 },
      TIME_GOOD,
      2023 },
    { TIME_TO_MINUTE, "80 00 00 00", { .invalid = 1 }, TIME_INVALID, 2000 },
    { TIME_TO_MINUTE, "00 00 00 00", { .minute = 0 }, TIME_IMPOSSIBLE, 2000 },
    { TIME_TO_MINUTE, /* reserved bit set, every minute, hour, month, year */
      "7F 1F E0 FF",
      { .minute = 63, .hour = 31, .month = 15, .year = 127, .reserved = 1 },
      TIME_GOOD,
      -1 },
    { TIME_TO_MINUTE, /* 1985 without hundred-year bits */
      "00 00 A1 A1",
      { .day = 1, .month = 1, .year = 85 },
      TIME_GOOD,
      1985 },
    { TIME_TO_MINUTE, /* hundred-year bits 3 */
      "00 60 21 01",
      { .day = 1, .month = 1, .year = 1, .hundreds = 3 },
      TIME_GOOD,
      2201 },
    { TIME_TO_MINUTE, /* minute 61 */
      "3D 00 21 01",
      { .minute = 61, .day = 1, .month = 1, .year = 1 },
      TIME_IMPOSSIBLE,
      2001 },
    { TIME_TO_MINUTE, /* hour 24 */
      "00 18 21 01",
      { .hour = 24, .day = 1, .month = 1, .year = 1 },
      TIME_IMPOSSIBLE,
      2001 },
    { TIME_DATE, "81 26", { .day = 1, .month = 6, .year = 20 }, TIME_GOOD, 2020 },
    { TIME_DATE, "E1 37", { .day = 1, .month = 7, .year = 31 }, TIME_GOOD, 2031 },
    { TIME_DATE, "E1 FF", { .day = 1, .month = 15, .year = 127 }, TIME_GOOD, -1 },
    { TIME_DATE, "FF FC", { .day = 31, .month = 12, .year = 127 }, TIME_GOOD, -1 },
    { TIME_DATE, "FF FF", { .day = 31, .month = 15, .year = 127 }, TIME_INVALID, -1 },
    { TIME_DATE, "00 00", { .day = 0 }, TIME_IMPOSSIBLE, 2000 },
    { TIME_DATE, "9E 22", { .day = 30, .month = 2, .year = 20 }, TIME_IMPOSSIBLE, 2020 },
    { TIME_DATE, "9D 22", { .day = 29, .month = 2, .year = 20 }, TIME_GOOD, 2020 },
    { TIME_DATE, "81 2D", { .day = 1, .month = 13, .year = 20 }, TIME_IMPOSSIBLE, 2020 },
    { TIME_DATE, "BD 12", { .day = 29, .month = 2, .year = 13 }, TIME_IMPOSSIBLE, 2013 },
    { TIME_DATE, "9D 12", { .day = 29, .month = 2, .year = 12 }, TIME_GOOD, 2012 },
    { TIME_DATE, "FD F2", { .day = 29, .month = 2, .year = 127 }, TIME_GOOD, -1 },
    { TIME_TO_MINUTE, "00 20 1D 02", { .hundreds = 1, .day = 29, .month = 2 }, TIME_GOOD, 2000 },
    { TIME_TO_MINUTE,
      "00 40 1D 02",
      { .hundreds = 2, .day = 29, .month = 2 },
      TIME_IMPOSSIBLE,
      2100 },
    { TIME_DATE, "21 A1", { .day = 1, .month = 1, .year = 81 }, TIME_GOOD, 1981 },
    { TIME_DATE, "01 A1", { .day = 1, .month = 1, .year = 80 }, TIME_GOOD, 2080 },
    { TIME_DATE, "81 C1", { .day = 1, .month = 1, .year = 100 }, TIME_IMPOSSIBLE, 2000 },
    { TIME_TO_SECOND,
      "ED 5E 2F 81 26 57",
      { .second = 45,
        .minute = 30,
        .hour = 15,
        .day = 1,
        .month = 6,
        .year = 20,
        .summer = 1,
        .leap = 1,
        .deviation_plus = 1,
        .deviation = 1,
        .weekday = 1,
        .week = 23 },
      TIME_GOOD,
      2020 },
    { TIME_TO_SECOND,
      "2D 1E 0F 81 26 00",
      { .second = 45, .minute = 30, .hour = 15, .day = 1, .month = 6, .year = 20 },
      TIME_GOOD,
      2020 },
    { TIME_TO_SECOND, "00 80 00 00 00 00", { .invalid = 1 }, TIME_INVALID, 2000 },
    { TIME_TO_SECOND, "00 00 00 00 00 00", { .second = 0 }, TIME_GOOD, 2000 }, /* not said */
    { TIME_OF_DAY, "3B 30 0B", { .second = 59, .minute = 48, .hour = 11 }, TIME_GOOD, 2000 },
    { TIME_OF_DAY,
      "FF FF FF",
      { .second = 63, .minute = 63, .hour = 31, .reserved = 0x7F },
      TIME_INVALID,
      2000 },
    { TIME_OF_DAY, "00 3C 00", { .minute = 60 }, TIME_IMPOSSIBLE, 2000 },
};

static void times_are_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
        uint8_t bytes[8], again[8];
        struct writer w = writer_over(again, sizeof(again));
        struct time_point time;
        size_t n = test_hex(times[i].bytes, bytes, sizeof(bytes));

        assert_int_equal(time_size(times[i].kind), n);
        time_decode(times[i].kind, bytes, &time);
        assert_memory_equal(&time, &times[i].time, sizeof(time));
        assert_int_equal(time_check(times[i].kind, &time), times[i].verdict);
        assert_int_equal(time_year(times[i].kind, &time), times[i].year);
        time_encode(times[i].kind, &time, &w);
        assert_hex(again, w.n, times[i].bytes);
    }
}

/* Each single bit belongs to exactly one member: it comes back, alone. */
static void every_bit_comes_back(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < TIME_KINDS; kind++) {
        for (unsigned bit = 0; bit < 8 * time_size((enum time_kind)kind); bit++) {
            uint8_t bytes[8] = { 0 }, again[8] = { 0 };
            struct writer w = writer_over(again, sizeof(again));
            struct time_point time;

            bytes[bit / 8] = (uint8_t)(1U << bit % 8);
            time_decode((enum time_kind)kind, bytes, &time);
            time_encode((enum time_kind)kind, &time, &w);
            assert_memory_equal(bytes, again, sizeof(bytes));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_taken_apart),
        cmocka_unit_test(every_bit_comes_back),
    };

    return cmocka_run_group_tests_name("time point", tests, NULL, NULL);
}
