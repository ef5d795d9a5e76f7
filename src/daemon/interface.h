/* What D-Bus (control/) sees of the daemon. */
#ifndef DAEMON_INTERFACE_H
#define DAEMON_INTERFACE_H

#include "daemon/daemon.h"

/* Begins to serve D-Bus; without memory for it the daemon goes on without, and the log says so. */
void interface_start(struct daemon *d);

/* The configuration and the meters are others now; the old configuration is still there. */
void interface_reload(struct daemon *d, const struct config *config);

/* Ports have opened, closed, or go on at other rates. */
void interface_ports_changed(struct daemon *d);

/* Masters have written to a meter, or to all (NULL). */
void interface_written(struct daemon *d, const struct meter *meter);

void interface_stop(struct daemon *d);

#endif
