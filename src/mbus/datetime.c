#include "mbus/datetime.h"

#define INVALID 0x80U
#define OLD_YEARS 80 /* up to here, years without a century are after 2000 (mbus-records 4.3) */

int64_t datetime_day(int year, int month, int day)
{
    /* Years begin in March, so that the leap day is the last of them. */
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = y / 400, of_era = y % 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool set_date(int year, int month, int day, struct datetime *ret)
{
    static const int8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (month < 1 || month > 12 || day < 1)
        return false;
    if (day > lengths[month - 1] + (month == 2 && is_leap(year)))
        return false;
    ret->has_date = true;
    ret->day = datetime_day(year, month, day);
    return true;
}

static bool set_time(int hour, int minute, int second, struct datetime *ret)
{
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    ret->has_time = true;
    ret->second = (hour * 60 + minute) * 60 + second;
    return true;
}

/* The two bytes of type G, which F and I have too. `century`: years after 1900, where 0 is what old
 * meters send and G always; -1: always after 2000, as in I. */
static bool read_date(const uint8_t *at, int century, struct datetime *ret)
{
    int year = at[0] >> 5 | (at[1] >> 4) << 3;

    if (year > 99)
        return false;
    if (century < 0 || (century == 0 && year <= OLD_YEARS))
        century = 100;
    return set_date(1900 + century + year, at[1] & 0x0F, at[0] & 0x1F, ret);
}

static bool read_f(const uint8_t *at, struct datetime *ret)
{
    return !(at[0] & INVALID) && set_time(at[1] & 0x1F, at[0] & 0x3F, 0, ret) &&
           read_date(at + 2, 100 * (at[1] >> 5 & 3), ret);
}

static bool read_i(const uint8_t *at, struct datetime *ret)
{
    return !(at[1] & INVALID) && set_time(at[2] & 0x1F, at[1] & 0x3F, at[0] & 0x3F, ret) &&
           read_date(at + 3, -1, ret);
}

bool datetime_read(const uint8_t *bytes, size_t n, struct datetime *ret)
{
    *ret = (struct datetime){ 0 };
    switch (n) {
    case 2:
        return read_date(bytes, 0, ret);
    case 3:
        return set_time(bytes[2], bytes[1], bytes[0], ret);
    case 4:
        return read_f(bytes, ret);
    case 6:
        return read_i(bytes, ret);
    default:
        return false;
    }
}
