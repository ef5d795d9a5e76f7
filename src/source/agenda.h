/* What the sources of a daemon wait for: one timer for all of them, at the earliest. A thousand
 * timers of the event loop would take more memory than all else that a source has. */
#ifndef SOURCE_AGENDA_H
#define SOURCE_AGENDA_H

#include <stddef.h>

#include <systemd/sd-event.h>

#include "base/timing.h"

struct source;

/* A heap: each has nothing earlier than itself behind it. Zeroed to begin. */
struct agenda {
    struct source **items;
    size_t n, capacity;
    sd_event_source *timer;
};

/*
 * Makes `s` due at a time (CLOCK_MONOTONIC), in place of what it was due at; USEC_NEVER: not any
 * more. The timer is to be set when it is. 0, or -ENOMEM and nothing has changed.
 */
int agenda_put(struct agenda *agenda, struct source *s, usec_t at);

/* The one that is due first; NULL: none is. */
struct source *agenda_first(const struct agenda *agenda);

void agenda_done(struct agenda *agenda);

#endif
