/* The daemon on D-Bus: an object for each port, meter and record, methods to read and to set. It
 * works without a bus and comes back with it; an answer on the M-Bus always goes first. */
#ifndef CONTROL_CONTROL_H
#define CONTROL_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include <systemd/sd-event.h>

#include "config/config.h"
#include "meter/meter.h"
#include "slave/slave.h"
#include "source/source.h"

struct control;

/* A port as it is now. */
struct control_port {
    const char *name; /* what people call it: its link or device */
    enum port_kind kind;
    bool is_open;
    const char *trouble; /* why it is not open; "": it is */
    unsigned baud;       /* 0: there is none, or it is not known */
    struct slave_counters counters;
};

/* What is kept. */
struct control_state {
    const char *directory; /* "": nothing */
    const char *trouble;   /* why what should be kept is not; "": it is */
};

/* The daemon around it. What the members return must last until the next turn of the loop. */
struct control_host {
    sd_event *event;
    void (*port)(void *userdata, size_t i, struct control_port *ret);
    void (*state)(void *userdata, struct control_state *ret);
    /* Drops what masters have set of a meter. 1; 0: there was nothing; -EADDRINUSE: the address of
     * the file is another meter's now; another negative errno. */
    int (*forget)(void *userdata, struct meter *meter);
    void *userdata;
};

/* A frame that was heard, or an answer. */
struct control_frame {
    const char *port;
    const char *client; /* NULL but for TCP */
    bool from_us;
    const uint8_t *bytes;
    size_t n;
    const char *fate; /* what became of it */
    usec_t elapsed;   /* of an answer: since its request */
};

/*
 * Begins to look for the bus; waits for nothing. `meters` are those of the configuration, in its
 * order, each with its index; they, `config` and `sources` (NULL: all are constants) must outlive
 * it, or be exchanged by control_reload(). 0 or a negative errno; no bus is no error.
 */
int control_new(const struct control_host *host, const struct config *config,
                struct meter *const *meters, struct sources *sources, struct control **ret);

/* Goes on with another configuration and its meters; the old configuration must still be there. 0,
 * or -ENOMEM, and then it can only be freed. */
int control_reload(struct control *c, const struct config *config, struct meter *const *meters);

/* Leaves the bus, and waits for nobody. Accepts NULL. */
void control_free(struct control *c);

/* A value is another, or good no longer, or good again. Cheap: signals leave when nothing else is
 * to be done. These and the following accept NULL. */
void control_value_changed(struct control *c, const struct meter *meter, size_t record);

/* Who a meter is, whether it is mute, or what a master has written has changed. */
void control_meter_changed(struct control *c, const struct meter *meter);

/* A port has opened or closed, or goes on at another rate. */
void control_port_changed(struct control *c, size_t i);

/* Whether what should be kept is kept. */
void control_state_changed(struct control *c);

/* Whether anybody wants control_frame(). */
bool control_is_watched(const struct control *c);

/* Shows a frame to who watches; it is sent later. */
void control_frame(struct control *c, const struct control_frame *frame);

#endif
