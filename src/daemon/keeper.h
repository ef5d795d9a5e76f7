/* Keeps what a master has set: before it is acknowledged it is in the state directory, and what
 * takes long follows outside the answer's way. */
#ifndef DAEMON_KEEPER_H
#define DAEMON_KEEPER_H

#include <stdbool.h>

#include <systemd/sd-event.h>

#include "config/config.h"
#include "daemon/meters.h"

struct keeper {
    sd_event *event;        /* not owned */
    struct meters *meters;  /* not owned */
    sd_event_source *after; /* what follows a store: the log */
};

/* Begins to keep the state of these meters, as the configuration says, and gives them what was kept
 * of them. What is found is logged. 0 or a negative errno; -ECANCELED: the log has said why. */
int keeper_start(struct keeper *k, sd_event *event, const struct config *config,
                 struct meters *meters);

/* Another configuration, whose meters are in the same place. */
int keeper_reload(struct keeper *k, const struct config *config);

/* Writes the drafts of all meters; what they read is only then theirs. 0, or a negative errno: it
 * is not kept, and must not be acknowledged. Allocates nothing and does not wait for a disk. */
int keeper_store(struct keeper *k);

/* The rate at which a port begins: that which a master has set, or the configured one. */
unsigned keeper_rate(struct keeper *k, const struct port_config *port);

/* A rate that a master has set is good. */
void keeper_rate_is_good(struct keeper *k, const struct port_config *port, unsigned baud);

/* Accepts one that never started (zeroed). */
void keeper_stop(struct keeper *k);

#endif
