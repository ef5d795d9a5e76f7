#include "mbus/datetime.h"

int64_t datetime_day(int year, int month, int day)
{
    /* Years begin in March, so that the leap day is the last of them. */
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = y / 400, of_era = y % 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool datetime_is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* time_check() has been here: what is left is what is not said. */
static bool set_date(enum time_kind kind, const struct time_point *t, struct datetime *ret)
{
    int year = time_year(kind, t);

    if (year < 0 || t->month == 0 || t->month == TIME_EVERY_MONTH || t->day == 0)
        return false;
    ret->has_date = true;
    ret->day = datetime_day(year, t->month, t->day);
    return true;
}

static bool set_time(const struct time_point *t, struct datetime *ret)
{
    if (t->hour == TIME_EVERY_HOUR || t->minute == TIME_EVERY_MINUTE ||
        t->second == TIME_EVERY_MINUTE)
        return false;
    ret->has_time = true;
    ret->second = (t->hour * 60 + t->minute) * 60 + t->second;
    return true;
}

bool datetime_of(enum time_kind kind, const struct time_point *time, struct datetime *ret)
{
    *ret = (struct datetime){ 0 };
    if (time_check(kind, time) != TIME_GOOD || (kind == TIME_OF_DAY && time->reserved != 0))
        return false;
    return (kind == TIME_OF_DAY || set_date(kind, time, ret)) &&
           (kind == TIME_DATE || set_time(time, ret));
}

bool datetime_read(const uint8_t *bytes, size_t n, struct datetime *ret)
{
    struct time_point time;
    enum time_kind kind;

    if (!time_kind_of(n, &kind))
        return false;
    time_decode(kind, bytes, &time);
    return datetime_of(kind, &time, ret);
}
