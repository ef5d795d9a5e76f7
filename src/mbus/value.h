/* Values in the data field of a record: integers (types B, C and D), BCD (type A), reals (type H),
 * and dates as their bits (mbus-records 3.1 and 4). */
#ifndef MBUS_VALUE_H
#define MBUS_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "mbus/dif.h"

/* What the bits of a binary field are. BCD and reals are what the field says (types A and H). */
enum value_coding {
    CODING_SIGNED,   /* type B */
    CODING_UNSIGNED, /* type C */
    CODING_BITS,     /* type D, and four bytes that nobody takes apart (type K) */
    CODING_TIME,     /* types F, G, I and J by the width of the field */
};

struct value {
    int64_t integer; /* for all data fields but DATA_FIELD_REAL32 */
    float real;      /* for DATA_FIELD_REAL32 */
};

/*
 * The whole numbers that a data field can carry. What means "no value" is left out: the most
 * negative integer of type B, all ones of type C. A negative BCD number gives its first digit to
 * the sign (type A). 64 bits without sign end where int64_t does: old masters read no more either.
 * False for fields that carry no whole number.
 */
bool value_range(enum data_field field, enum value_coding coding, int64_t *ret_min,
                 int64_t *ret_max);

/* Whether the bits of an integer that is CODING_TIME are a moment of the calendar, or say "every"
 * in one of its parts. */
bool value_is_time(enum data_field field, int64_t bits);

/* Writes the value at the width of the field; an integer must be within value_range(). */
void value_encode(enum data_field field, const struct value *value, struct writer *w);

#endif
