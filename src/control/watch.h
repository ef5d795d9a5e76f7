/* Frames for those who watch: kept aside while answers are made, sent when nothing else is to be
 * done, to each watcher alone. */
#ifndef CONTROL_WATCH_H
#define CONTROL_WATCH_H

#include <systemd/sd-bus.h>

#include "control/control.h"

#define WATCHERS_MAX 16U

struct connection;
struct watched_frame;

struct watcher {
    struct watch *watch;
    char *name;            /* unique name on the bus; NULL: this place is free */
    sd_bus_slot *left;     /* the signal that it is gone */
    sd_bus_slot *is_there; /* the question whether it still was there before that */
};

struct watch {
    struct connection *connection;
    struct watcher watchers[WATCHERS_MAX];
    size_t n;
    struct watched_frame *frames; /* a ring; NULL while nobody watches */
    size_t first, n_frames;
    uint64_t dropped; /* since it was told */
    usec_t told;
    sd_event_source *source;
};

/* 0 or a negative errno. */
int watch_init(struct watch *watch, struct connection *connection, sd_event *event);

/* The sender of a call watches from now on; once more changes nothing. 0 or a negative errno with
 * `error` set. */
int watch_add(struct watch *watch, sd_bus_message *call, sd_bus_error *error);

/* The sender of a call does not watch any more. */
void watch_remove(struct watch *watch, sd_bus_message *call);

/* Nobody watches any more; the bus is gone. */
void watch_drop(struct watch *watch);

/* Accepts one that is zeroed. */
void watch_done(struct watch *watch);

void watch_show(struct watch *watch, const struct control_frame *frame);

#endif
