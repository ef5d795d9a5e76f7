/* The ledger of the keeper: where it is, what it gives back to meters, and what the log says of it.
 */
#ifndef DAEMON_LEDGERS_H
#define DAEMON_LEDGERS_H

#include "base/timing.h"
#include "daemon/meters.h"
#include "store/ledger.h"
#include "store/ledger_past.h"

/* Takes the one in the first folder of $RUNTIME_DIRECTORY. Without it `ret` is LEDGER_CLOSED; what
 * that means is said: kill -9 could lose what changed within `interval`. */
void ledgers_open(const char *state_directory, usec_t interval, struct ledger *ret);

/* Reads what an earlier process left; what is not good is set aside. 0 or -ENOMEM.
 * ledger_past_done(). */
int ledgers_read(const struct ledger *ledger, struct ledger_past *ret);

/* Makes a new one of what the meters have now. */
void ledgers_build(struct ledger *ledger, const struct meters *meters, usec_t interval);

/* Writes what all meters have. */
void ledgers_put_all(struct ledger *ledger, const struct meters *meters);

/* Writes the numbers that the draft of a meter has, or those of all that have one (NULL). */
void ledgers_put_drafts(struct ledger *ledger, const struct meters *meters,
                        const struct meter *writer);

#endif
