/* Dates and times as people write them: "2024-05-17", "12:34:56", "2024-05-17 12:34". */
#ifndef CONFIG_MOMENT_H
#define CONFIG_MOMENT_H

#include "mbus/time_point.h"

enum moment_verdict {
    MOMENT_OK,
    MOMENT_NO_FORM,    /* not of moment_form() */
    MOMENT_NO_YEAR,    /* not of moment_years() */
    MOMENT_IMPOSSIBLE, /* in no calendar, on no clock */
};

/*
 * Reads a moment in the form of its kind. "*" stands for every, in each part; " summer" behind says
 * that summer time is in force. The type to the second also gets its weekday, week and leap year,
 * which the date says (mbus-records 4.5).
 */
enum moment_verdict moment_parse(const char *text, enum time_kind kind, struct time_point *ret);

/* "YYYY-MM-DD HH:MM": how a kind is written. */
const char *moment_form(enum time_kind kind);

/* The years that a kind can say so that every master reads them (mbus-records 4.3, 4.4). */
void moment_years(enum time_kind kind, int *ret_first, int *ret_last);

#endif
