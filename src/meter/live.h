/* Values that come from outside while the meter is at work. They change nothing that a master has
 * set, and no stored telegram: a repeat repeats, and a sequence shows its snapshot. */
#ifndef METER_LIVE_H
#define METER_LIVE_H

#include "meter/meter.h"
#include "meter/quantity.h"

/*
 * Live record i has a new number, in its configured unit. A number that is none, or that the data
 * field cannot carry, makes the value not good: RECORD_ERROR_DATA, _OVERFLOW or _UNDERFLOW. Returns
 * the error, 0 when it is good.
 */
uint8_t meter_set_number(struct meter *meter, size_t i, const struct number *number);

/* Live record i shows this number, which all records can carry, in place of its own: that stays
 * what it was, for whoever keeps it. */
void meter_show_instead(struct meter *meter, size_t i, const struct number *number);

/* Live record i has a new value, as it is on the wire (a date, a time). */
void meter_set_value(struct meter *meter, size_t i, const struct value *value);

/* The value of record i is not good: why, RECORD_ERROR_...; what it last was stays beside it. */
void meter_set_error(struct meter *meter, size_t i, uint8_t error);

/* The number that a cell of a record shows, in its configured unit, good or not: that of its
 * source, or what its value stands for. The record must be one of numbers. */
struct number meter_cell_number(const struct meter_record *record, const struct meter_cell *cell);

/* The number of record i in its configured unit: that of its source, or what its value stands for.
 * False when it is not good, or no number (text, dates). */
bool meter_get_number(const struct meter *meter, size_t i, struct number *ret);

#endif
