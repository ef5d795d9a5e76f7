/* One bus: a transport, the slave on it, and the timers that keep the answer window. */
#ifndef DAEMON_BUS_H
#define DAEMON_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "base/timing.h"
#include "config/config.h"
#include "daemon/host.h"
#include "daemon/transmit.h"
#include "io/transport.h"
#include "slave/slave.h"

/* As much as is read at once: a frame of full length. */
#define BUS_READ_MAX FRAME_MAX

/* Trouble on the line that is logged once in a while, with how often it happened. */
struct complaint {
    usec_t told; /* when it was last logged; 0: never */
    uint64_t n;  /* since then */
};

struct bus {
    const struct host *host;        /* not owned */
    const struct port_config *port; /* not owned */
    struct transport transport;
    struct slave slave;
    struct slave_roster roster; /* its memory is the slave's */
    struct hat *hat;            /* not owned, may be NULL: of a serial port */
    struct transmit transmit;

    sd_event_source *io;
    sd_event_source *answer_timer; /* the waiting answer, or its next character */
    sd_event_source *gap_timer;    /* a partial frame is given up, the rate changes */
    sd_event_source *idle_timer;   /* tcp: a client that says nothing */
    sd_event_source *unread_timer; /* pty: an answer that nobody reads */

    struct line_char input[BUS_READ_MAX]; /* read, and not yet given to the slave */
    size_t input_n, input_at;
    bool has_written;      /* a master has, and it is not handed on yet */
    struct meter *written; /* into which meter; NULL: some of all */
    bool is_draining;      /* the rate changes as soon as the driver has sent all */

    uint8_t output[FRAME_MAX]; /* an answer that leaves character by character (byte_gap) */
    size_t output_n, output_at;

    usec_t last_input;
    struct complaint late, collision;

    /* The transport is gone: `error` is a negative errno. The bus may be freed by it. */
    void (*lost)(struct bus *bus, int error);
    void *owner;
};

/*
 * Starts a bus on an open transport, which it takes over whatever it returns, at this rate. 0 or a
 * negative errno; then nothing is left to clean up.
 */
int bus_start(struct bus *bus, const struct host *host, const struct port_config *port,
              unsigned baud, struct transport *transport);

/* Closes the transport and lets go of everything; accepts a bus that never started (zeroed). */
void bus_stop(struct bus *bus);

/* What people and the journal call the port of this bus. */
const char *bus_port_name(const struct bus *bus);

/* The port's settings have moved in memory, and nothing in them has changed. */
void bus_rebase(struct bus *bus, const struct port_config *port);

/* Addresses or identifications of its meters have changed. */
void bus_meters_moved(struct bus *bus);

/* Other meters may live on the port now, or the same with other records. 0 or -ENOMEM, and then it
 * must be stopped, since the old ones may be gone. */
int bus_meters_changed(struct bus *bus);

/* The process was stopped for an unknown time: what has arrived meanwhile is of unknown age, and an
 * answer to it could fall into another slave's window. */
void bus_stalled(struct bus *bus);

/* Adds the counters of `bus` to `sum`. */
void bus_add_counters(const struct bus *bus, struct slave_counters *sum);

#endif
