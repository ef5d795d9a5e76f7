/* What a master has written, as a program reads it. */
#ifndef SOURCE_WRITTEN_TEXT_H
#define SOURCE_WRITTEN_TEXT_H

#include <stddef.h>

#include "meter/meter.h"
#include "source/number_text.h"

/* The value of a record: a number in its unit, or a date or time as the configuration would have it
 * written. */
void written_text(const struct meter *meter, size_t record, char ret[static NUMBER_TEXT_MAX]);

#endif
