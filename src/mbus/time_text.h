/* Dates and times as people write them. */
#ifndef MBUS_TIME_TEXT_H
#define MBUS_TIME_TEXT_H

#include "mbus/time_point.h"

#define TIME_TEXT_MAX 24U

/* Writes "2024-05-17", "12:34:56", "2024-05-17 12:34" or "2024-05-17 12:34:56": the form of the
 * configuration. "*" stands for every, and for what is not said. Returns the length. */
size_t time_text(enum time_kind kind, const struct time_point *time,
                 char ret[static TIME_TEXT_MAX]);

#endif
