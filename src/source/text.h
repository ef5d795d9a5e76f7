/* What a sensor or a program says becomes a number. */
#ifndef SOURCE_TEXT_H
#define SOURCE_TEXT_H

#include <stddef.h>

#include "config/config.h"

/* Bytes of a text; nobody need read more than one beyond. */
#define SOURCE_TEXT_MAX ((size_t)64 << 10)

/*
 * Finds the number in a text of n bytes, with a null behind them, and scales it. `.` of a pattern
 * matches no line end, and `^` and `$` are those of every line. What is found must be a number and
 * nothing else (meter/number.h); a whole one stays whole when scale and offset are whole.
 *
 * The pattern, which must be one that config/pattern.h takes, is compiled each time: that takes
 * microseconds, and a compiled one that is kept ten times the memory of all else of a record.
 *
 * 0, or -EINVAL and `why` (of n_why bytes) says what is wrong with the text, all of it printable.
 * A long text with a pattern such as "(.*)x" may take seconds: that is for a thread.
 */
int text_to_number(const struct text_config *config, const char *text, size_t n, struct number *ret,
                   char *why, size_t n_why);

#endif
