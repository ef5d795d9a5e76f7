/* What SND_UD does, by its CI field (mbus-protocol 8.1). */
#ifndef SLAVE_APPLICATION_H
#define SLAVE_APPLICATION_H

#include "mbus/application_error.h"
#include "slave/slave.h"

/* Whether the frame means this meter: one with a long header does so by the address in it. */
bool application_is_for(const struct frame *request, const struct slave_meter *m);

/*
 * Carries a SND_UD out for one meter, one that application_is_for(). What has to last is left in a
 * draft of the meter, which the caller commits or, on an error, abandons. `alone`: no other meter
 * gets the same frame.
 */
enum application_error application_execute(struct slave *s, struct slave_meter *m, bool alone,
                                           const struct frame *request);

#endif
