/* No two meters of one bus share a primary address, 0 aside (mbus-protocol 6). */
#ifndef DAEMON_ADDRESSES_H
#define DAEMON_ADDRESSES_H

#include <stdbool.h>

#include "daemon/meters.h"

/* Whether the address of a meter's draft is free on every port where the meter lives. */
bool addresses_draft_is_free(const struct config *config, const struct meters *meters,
                             const struct meter *meter);

/*
 * After addresses that masters had set came back to meters of a configuration that was edited: whom
 * the file gives an address has it, and who had it from a master is told in the log and has that of
 * the file again.
 */
void addresses_settle(const struct config *config, const struct meters *meters);

#endif
