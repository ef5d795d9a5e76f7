/* A number as people write it becomes the count that a record carries. */
#ifndef METER_QUANTITY_H
#define METER_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "mbus/dif.h"
#include "mbus/value.h"

/* A number of a configuration: whole, or real. */
struct number {
    bool is_real;
    int64_t integer;
    double real;
};

/* How a number that people write becomes the count of a record. */
struct counting {
    int resolution; /* one count is 10^resolution of the unit */
    enum data_field field;
    enum value_coding coding;
    bool is_fraction; /* counts of 2^-12 (mbus-records 7) */
};

enum quantity_verdict {
    QUANTITY_OK,
    QUANTITY_NOT_FINITE,
    QUANTITY_TOO_SMALL, /* below what the data field can carry */
    QUANTITY_TOO_LARGE,
};

/*
 * number / 10^resolution as the value of a data field. Whole numbers are rounded half away from
 * zero; a real32 field takes the quotient as it is. Nothing wraps: what does not fit is said.
 */
enum quantity_verdict quantity_scale(const struct number *number, int resolution,
                                     enum data_field field, enum value_coding coding,
                                     struct value *ret);

/* The same for a number in the unit of a record. */
enum quantity_verdict quantity_count(const struct number *number, const struct counting *counting,
                                     struct value *ret);

/* The other way: the number, in the unit of the record, that a value stands for. */
struct number quantity_number(const struct value *value, const struct counting *counting);

#endif
