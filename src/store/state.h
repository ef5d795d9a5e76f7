/*
 * What must survive a restart: the addresses, identifications, clocks and values that masters have
 * set, the records that they took out of readouts, the rates of ports; and what changes by itself:
 * numbers of live records that are kept, tallies, access numbers.
 *
 * At the start:    state_open(), state_restore() of every meter and port, state_reserve(),
 *                  state_save_now() (drops what the configuration has overruled)
 * A request:       meter->draft holds what it asks for; state_save(); if that is 0, the draft
 *                  becomes meter->now and the E5 leaves; then state_sync()
 * Now and then:    state_save_now(), state_sync()
 * At a reload:     state_note() while the meters are what they were, then as at the start, without
 *                  state_open(); what does not come to pass (the reload fails) needs no undoing
 *                  before state_reserve()
 * At the stop:     state_save_now(), worker_free(), state_flush(), state_close()
 *
 * What the file says of meters, records and ports that are not in the configuration, and lines that
 * a later version has written, stay in the file as they are. Without a directory all this works
 * too, for as long as the process lives.
 */
#ifndef STORE_STATE_H
#define STORE_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "meter/meter.h"
#include "store/directory.h"
#include "store/generations.h"
#include "store/notice.h"
#include "sys/worker.h"

struct state;

/* What state_open() found. */
struct state_verdict {
    enum directory_origin origin; /* DIRECTORY_NONE: nothing is kept, and nobody asked for it */
    char directory[PATH_MAX];     /* also after an error; "" without one */
    /* newer_version: nothing is kept, so that the later version finds all as it was. `current` and
     * `old` say what is damaged, and set aside as state.damaged and state.old.damaged. */
    struct generations_found found;
};

/* The rate of a port. The owner keeps `baud` at what a master has set and confirmed. */
struct state_rate {
    const char *device;  /* as configured */
    unsigned configured; /* 0: auto, of which nothing is kept */
    unsigned baud;
};

/*
 * Opens the state in `configured` (NULL: $STATE_DIRECTORY, else /var/lib/mbus-slave if it can be
 * written, else nothing is kept), locks the directory for the life of the process and reads what is
 * there. *ret is for state_close().
 *
 * 0, also when nothing is kept, when the file is damaged, and when it is of a newer version:
 * *ret_verdict says which. -EBUSY: another process has the directory; another negative errno: it
 * cannot be used. *ret_verdict is set in every case.
 */
int state_open(const char *configured, struct state **ret, struct state_verdict *ret_verdict);

/* Where it is kept; "": nowhere, in memory only. */
const char *state_directory(const struct state *state);

/* Accepts NULL. No state_sync() may be under way: worker_free() comes first. */
void state_close(struct state *state);

/*
 * Gives a meter, which is as its definition says, what was kept of it; `tell` (may be NULL) learns
 * what of masters' settings holds and what does not. 0 or -ENOMEM, and then the meter is untouched.
 */
int state_restore(struct state *state, struct meter *meter, state_tell *tell, void *userdata);

/* The same for a port: *ret_baud is the rate to begin with, set in either case. */
int state_restore_rate(struct state *state, const char *device, unsigned configured,
                       state_tell *tell, void *userdata, unsigned *ret_baud);

/*
 * Says what is saved from now on, and gets the memory that this takes at most. The arrays and what
 * they point to must stay until the next call; their meters have been restored. 0 or -ENOMEM, and
 * then all is as it was.
 */
int state_reserve(struct state *state, struct meter *const *meters, size_t n_meters,
                  const struct state_rate *rates, size_t n_rates);

/*
 * Writes down what the meters have now, or what they shall have where a draft is under way. When it
 * returns 0, that survives the end of this process, however sudden; a power failure only after
 * state_sync(). Allocates nothing, waits for no fsync(), and writes nothing when nothing changed.
 *
 * On a negative errno the file is what it was before, and the next call tries again.
 */
int state_save(struct state *state);

/* The same without drafts: what is in force. */
int state_save_now(struct state *state);

/* Notes what the meters have now for a state_restore() to come, without a look at the disk. 0, or a
 * negative errno as long as there is no set. */
int state_note(struct state *state);

/* Called in the loop when all that was saved by the time of state_sync() is on the disk (0), or is
 * not (negative errno; -ECANCELED: the worker ended). */
typedef void state_synced(void *userdata, int result);

/*
 * Lets a worker force to the disk what was saved. 1: under way, and `done` will be called; where an
 * earlier one is under way still, one `done` is called for both, the later one. 0: nothing to do.
 * A negative errno of worker_submit(); -EIO when an earlier one failed: save, which then writes
 * everything once more, and try again.
 */
int state_sync(struct state *state, struct worker *worker, state_synced *done, void *userdata);

/* The same here and now; blocks for as long as the disk takes. 0 or a negative errno. */
int state_flush(struct state *state);

/*
 * Drops what masters have set of a meter: address, identification, clock, values, readout. What it
 * has counted stays, and so do numbers of live records: a push may have been behind a master's
 * write. A meter that is at work is not touched: its owner makes it what the definition says, then
 * saves. The file changes with the next state_save(). 1; 0 when there was nothing; -ENOMEM.
 */
int state_forget(struct state *state, const char *meter);

#endif
