/* What happens on a bus, for the log (every frame at level debug, changes of its rate) and for
 * those who watch over D-Bus. */
#ifndef DAEMON_TRACE_H
#define DAEMON_TRACE_H

#include "control/control.h"
#include "slave/slave.h"

/* Which bus a frame was on. */
struct trace_name {
    const char *port;
    const char *client;      /* NULL but for TCP */
    struct control *watched; /* by somebody; NULL: by nobody */
    usec_t asked;            /* when the newest request came */
};

/* What came in. */
void trace_event(struct trace_name name, const struct slave_event *event);

/* What went out, or did not. */
void trace_answer(struct trace_name name, const struct slave_answer *answer, enum slave_fate fate);

/* The rate of the bus was to become `wanted`; `ok`: it has. */
void trace_rate(struct trace_name name, const struct rate *rate, unsigned wanted, bool ok);

/* A good frame was heard at a rate that a master had set, or that was being looked for. */
void trace_rate_found(struct trace_name name, unsigned baud);

/* The counters of a port as one line of text: only those that are not zero. */
void counters_text(const struct slave_counters *c, char *text, size_t size);

#endif
