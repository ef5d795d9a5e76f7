/* What a port needs of the daemon around it. */
#ifndef DAEMON_HOST_H
#define DAEMON_HOST_H

#include <systemd/sd-event.h>

#include "control/control.h"
#include "daemon/hat.h"
#include "daemon/keeper.h"
#include "daemon/meters.h"

struct host {
    sd_event *event;
    struct hat *hat;
    struct keeper *keeper;
    const struct meters *meters;
    struct control *control; /* NULL: there is none yet, or any more */

    /* A port has opened, or is gone. */
    void (*port_changed)(void *userdata);
    /* A bus goes on at another rate. */
    void (*rate_changed)(void *userdata);
    /* Whether the address of a meter's draft is free wherever the meter lives. */
    bool (*address_is_free)(void *userdata, const struct meter *meter);
    /* A master has changed meters through this bus; the others that serve them are to know. */
    void (*meters_moved)(void *userdata);
    /* The tally of a meter has changed; an answer of it may be about to leave. */
    void (*meter_tallied)(void *userdata, struct meter *meter);
    /* An answer of it has left, or a request was refused: its records of that are out of date. */
    void (*meter_answered)(void *userdata, struct meter *meter);
    /* A master has written into this meter, or some of all (NULL); nobody waits for us now. */
    void (*meter_written)(void *userdata, struct meter *meter);
    void *userdata;
};

#endif
