/* The Hat's `transmit` line around the answers of one bus: from before the first start bit until
 * the last stop bit has left. */
#ifndef DAEMON_TRANSMIT_H
#define DAEMON_TRANSMIT_H

#include <stdbool.h>
#include <stddef.h>

#include <systemd/sd-event.h>

#include "base/timing.h"
#include "config/config.h"
#include "daemon/hat.h"

struct transmit {
    struct hat *hat; /* not owned; NULL: this bus drives no lines */
    int fd;          /* of the tty */
    unsigned baud;
    usec_t gap;     /* between characters */
    usec_t give_up; /* when a driver that never ends is no longer believed */
    bool active;
    sd_event_source *timer;
};

/* Makes the timer for a bus on a tty. Without a Hat, and on a pty or TCP, all below does nothing.
 * 0 or a negative errno. */
int transmit_init(struct transmit *t, struct hat *hat, sd_event *event, int fd,
                  const struct port_config *port, unsigned baud);

/* The bus goes on at another rate. */
void transmit_set_baud(struct transmit *t, unsigned baud);

/* So many characters are about to be written, now or one after the other. */
void transmit_begin(struct transmit *t, size_t n);

/* Nothing is on the wire, whatever was begun. */
void transmit_end(struct transmit *t);

/* Ends and lets go; accepts one that was never made (zeroed). */
void transmit_done(struct transmit *t);

#endif
