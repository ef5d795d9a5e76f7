/* The log of every frame, at level debug. */
#ifndef DAEMON_TRACE_H
#define DAEMON_TRACE_H

#include "slave/slave.h"

/* Which bus a frame was on. */
struct trace_name {
    const char *port;
    const char *client; /* NULL but for TCP */
};

/* What came in. */
void trace_event(struct trace_name name, const struct slave_event *event);

/* What went out, or did not. */
void trace_answer(struct trace_name name, const struct slave_answer *answer, enum slave_fate fate);

/* The counters of a port as one line of text: only those that are not zero. */
void counters_text(const struct slave_counters *c, char *text, size_t size);

#endif
