/* Moments of the calendar: what a point in time (mbus/time_point.h) means to a clock. */
#ifndef MBUS_DATETIME_H
#define MBUS_DATETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mbus/time_point.h"

#define SECONDS_PER_DAY 86400

/* A day, a time of day, or both. */
struct datetime {
    bool has_date, has_time;
    int64_t day;    /* days since 1970-01-01 */
    int32_t second; /* of the day */
};

/* False for a point in time that is no moment: marked invalid, "every" or "not said" in one of its
 * parts, or a day that no calendar has. */
bool datetime_of(enum time_kind kind, const struct time_point *time, struct datetime *ret);

/* The same of the bytes of the wire, whose type their number says: G, J, F or I. */
bool datetime_read(const uint8_t *bytes, size_t n, struct datetime *ret);

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
int64_t datetime_day(int year, int month, int day);

bool datetime_is_leap(int year);

#endif
