/* A meter gets another definition, as its configuration was edited. */
#ifndef METER_REDEFINE_H
#define METER_REDEFINE_H

#include "meter/meter.h"

/*
 * Goes on by another definition, with cells of its size (as for meter_init(); the old ones are not
 * looked at any more). What a master has set stays where the configured value is the same as
 * before; else the configuration wins. Access number, clock and alarms go on.
 */
void meter_redefine(struct meter *meter, const struct meter_def *def, struct meter_cell *cells);

/* Whether two records are the same in all that a stored value means: name, DIB, VIB and the
 * configured value. */
bool meter_record_is_same(const struct meter_record *a, const struct meter_record *b);

#endif
