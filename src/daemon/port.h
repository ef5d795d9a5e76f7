/* A port of the configuration at work: opens, listens, retries, and owns its buses. */
#ifndef DAEMON_PORT_H
#define DAEMON_PORT_H

#include <stdbool.h>
#include <stddef.h>

#include <systemd/sd-event.h>

#include "config/config.h"
#include "daemon/bus.h"
#include "io/tcp.h"

struct client {
    struct bus bus;
    struct client *next;
};

struct port {
    const struct host *host;          /* not owned */
    const struct port_config *config; /* not owned */

    bool open;
    int error;      /* why it is not open: a negative errno */
    usec_t backoff; /* until the next try */
    sd_event_source *retry;
    bool uart_told; /* what is wrong with this UART was said */

    struct bus bus; /* serial, pty */

    struct tcp_listener listener; /* tcp */
    sd_event_source *accept[TCP_LISTENERS_MAX];
    struct client *clients;
    size_t n_clients;
    uint64_t refused;    /* clients, since it was last told */
    usec_t refusal_told; /* when that was */

    struct slave_counters past; /* of buses that are gone */
};

/* Makes a port and tries to open it; one that cannot be opened tries again by itself.
 * host->port_changed() is called at each later change of `open`. 0 or -ENOMEM. */
int port_new(const struct host *host, const struct port_config *config, struct port **ret);

/* Closes everything and says what the port counted; accepts NULL. */
struct port *port_free(struct port *port);

/* The same settings, at another place in memory. */
void port_rebase(struct port *port, const struct port_config *config);

/* Other meters may live on the port now (bus_meters_changed()). A bus that runs out of memory is
 * closed; a port that has no other opens again by itself. */
void port_meters_changed(struct port *port);

/* Calls `visit` for each bus of the port that is at work. */
void port_each_bus(struct port *port, void (*visit)(struct bus *bus));

/* What people and the journal call the port: its link or device, a pty without link by its name. */
const char *port_title(const struct port *port);

/* Why a port is not open, for people. */
const char *port_error_text(const struct port *port);

/* Fires the retry timer after a delay: opens a port that is closed, lets one accept again that
 * paused. */
void port_retry_in(struct port *port, usec_t delay);

/* What the port has counted since it was made. */
void port_count(const struct port *port, struct slave_counters *ret);

/* Logs what the port has counted. */
void port_log_counters(const struct port *port);

#endif
