#include "config/moment.h"

#include <string.h>

#include "mbus/datetime.h"

#define SUMMER " summer"
#define EVERY_YEAR 10000U  /* no four digits are that */
#define WEEKDAY_OF_DAY_0 3 /* 1970-01-01 was a Thursday, and Monday is 0 */

static const struct {
    const char *form;
    int first, last;
    bool has_date, has_time, has_second;
} kinds[TIME_KINDS] = {
    [TIME_DATE] = { "YYYY-MM-DD", 2000, 2080, true, false, false },
    [TIME_OF_DAY] = { "HH:MM:SS", 0, 0, false, true, true },
    [TIME_TO_MINUTE] = { "YYYY-MM-DD HH:MM", 1981, 2299, true, true, false },
    [TIME_TO_SECOND] = { "YYYY-MM-DD HH:MM:SS", 2000, 2099, true, true, true },
};

const char *moment_form(enum time_kind kind)
{
    return kinds[kind].form;
}

void moment_years(enum time_kind kind, int *ret_first, int *ret_last)
{
    *ret_first = kinds[kind].first;
    *ret_last = kinds[kind].last;
}

static bool take_char(const char **p, char c)
{
    if (**p != c)
        return false;
    ++*p;
    return true;
}

/* Exactly so many digits, or "*". */
static bool take_part(const char **p, unsigned n_digits, unsigned every, unsigned *ret)
{
    *ret = 0;
    if (take_char(p, '*')) {
        *ret = every;
        return true;
    }
    for (unsigned i = 0; i < n_digits; i++, ++*p) {
        if (**p < '0' || **p > '9')
            return false;
        *ret = 10 * *ret + (unsigned)(**p - '0');
    }
    return true;
}

static bool take_date(const char **p, enum time_kind kind, unsigned *ret_year,
                      struct time_point *ret)
{
    unsigned month, day;
    if (!take_part(p, 4, EVERY_YEAR, ret_year) || !take_char(p, '-') ||
        !take_part(p, 2, kind == TIME_TO_SECOND ? 0 : TIME_EVERY_MONTH, &month) ||
        !take_char(p, '-') || !take_part(p, 2, 0, &day))
        return false;
    ret->month = (uint8_t)month;
    ret->day = (uint8_t)day;
    return true;
}

static bool take_time(const char **p, enum time_kind kind, struct time_point *ret)
{
    unsigned hour, minute, second = 0;
    if (!take_part(p, 2, TIME_EVERY_HOUR, &hour) || !take_char(p, ':') ||
        !take_part(p, 2, TIME_EVERY_MINUTE, &minute))
        return false;
    if (kinds[kind].has_second && (kind == TIME_OF_DAY || **p == ':') &&
        (!take_char(p, ':') || !take_part(p, 2, TIME_EVERY_MINUTE, &second)))
        return false;
    ret->hour = (uint8_t)hour;
    ret->minute = (uint8_t)minute;
    ret->second = (uint8_t)second;
    return true;
}

static bool set_year(enum time_kind kind, unsigned year, struct time_point *ret)
{
    ret->year = TIME_EVERY_YEAR;
    if (year == EVERY_YEAR)
        return true;
    if ((int)year < kinds[kind].first || (int)year > kinds[kind].last)
        return false;
    ret->year = (uint8_t)(year % 100);
    if (kind == TIME_TO_MINUTE)
        ret->hundreds = (uint8_t)((year - 1900) / 100);
    return true;
}

/* The week of a day is that of its Thursday (ISO 8601). */
static void set_calendar(int year, const struct datetime *moment, struct time_point *ret)
{
    int weekday = (int)((moment->day + WEEKDAY_OF_DAY_0) % 7);
    int64_t thursday = moment->day - weekday + 3;
    if (thursday < datetime_day(year, 1, 1))
        year--;
    else if (thursday >= datetime_day(year + 1, 1, 1))
        year++;
    ret->weekday = (uint8_t)(weekday + 1);
    ret->week = (uint8_t)((thursday - datetime_day(year, 1, 1)) / 7 + 1);
}

static void set_summer(enum time_kind kind, struct time_point *ret)
{
    ret->summer = 1;
    if (kind == TIME_TO_SECOND)
        ret->deviation = ret->deviation_plus = 1;
}

/* Digits that mean "every" on the wire do not mean it here, and 29 February needs a leap year. */
static bool is_possible(enum time_kind kind, const char *text, const struct time_point *t)
{
    struct datetime moment;
    if (t->month > TIME_EVERY_MONTH || time_check(kind, t) != TIME_GOOD)
        return false;
    return strchr(text, '*') != NULL || datetime_of(kind, t, &moment);
}

enum moment_verdict moment_parse(const char *text, enum time_kind kind, struct time_point *ret)
{
    const char *p = text;
    struct datetime moment;
    unsigned year = 0;

    *ret = (struct time_point){ 0 };
    if (kinds[kind].has_date && !take_date(&p, kind, &year, ret))
        return MOMENT_NO_FORM;
    if (kinds[kind].has_date && kinds[kind].has_time && !take_char(&p, ' '))
        return MOMENT_NO_FORM;
    if (kinds[kind].has_time && !take_time(&p, kind, ret))
        return MOMENT_NO_FORM;
    if (kinds[kind].has_date && kinds[kind].has_time && strcmp(p, SUMMER) == 0) {
        set_summer(kind, ret);
        p += strlen(SUMMER);
    }
    if (*p != '\0')
        return MOMENT_NO_FORM;
    if (kinds[kind].has_date && !set_year(kind, year, ret))
        return MOMENT_NO_YEAR;
    if (!is_possible(kind, text, ret))
        return MOMENT_IMPOSSIBLE;
    if (kind == TIME_TO_SECOND && datetime_of(kind, ret, &moment)) {
        set_calendar((int)year, &moment, ret);
        ret->leap = datetime_is_leap((int)year);
    }
    return MOMENT_OK;
}
