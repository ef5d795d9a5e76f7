/* The lines of a Hat at work: which are ours, and when each is active. */
#ifndef DAEMON_HAT_H
#define DAEMON_HAT_H

#include <stdbool.h>

#include <systemd/sd-event.h>

#include "config/config.h"
#include "io/gpio.h"

struct hat {
    const struct hat_config *config; /* not owned */
    struct gpio_line *lines[HAT_ROLES];
    bool wanted[HAT_ROLES];     /* what the line is to be, whether we have it or not */
    unsigned transmitting;      /* buses that are */
    sd_event_source *pulse_end; /* of activity */
};

/*
 * Requests the configured lines and asserts `enable`. Each that cannot be had is logged; then none
 * is kept, and the result is -ECANCELED. Another negative errno when the timer could not be made.
 */
int hat_start(struct hat *hat, sd_event *event, const struct hat_config *config);

/* Drives every line inactive and releases it, `enable` last; accepts one that never started
 * (zeroed). */
void hat_stop(struct hat *hat);

/* Takes over another configuration: a line that it changes is let go and requested anew, the others
 * stay as they are. One that cannot be had is logged, and goes without. */
void hat_reload(struct hat *hat, const struct hat_config *config);

/* Whether there is a line for a role. */
bool hat_has(const struct hat *hat, enum hat_role role);

/* A good frame was heard: pulses `activity`, or makes the pulse last longer. Accepts NULL. */
void hat_activity(struct hat *hat);

/* A bus begins to transmit, or has ended; `transmit` is active while any does. */
void hat_transmit(struct hat *hat, bool begins);

#endif
