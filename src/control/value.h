/* What a record shows, as D-Bus has it. */
#ifndef CONTROL_VALUE_H
#define CONTROL_VALUE_H

#include <systemd/sd-bus.h>

#include "control/subject.h"

/* The longest record: DIB, VIB with its text, data. */
#define VALUE_WIRE_MAX 512U

/* Appends the value as a variant: a whole number (x) or a real one (d) in the unit of the record, a
 * text (s), a date as in the configuration (s), bytes as hex (s). Of a value that is not good it is
 * what it last was. 0 or a negative errno. */
int value_append(sd_bus_message *m, const struct subject *record);

/* Why the value is not good, "no_data_available"; "": it is. */
const char *value_error(const struct subject *record);

/* The record as it is on the wire now; returns its size. */
size_t value_wire(const struct subject *record, uint8_t bytes[static VALUE_WIRE_MAX]);

/* Appends the name of the quantity, and of the unit in which the value counts ("": it has none). */
int value_append_quantity(sd_bus_message *m, const struct subject *record);
int value_append_unit(sd_bus_message *m, const struct subject *record);

/* Reads a variant that holds a number of any type. 0; -EINVAL: it holds something else, or there is
 * none. */
int value_read(sd_bus_message *m, struct number *ret);

#endif
