/* A change to a meter: made on a copy, checked as a whole, then taken over or dropped
 * (mbus-protocol 13.7). Memory is the meter's own; nothing is allocated. */
#ifndef METER_DRAFT_H
#define METER_DRAFT_H

#include "meter/meter.h"

/* Begins a change, meter->draft being a copy of what is now; goes on with one that was begun. */
void meter_draft_begin(struct meter *meter);

/* Record i of the draft has this value. */
void meter_draft_set_value(struct meter *meter, size_t i, const struct value *value);

/* The draft is in force: what was read before is out of date. */
void meter_draft_commit(struct meter *meter);

/* Nothing has happened. */
void meter_draft_abandon(struct meter *meter);

/*
 * Works out what the clock of the draft is set to, if it is: from then on meter->draft.clock_offset
 * holds. `local` is the system's local time, in seconds since 1970-01-01 as a clock on the wall
 * shows them. A date alone leaves the time of day as it was, and the other way round
 * (mbus-protocol 13.3).
 */
void meter_draft_set_clock(struct meter *meter, int64_t local);

#endif
