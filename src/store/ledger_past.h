/* What an earlier process left in its ledger: read once, whole or damaged, and given to meters. */
#ifndef STORE_LEDGER_PAST_H
#define STORE_LEDGER_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/ledger.h"
#include "store/ledger_layout.h"

enum ledger_verdict {
    LEDGER_NONE, /* no file, or the state was saved at the end */
    LEDGER_GOOD,
    LEDGER_DAMAGED,       /* header or size: nothing of it can be used */
    LEDGER_SOME_DAMAGED,  /* `n_damaged` slots; the others are good */
    LEDGER_OTHER_VERSION, /* whole, as far as can be told */
    LEDGER_OTHER_STATE, /* it goes with another state directory, or an earlier start of the machine
                         */
};

/* The newest good copy of a slot. */
struct ledger_entry {
    uint64_t key;
    uint64_t words[LEDGER_WORDS];
};

struct ledger_past {
    enum ledger_verdict verdict;
    struct ledger_entry *entries; /* sorted by key */
    size_t n, n_damaged;
};

/* Reads the file that is there. 0, *ret->verdict saying what was found, or a negative errno: it
 * cannot be read. ledger_past_done(). */
int ledger_past_read(const struct ledger *ledger, struct ledger_past *ret);

/* The same from its bytes, which go with the state of this key. 0 or -ENOMEM. */
int ledger_past_parse(const void *bytes, size_t n, uint64_t state, struct ledger_past *ret);

/*
 * Gives a meter, which has been restored from the state, what the ledger knows of it: that is
 * newer, or the same. If the meter has begun to work more often by the state than by the ledger,
 * then somebody went on without a ledger, and the state is the newer. True if it was given
 * anything.
 */
bool ledger_past_restore(const struct ledger_past *past, struct meter *meter);

/* Accepts what is zeroed. */
void ledger_past_done(struct ledger_past *past);

#endif
