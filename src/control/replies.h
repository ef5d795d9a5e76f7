/* Answers of any length, made a piece at a time: the M-Bus goes on between two of them. */
#ifndef CONTROL_REPLIES_H
#define CONTROL_REPLIES_H

#include <systemd/sd-bus.h>

#include "control/subject.h"

struct reply;

/* How a long answer is made. */
struct reply_kind {
    const char *contents; /* of the array that it is: "(syv)" */
    /* Reads the call again and notes what it is about. 0 or a negative errno with `error` set. */
    int (*begin)(struct control *c, struct reply *reply, sd_bus_error *error);
    /* Appends a row. 1; 0: there was none left; or a negative errno. */
    int (*row)(struct control *c, struct reply *reply);
};

struct reply {
    struct reply *next;
    const struct reply_kind *kind;
    sd_bus_message *call, *answer;
    struct meter *meter;  /* what it is about, as begin() says */
    size_t at, at_record; /* where it is: as row() likes it */
};

struct replies {
    struct control *control;
    struct reply *first;
    size_t n;
    sd_event_source *source;
};

/* 0 or a negative errno. */
int replies_init(struct replies *replies, struct control *control, sd_event *event);

/* Answers a call now or later; for the end of a method handler. */
int replies_begin(struct replies *replies, const struct reply_kind *kind, sd_bus_message *call,
                  sd_bus_error *error);

/* Meters, records or ports are others now: what is under way begins anew. */
void replies_restart(struct replies *replies);

/* Drops all; the bus is gone. */
void replies_drop(struct replies *replies);

/* Accepts one that is zeroed. */
void replies_done(struct replies *replies);

#endif
