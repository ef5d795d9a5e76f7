/* The running daemon: owns the loop, the configuration, the meters and the ports. */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include <stddef.h>

#include <systemd/sd-event.h>

#include "config/config.h"
#include "daemon/host.h"
#include "daemon/options.h"
#include "daemon/port.h"
#include "daemon/values.h"

struct daemon {
    sd_event *event;
    const struct options *options; /* not owned */
    struct config *config;
    struct meters meters;
    struct keeper keeper;
    struct hat hat;
    struct values values;
    struct host host;    /* what the ports see of us */
    struct port **ports; /* one for each port of the configuration, in its order */
    size_t n_ports;
};

/* Runs with a configuration, which it takes over, until a signal ends it. 0 or a negative errno;
 * -ECANCELED: the log has said why already. */
int daemon_run(const struct options *options, struct config *config);

/* Makes a port of this daemon. 0 or a negative errno. */
int daemon_add_port(struct daemon *d, const struct port_config *config, struct port **ret);

/* The level of the configuration, or that of --verbose. */
void daemon_set_log_level(const struct daemon *d);

/* Tells systemd that we are ready, and in one line what is open and what is not. */
void daemon_announce(struct daemon *d);

/* SIGHUP (reload.c): reads the file again and takes over what has changed; a bad file is reported
 * and changes nothing. */
void daemon_reload(struct daemon *d);

#endif
