/* What a port needs of the daemon around it. */
#ifndef DAEMON_HOST_H
#define DAEMON_HOST_H

#include <systemd/sd-event.h>

#include "daemon/hat.h"
#include "daemon/keeper.h"
#include "daemon/meters.h"

struct host {
    sd_event *event;
    struct hat *hat;
    struct keeper *keeper;
    const struct meters *meters;

    /* A port has opened, or is gone. */
    void (*port_changed)(void *userdata);
    /* Whether the address of a meter's draft is free wherever the meter lives. */
    bool (*address_is_free)(void *userdata, const struct meter *meter);
    /* A master has changed meters through this bus; the others that serve them are to know. */
    void (*meters_moved)(void *userdata);
    void *userdata;
};

#endif
