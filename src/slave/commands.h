/* What a slave does for each function of the C field (mbus-protocol 5). */
#ifndef SLAVE_COMMANDS_H
#define SLAVE_COMMANDS_H

#include "mbus/frame.h"
#include "slave/slave.h"

/*
 * Carries out a good frame with PRM = 1 and leaves the answer, if there is one, in s->pending.
 * SLAVE_OTHER_ADDRESS and SLAVE_UNKNOWN have changed nothing.
 */
enum slave_verdict commands_execute(struct slave *s, const struct frame *request, usec_t now);

#endif
