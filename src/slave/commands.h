/* What a slave does for each function of the C field (mbus-protocol 5). */
#ifndef SLAVE_COMMANDS_H
#define SLAVE_COMMANDS_H

#include "mbus/frame.h"
#include "slave/slave.h"

/*
 * Carries out a good frame with PRM = 1 that is addressed to this slave (to its own address, 254 or
 * 255) and leaves the answer, if there is one, in s->pending. Returns SLAVE_ANSWER, SLAVE_SILENT or
 * SLAVE_UNKNOWN; the latter has changed nothing.
 */
enum slave_verdict commands_execute(struct slave *s, const struct frame *request, usec_t now);

#endif
