/* The meters of the configuration at work: they keep what they are over a reload. */
#ifndef DAEMON_METERS_H
#define DAEMON_METERS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "meter/meter.h"

struct meters {
    struct meter **items; /* in the order of the configuration; none moves while it lives */
    size_t n;
};

/* Makes the meters of a configuration, which must outlive them. 0 or -ENOMEM; `ret` is set on
 * success. */
int meters_new(const struct config *config, struct meters *ret);

/*
 * The meters of another configuration: those of the same name are the ones in `old`, which is left
 * without them; those that are new or read otherwise now are as their definition says, and fresh. 0
 * or -ENOMEM, and then nothing has changed. `ret_changed` says whether any of them reads or is
 * addressed otherwise.
 */
int meters_reload(struct meters *old, const struct config *config, struct meters *ret,
                  bool *ret_changed);

/* How many meters live on a port, and the i-th of them. */
size_t meters_count_on(const struct port_config *port, const struct meters *meters);
struct meter *meters_on(const struct port_config *port, const struct meters *meters, size_t i);

/* Frees them; accepts none. */
void meters_done(struct meters *meters);

#endif
