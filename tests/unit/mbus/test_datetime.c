#include "tests/unit/test.h"

#include "mbus/datetime.h"

/* A moment as people write it. */
struct moment {
    int year, month, day;     /* month 0: no date */
    int hour, minute, second; /* hour -1: no time of day */
};

#define NO_TIME -1, 0, 0
#define NO_DATE 0, 0, 0

/* mbus-records 4.3 to 4.6 and mbus-protocol 13.3: the worked values. */
static const struct {
    const char *bytes;
    struct moment moment;
} worked[] = {
    { "1E 2F 81 26", { 2020, 6, 1, 15, 30, 0 } },   /* F, hundred-year 1 */
    { "1E AF 81 26", { 2020, 6, 1, 15, 30, 0 } },   /* summer time is in force, and local anyway */
    { "1E 0F 81 26", { 2020, 6, 1, 15, 30, 0 } },   /* hundred-year 0 */
    { "3B 37 FF 2C", { 2023, 12, 31, 23, 59, 0 } }, /* winter */
    { "22 0C 11 35", { 2024, 5, 17, 12, 34, 0 } },  /* mbus-protocol 13.3 */
    { "81 26", { 2020, 6, 1, NO_TIME } },           /* G */
    { "E1 37", { 2031, 7, 1, NO_TIME } },
    { "ED 5E 2F 81 26 57", { 2020, 6, 1, 15, 30, 45 } }, /* I, with all it may say */
    { "2D 1E 0F 81 26 00", { 2020, 6, 1, 15, 30, 45 } }, /* and plain */
    { "3B 30 0B", { NO_DATE, 11, 48, 59 } },             /* J */
    { "00 00 00", { NO_DATE, 0, 0, 0 } },
    { "3B 3B 17", { NO_DATE, 23, 59, 59 } },
};

static void expect(const struct datetime *d, const struct moment *m)
{
    assert_int_equal(d->has_date, m->month != 0);
    assert_int_equal(d->has_time, m->hour >= 0);
    if (m->month != 0)
        assert_int_equal(d->day, datetime_day(m->year, m->month, m->day));
    if (m->hour >= 0)
        assert_int_equal(d->second, m->hour * 3600 + m->minute * 60 + m->second);
}

static void worked_moments(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(worked); i++) {
        struct datetime d;
        uint8_t bytes[8];
        size_t n = test_hex(worked[i].bytes, bytes, sizeof(bytes));

        assert_true(datetime_read(bytes, n, &d));
        expect(&d, &worked[i].moment);
    }
}

/* mbus-protocol 13.3 and mbus-records 4: marked invalid, "every", "not specified", or no moment. */
static const char *const refused[] = {
    "80 00 00 00", /* F: the worked invalid one */
    "9E 2F 81 26", /* IV with a good moment */
    "3F 2F 81 26", /* every minute */
    "3C 2F 81 26", /* minute 60 */
    "1E 3F 81 26", /* every hour */
    "1E 38 81 26", /* hour 24 */
    "1E 2F 80 26", /* every day */
    "1E 2F 81 2F", /* every month */
    "1E 2F 81 20", /* month 0 */
    "1E 2F 81 2D", /* month 13 */
    "1E 2F E1 F6", /* every year */
    "1E 2F 81 C6", /* year 100 */
    "1E 2F 9F 26", /* 31 June */
    "FF FF",       /* G: invalid */
    "80 26",       /* every day */
    "81 2F",       /* every month */
    "81 20",       /* month 0 */
    "E1 F7",       /* every year */
    "E1 FF",       /* 1st of every month of every year */
    "FF FC",       /* 31 December of every year */
    "FF FF FF",    /* J: invalid */
    "3F 30 0B",    /* every second */
    "3B 3F 0B",    /* every minute */
    "3B 30 1F",    /* every hour */
    "3C 30 0B",    /* second 60 */
    "3B 3C 0B",    /* minute 60 */
    "3B 30 18",    /* hour 24 */
    "7B 30 0B",    /* a bit that is reserved */
    "3B 70 0B",
    "3B 30 2B",
    "2D 9E 0F 81 26 00", /* I: IV */
    "3F 1E 0F 81 26 00", /* every second */
    "3C 1E 0F 81 26 00", /* second 60 */
    "2D 3F 0F 81 26 00", /* every minute */
    "2D 1E 1F 81 26 00", /* every hour */
    "2D 1E 0F 80 26 00", /* day not specified */
    "2D 1E 0F 81 20 00", /* month not specified */
    "2D 1E 0F E1 F6 00", /* year not specified */
    "",                  /* no type has this size */
    "01",
    "1E 2F 81 26 00",
    "2D 1E 0F 81 26 00 00",
    "2D 1E 0F 81 26 00 00 00",
};

