/* Values in the data field of a record: integers (type B), BCD (type A) and reals (type H)
 * (mbus-records 3.1, 4.1, 4.2, 4.7). */
#ifndef MBUS_VALUE_H
#define MBUS_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "mbus/dif.h"

struct value {
    int64_t integer; /* for all data fields but DATA_FIELD_REAL32 */
    float real;      /* for DATA_FIELD_REAL32 */
};

/*
 * The whole numbers that a data field can carry. The most negative integer is left out, since it
 * means "no value" (type B); a negative BCD number gives its first digit to the sign (type A).
 * False for fields that carry no whole number.
 */
bool value_range(enum data_field field, int64_t *ret_min, int64_t *ret_max);

/* Writes the value at the width of the field; an integer must be within value_range(). */
void value_encode(enum data_field field, const struct value *value, struct writer *w);

#endif
