/* Keeps what a master has set: before it is acknowledged it is in the state directory; what takes
 * long, and the log, follow outside the answer's way. */
#ifndef DAEMON_KEEPER_H
#define DAEMON_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

#include <systemd/sd-event.h>

#include "config/config.h"
#include "daemon/meters.h"
#include "store/state.h"

struct keeper {
    sd_event *event;             /* not owned */
    const struct meters *meters; /* not owned */
    char *directory;             /* as configured, or NULL */
    usec_t interval;             /* until what failed is tried again */
    struct state *state;
    int refusal; /* a negative errno: nothing can be kept, so nothing may be changed; 0: it can */
    struct worker *worker;
    struct state_rate *rates; /* of the serial ports */
    size_t n_rates;
    struct told *told;       /* what the log knows of each meter */
    int failed, failed_told; /* why the newest store did not succeed, and what was said of it */
    int unsynced_told;       /* the same of forcing it to the disk */
    bool is_busy;            /* the meters say so by DFC */
    sd_event_source *after;  /* what follows a store */
    sd_event_source *retry;
};

/*
 * Begins to keep the state of these meters and of the ports, as the configuration says, and gives
 * the meters what was kept of them. What is found is logged. 0 or a negative errno; -ECANCELED: the
 * log has said why.
 */
int keeper_start(struct keeper *k, sd_event *event, const struct config *config,
                 const struct meters *meters);

/* Goes on with another configuration, whose meters are in the same struct by now. 0 or -ENOMEM, and
 * then nothing can be changed by masters any more. */
int keeper_reload(struct keeper *k, const struct config *config);

/*
 * Writes a meter's draft down, or those of all meters (NULL), which is only then in force. 0, or a
 * negative errno: it is not kept, and must not be acknowledged. Allocates nothing and waits for no
 * disk.
 */
int keeper_store(struct keeper *k, struct meter *writer);

/* The rate at which a port begins: that which a master has set, or the configured one; 0: auto. */
unsigned keeper_rate(const struct keeper *k, const struct port_config *port);

/* A rate that a master has set is good. */
void keeper_rate_is_good(struct keeper *k, const struct port_config *port, unsigned baud);

/* Everything is on the disk when this returns. Accepts one that never started (zeroed). */
void keeper_stop(struct keeper *k);

#endif
