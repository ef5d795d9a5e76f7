/* A meter gets another definition, as its configuration was edited. */
#ifndef METER_REDEFINE_H
#define METER_REDEFINE_H

#include "meter/meter.h"

/*
 * Goes on by another definition, with cells of its size (as for meter_init(); the old ones are not
 * looked at any more). It shows what the definition says; access number, generation, alarms and
 * what was delayed go on.
 */
void meter_redefine(struct meter *meter, const struct meter_def *def, struct meter_cell *cells);

#endif
