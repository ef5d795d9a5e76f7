/*
 * What changes between two saves of the state, in a file that outlives the process but not the
 * machine: numbers of records that are kept, and of each meter its tally and its access number. It
 * is mapped into memory, so that a change costs no system call, and kill -9 loses none; a power cut
 * takes it away with $RUNTIME_DIRECTORY, and the state directory is what is left.
 *
 * At the start:    ledger_open(), ledger_past_read() (store/ledger_past.h), then ledger_build()
 * A change:        ledger_put_meter(), ledger_put_number()
 * At a reload:     ledger_past_read(), ledger_build() with the new meters
 * At the stop:     ledger_remove() once the state is saved, ledger_close()
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "meter/meter.h"

#define LEDGER_FILE "ledger"
#define LEDGER_FILE_NEW "ledger.new"
#define LEDGER_FILE_ASIDE "ledger.damaged"
#define LEDGER_LOCK "ledger.lock"

struct ledger_slot;
struct ledger_header;

/* LEDGER_CLOSED is one without a directory: all functions accept it, and do nothing. */
struct ledger {
    int directory;  /* -1: none */
    int lock;       /* nobody else has the directory's ledger as long as this is open */
    uint64_t state; /* ledger_key_of_path() of the state directory */

    struct ledger_header *header; /* mapped; NULL: there is none, or it could not be made */
    size_t size;
    uint64_t sequence;   /* of the newest change */
    bool is_changing;    /* it goes on: ledger_begin() */
    uint32_t *slots;     /* of all records, meter by meter: where its number goes */
    size_t *first;       /* of meter i: where its records begin in `slots` */
    uint32_t *own_slots; /* of meter i: where its tally goes */
};

#define LEDGER_CLOSED ((struct ledger){ .directory = -1, .lock = -1 })

/*
 * Takes the ledger in `directory`, which must be there, for the state that is kept in
 * `state_directory`. 0; -EBUSY when another process has it, or another negative errno: *ret is then
 * LEDGER_CLOSED. ledger_close().
 */
int ledger_open(const char *directory, const char *state_directory, struct ledger *ret);

/*
 * Makes a ledger of these meters with what they have now, in place of the one that is there.
 * meter->index must be each one's place in the array. 0, or a negative errno: then none is written
 * to any more, and one that was at work is gone.
 */
int ledger_build(struct ledger *ledger, struct meter *const *meters, size_t n_meters);

/* The tally or the access number of a meter has changed. No system call, no allocation. */
void ledger_put_meter(struct ledger *ledger, const struct meter *meter);

/* A record that keeps its number has this one. The same cost. */
void ledger_put_number(struct ledger *ledger, const struct meter *meter, size_t record,
                       const struct number *number);

/* What is put between these two counts as a whole: after kill -9 all of it is there, or nothing. */
void ledger_begin(struct ledger *ledger);
void ledger_commit(struct ledger *ledger);

/* The file that is there gets another name, so that somebody can look at it. 0 or a negative errno.
 */
int ledger_set_aside(const struct ledger *ledger);

/* The state has all that it says: there is none any more. */
void ledger_remove(struct ledger *ledger);

/* Lets go of it; the file stays, for the next ledger_past_read(). */
void ledger_close(struct ledger *ledger);

#endif
