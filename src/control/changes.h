/* PropertiesChanged signals, late enough to disturb nobody: at most one a second for each object,
 * and a bounded number for all. What changes while there is no bus is not told. */
#ifndef CONTROL_CHANGES_H
#define CONTROL_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <systemd/sd-event.h>

/* One object: it has nothing to tell, waits to be told, or was told less than a second ago. */
struct change {
    uint32_t next;      /* in its queue */
    uint32_t at : 30;   /* when it was told, in ms */
    uint32_t state : 2; /* enum change_state */
};

struct change_queue {
    uint32_t head, tail;
};

struct changes {
    struct change *items; /* `n` of them, by number */
    size_t n;
    struct change_queue waiting, told;
    sd_event_source *timer;
    /* Tells what object `number` is now. */
    void (*tell)(void *userdata, size_t number);
    /* Whether signals can leave: the bus may be behind. */
    bool (*may_tell)(void *userdata);
    void *userdata;
};

/* Sets up the timer; no objects yet. `tell`, `may_tell` and `userdata` are set by the caller. 0 or
 * a negative errno. */
int changes_init(struct changes *changes, sd_event *event);

/* Goes on with so many objects, none of which has anything to tell. 0 or -ENOMEM, and then there
 * are none. */
int changes_resize(struct changes *changes, size_t n);

/* Forgets all that waits. */
void changes_reset(struct changes *changes);

/* Accepts one that is zeroed. */
void changes_done(struct changes *changes);

/* Object `number` has changed; a number beyond the objects is none. */
void changes_mark(struct changes *changes, size_t number);

#endif
