/* The live values of the daemon's meters: the sources, and who learns what of them. */
#ifndef DAEMON_VALUES_H
#define DAEMON_VALUES_H

#include "config/config.h"
#include "daemon/host.h"
#include "daemon/meters.h"
#include "source/source.h"

struct values {
    const struct host *host; /* not owned */
    struct sources *sources;
};

/* Begins the sources of a configuration for its meters, which are restored. 0 or a negative errno.
 */
int values_start(struct values *v, const struct host *host, const struct config *config,
                 const struct meters *meters);

/* Goes on with another configuration and its meters. 0, or -ENOMEM: then no source
 * is at work any more. */
int values_reload(struct values *v, const struct config *config, const struct meters *meters);

/* A master has written into a meter, or into some of all (NULL). */
void values_written(struct values *v, const struct meters *meters, struct meter *meter);

/* What masters had set of a meter is forgotten. */
void values_forgotten(struct values *v, struct meter *meter);

/* An answer of a meter has left, or a request was refused. */
void values_answered(struct values *v, struct meter *meter);

/* Ends them; accepts what never started (zeroed). */
void values_stop(struct values *v);

#endif
