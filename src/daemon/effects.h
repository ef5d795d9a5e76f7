/* What the slave of a bus wants done: keeping what a master has written, changing the rate. */
#ifndef DAEMON_EFFECTS_H
#define DAEMON_EFFECTS_H

#include "daemon/bus.h"

/* The answer window and the gap of a port at a rate (mbus-protocol 4), with what its settings add.
 */
struct slave_timing bus_timing(const struct port_config *port, unsigned baud);

/* Does all that is wanted now: to be called after whatever the slave was told. */
void effects_carry_out(struct bus *bus);

/* When the slave, or a driver that still sends, is to be looked at again; USEC_NEVER: not by
 * itself. */
usec_t effects_deadline(const struct bus *bus);

/* What a master has written goes on to sources and commands, once its E5 has left. */
void effects_hand_on(struct bus *bus);

/* The same now: the bus ends, or its meters may. */
void effects_hand_on_at_once(struct bus *bus);

#endif
