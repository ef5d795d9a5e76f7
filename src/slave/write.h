/* What a master writes: the records behind CI 51 (mbus-protocol 13). */
#ifndef SLAVE_WRITE_H
#define SLAVE_WRITE_H

#include "mbus/application_error.h"
#include "slave/slave.h"

/*
 * Carries out the records on a draft of the meter, all or none: on an error the caller abandons the
 * draft. A new selection for readout is in force at once, or with the draft where there is one
 * (s->chosen). `alone`: no other meter gets the same frame.
 */
enum application_error write_records(struct slave *s, struct slave_meter *m, bool alone,
                                     const uint8_t *data, size_t n);

/* Carries out what was delayed (mbus-protocol 14.3) on a draft of the meter. */
void write_delayed(struct slave_meter *m);

#endif
