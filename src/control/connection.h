/* The connection to the system bus and the name there: made when there is a bus, and again. */
#ifndef CONTROL_CONNECTION_H
#define CONTROL_CONNECTION_H

#include <stdbool.h>

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "base/timing.h"

/* What the log was told last of it. */
enum connection_told {
    TOLD_NOTHING,
    TOLD_HAS_NAME,
    TOLD_NO_BUS,
    TOLD_LOST,
    TOLD_REFUSED,
    TOLD_TAKEN,
};

struct connection {
    sd_event *event; /* not owned */
    char *name;      /* that we want */
    sd_bus *bus;     /* NULL between two tries */
    bool is_up;      /* the bus has answered, and is not gone */
    bool wants_name; /* it refused, and is to be asked again */
    usec_t pause;    /* before the next try */
    sd_event_source *timer;
    enum connection_told told;
    /* A new connection: adds all objects. 0 or a negative errno. */
    int (*opened)(void *userdata, sd_bus *bus);
    /* It is gone; its bus is closed behind this. May be called again. */
    void (*closed)(void *userdata);
    void *userdata;
};

/* Begins to look for the bus. `suffix` of the name may be NULL; `opened`, `closed` and `userdata`
 * are set by the caller. 0 or a negative errno. */
int connection_init(struct connection *connection, sd_event *event, const char *suffix);

/* Another suffix: leaves, and comes back under the other name. 0 or -ENOMEM. */
int connection_rename(struct connection *connection, const char *suffix);

/* Whether the bus reads what we send; false also without one. */
bool connection_takes_more(const struct connection *connection);

/* Leaves; accepts one that is zeroed. */
void connection_done(struct connection *connection);

#endif
