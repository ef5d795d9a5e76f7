/* Memory for what a bus remembers of its meters. */
#ifndef DAEMON_ROSTER_H
#define DAEMON_ROSTER_H

#include "config/config.h"
#include "daemon/meters.h"
#include "slave/slave.h"

/* A roster of the meters that live on a port, for slave_init() or slave_change_roster(). 0 or
 * -ENOMEM; `ret` is set on success; roster_free(). */
int roster_new(const struct port_config *port, const struct meters *meters,
               struct slave_roster *ret);

/* Accepts one that is zeroed. */
void roster_free(struct slave_roster *roster);

#endif
