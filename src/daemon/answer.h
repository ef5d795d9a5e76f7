/* How an answer leaves a bus: in its window, in one piece or with pauses, or not at all. */
#ifndef DAEMON_ANSWER_H
#define DAEMON_ANSWER_H

#include "daemon/bus.h"
#include "daemon/trace.h"

/* Deals with the waiting answer if its time has come, else arms the timer for it. 1: dealt with, 0:
 * it waits, -EPIPE or another negative errno: the bus is gone. */
int answer_try(struct bus *bus);

/* Whether an answer is leaving character by character. */
bool answer_is_leaving(const struct bus *bus);

/* Sends the next of its characters. 0 or a negative errno. */
int answer_go_on(struct bus *bus);

/* Gives up an answer that waits or is leaving: it would be late. */
void answer_abandon(struct bus *bus);

/* Says what became of the waiting answer, to the slave and to the log. */
void answer_settle(struct bus *bus, usec_t now, enum slave_fate fate);

/* Sets a timer of the bus; USEC_NEVER stops it. */
int bus_arm(sd_event_source *timer, usec_t at);

/* How frames of this bus are named in the log. */
struct trace_name bus_trace_name(const struct bus *bus);

/* Logs trouble on the line, now and then. */
void bus_complain(struct bus *bus, struct complaint *c, const char *message_id, const char *what);

#endif
