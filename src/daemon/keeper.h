/* Keeps what a master has set: before it is acknowledged it is in the state directory; what takes
 * long, and the log, follow outside the answer's way. What changes by itself (numbers, tallies) is
 * in the ledger at once, and in the state directory within state.interval. */
#ifndef DAEMON_KEEPER_H
#define DAEMON_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

#include <systemd/sd-event.h>

#include "config/config.h"
#include "daemon/meters.h"
#include "store/ledger.h"
#include "store/state.h"

/* What is not kept since a save has failed. */
enum keeper_trouble {
    KEEPER_ALL_IS_KEPT,
    KEEPER_COUNTS_ARE_LOST,    /* if the process ended now */
    KEEPER_WRITES_ARE_REFUSED, /* and a master's write has failed too */
};

struct keeper {
    sd_event *event;             /* not owned */
    const struct meters *meters; /* not owned */
    char *directory;             /* as configured, or NULL */
    usec_t interval;             /* until what has changed is written, what failed tried again */
    struct state *state;
    struct ledger ledger;
    bool is_nowhere; /* there is no state directory, and nobody asked for it */
    int refusal; /* a negative errno: nothing can be kept, so nothing may be changed; 0: it can */
    struct worker *worker;
    struct state_rate *rates; /* of the serial ports */
    size_t n_rates;
    struct told *told; /* what the log knows of each meter */
    /* Why the newest save did not succeed, what that means, and what was said of it. */
    int failed, failed_told;
    enum keeper_trouble trouble, trouble_told;
    int unsynced_told;      /* why it could not be forced to the disk, as it was said */
    bool is_busy;           /* the meters say so by DFC */
    sd_event_source *after; /* what follows a save */
    sd_event_source *due;   /* the next save */
    bool is_due;            /* it has a time */
    /* What cannot be kept, or can again; NULL: nobody wants to know. */
    void (*changed)(void *userdata);
    void *userdata;
};

/*
 * Begins to keep the state of these meters and of the ports, as the configuration says, and gives
 * the meters what was kept of them: each has begun to work once more (tally.restarts). What is
 * found is logged. 0 or a negative errno; -ECANCELED: the log has said why.
 */
int keeper_start(struct keeper *k, sd_event *event, const struct config *config,
                 const struct meters *meters);

/* A reload is about to give meters other definitions, or end them: what they have now is noted. */
void keeper_before_reload(struct keeper *k);

/* Goes on with another configuration, whose meters are in the same struct by now. 0 or -ENOMEM, and
 * then nothing can be changed by masters any more. */
int keeper_reload(struct keeper *k, const struct config *config);

/*
 * Writes a meter's draft down, or those of all meters (NULL), which is only then in force. 0, or a
 * negative errno: it is not kept, and must not be acknowledged. Allocates nothing and waits for no
 * disk.
 */
int keeper_store(struct keeper *k, struct meter *writer);

/* A live record has another number: if it is kept, that is in the ledger when this returns, and in
 * the state directory within the interval. A few hundred instructions; allocates nothing. */
void keeper_number_changed(struct keeper *k, struct meter *meter, size_t record);

/* What changes between these two is kept as a whole, or not at all. */
void keeper_changes_begin(struct keeper *k);
void keeper_changes_end(struct keeper *k);

/* The same of a meter's tally or its access number. */
void keeper_tally_changed(struct keeper *k, struct meter *meter);

/* The rate at which a port begins: that which a master has set, or the configured one; 0: auto. */
unsigned keeper_rate(const struct keeper *k, const struct port_config *port);

/* A rate that a master has set is good. */
void keeper_rate_is_good(struct keeper *k, const struct port_config *port, unsigned baud);

/* Everything is on the disk when this returns. Accepts one that never started (zeroed). */
void keeper_stop(struct keeper *k);

#endif
