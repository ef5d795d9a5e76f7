/* Points in time as a master sends them: types F, G, I and J (mbus-records 4.3 to 4.6). */
#ifndef MBUS_DATETIME_H
#define MBUS_DATETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECONDS_PER_DAY 86400

/* A day, a time of day, or both. */
struct datetime {
    bool has_date, has_time;
    int64_t day;    /* days since 1970-01-01 */
    int32_t second; /* of the day */
};

/*
 * Reads one of the types by its size: 2 bytes are a date (G), 3 a time of day (J), 4 and 6 both
 * (F, I). False for a moment that is none: marked invalid, "every" or "not specified" in one of its
 * parts, or a day that no calendar has.
 */
bool datetime_read(const uint8_t *bytes, size_t n, struct datetime *ret);

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
int64_t datetime_day(int year, int month, int day);

#endif