static void no_moment(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        struct datetime d;
        uint8_t bytes[8];
        size_t n = test_hex(refused[i], bytes, sizeof(bytes));

        assert_false(datetime_read(bytes, n, &d));
    }
}

/* ---- the calendar ---- */

static bool leaps(int year)
{
    if (year % 400 == 0)
        return true;
    return year % 4 == 0 && year % 100 != 0;
}

static int length_of(int year, int month)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return month == 2 && leaps(year) ? 29 : lengths[month - 1];
}

/* The two bytes that types F, G and I share. */
static void put_date(uint8_t *at, int year_of_century, int month, int day)
{
    at[0] = (uint8_t)((year_of_century & 7) << 5 | day);
    at[1] = (uint8_t)(year_of_century >> 3 << 4 | month);
}

/* A date reads as this day in each type that can say it. */
static void expect_day(int year, int month, int day, int64_t number)
{
    uint8_t f[4] = { 0 }, g[2], i[6] = { 0 };
    struct datetime d;

    put_date(g, year % 100, month, day);
    put_date(f + 2, year % 100, month, day);
    put_date(i + 3, year % 100, month, day);
    f[1] = (uint8_t)((year - 1900) / 100 << 5);
    if (year >= 1981) {
        assert_true(datetime_read(f, sizeof(f), &d));
        assert_true(d.day == number);
    }
    if (year >= 1981 && year <= 2080) {
        assert_true(datetime_read(g, sizeof(g), &d));
        assert_true(d.day == number);
        assert_false(d.has_time);
    }
    if (year >= 2000 && year <= 2099) {
        assert_true(datetime_read(i, sizeof(i), &d));
        assert_true(d.day == number);
    }
}

/* Every day from the epoch to the end of what type F can say, leap years included: 2000 is one,
 * 2100 and 2200 are none. The century by mbus-records 4.3 to 4.5: F has two bits for it, and
 * without them, as in G, 81 to 99 are before 2000; I is always after. */
static void every_day(void **state)
{
    int64_t number = 0;

    (void)state;
    for (int year = 1970; year < 2300; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= length_of(year, month); day++) {
                assert_true(datetime_day(year, month, day) == number);
                expect_day(year, month, day, number++);
            }
        }
    }
    assert_true(datetime_day(1969, 12, 31) == -1);
}

/* 13.3: an impossible date, in every month of every year. */
static void days_beyond_a_month(void **state)
{
    (void)state;
    for (int year = 2000; year < 2300; year++) {
        for (int month = 1; month <= 12; month++) {
            uint8_t f[4] = { 0, (uint8_t)((year - 1900) / 100 << 5) };
            struct datetime d;

            for (int day = length_of(year, month) + 1; day <= 31; day++) {
                put_date(f + 2, year % 100, month, day);
                assert_false(datetime_read(f, sizeof(f), &d));
            }
        }
    }
}

/* mbus-records 4.3 and 4.4: years without a century. */
static void years_without_a_century(void **state)
{
    (void)state;
    for (int y = 0; y <= 127; y++) {
        uint8_t f[4] = { 0 }, i[6] = { 0 };
        struct datetime d;
        int year = y <= 80 ? 2000 + y : 1900 + y;

        put_date(f + 2, y, 3, 1);
        assert_int_equal(datetime_read(f, 4, &d), y <= 99);
        assert_true(y > 99 || d.day == datetime_day(year, 3, 1));
        assert_int_equal(datetime_read(f + 2, 2, &d), y <= 99);
        assert_true(y > 99 || d.day == datetime_day(year, 3, 1));
        put_date(i + 3, y, 3, 1);
        assert_int_equal(datetime_read(i, 6, &d), y <= 99);
        assert_true(y > 99 || d.day == datetime_day(2000 + y, 3, 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_moments),
        cmocka_unit_test(no_moment),
        cmocka_unit_test(every_day),
        cmocka_unit_test(days_beyond_a_month),
        cmocka_unit_test(years_without_a_century),
    };

    return cmocka_run_group_tests_name("datetime", tests, NULL, NULL);
}
