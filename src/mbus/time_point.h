/* Dates and times in records: types F, G, I and J, to the last bit (mbus-records 4.3 to 4.6). */
#ifndef MBUS_TIME_POINT_H
#define MBUS_TIME_POINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum time_kind {
    TIME_DATE,      /* G: 2 bytes */
    TIME_OF_DAY,    /* J: 3 bytes */
    TIME_TO_MINUTE, /* F: 4 bytes */
    TIME_TO_SECOND, /* I: 6 bytes */
    TIME_KINDS,
};

/* The fields as they stand on the wire; a kind leaves those at 0 that it does not have. */
struct time_point {
    uint8_t second, minute; /* 63: every */
    uint8_t hour;           /* 31: every */
    uint8_t day;            /* 0: every, or not said */
    uint8_t month;          /* 15: every; 0 in TIME_TO_SECOND: not said */
    uint8_t year;           /* 0 to 99; 127: every, or not said */
    uint8_t hundreds;       /* hundred-year bits of TIME_TO_MINUTE */
    uint8_t invalid;        /* the bits from here on are 0 or 1 */
    uint8_t summer;
    uint8_t leap;
    uint8_t deviation_plus;
    uint8_t deviation; /* of summer time, 0 to 3 hours */
    uint8_t weekday;   /* 1 Monday to 7 Sunday; 0: not said */
    uint8_t week;      /* 1 to 53; 0: not said */
    uint8_t reserved;  /* what the standard has no meaning for, kept */
};

#define TIME_EVERY_MINUTE 63U /* and every second */
#define TIME_EVERY_HOUR 31U
#define TIME_EVERY_MONTH 15U
#define TIME_EVERY_YEAR 127U

enum time_verdict {
    TIME_GOOD,
    TIME_INVALID,    /* said to be none: the IV bit, or all bits set */
    TIME_IMPOSSIBLE, /* in no calendar: month 0, minute 61, 31 February, 29 February 2021 */
};

/* Bytes of a kind on the wire: 2, 3, 4 or 6. */
unsigned time_size(enum time_kind kind);

/* The kind that has so many bytes; false when none has. */
bool time_kind_of(size_t size, enum time_kind *ret);

/* Takes `time_size(kind)` bytes apart; every pattern of bits has a decoded form. */
void time_decode(enum time_kind kind, const uint8_t *bytes, struct time_point *ret);

/* Writes `time_size(kind)` bytes: what was decoded comes back bit by bit. */
void time_encode(enum time_kind kind, const struct time_point *time, struct writer *w);

enum time_verdict time_check(enum time_kind kind, const struct time_point *time);

/*
 * The year, 1900 to 2299; -1 for every year, or none said. Years without hundreds are 2000 to 2080
 * and 1981 to 1999 (mbus-records 4.3, 4.4); in TIME_TO_SECOND 2000 to 2099.
 */
int time_year(enum time_kind kind, const struct time_point *time);

#endif
