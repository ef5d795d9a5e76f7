/* What a master hears behind a request: an answer made of characters, told from its own echo and
 * from several that speak at once (mbus-protocol 2.4 and 3.2). */
#ifndef CTL_RECEPTION_H
#define CTL_RECEPTION_H

#include <stddef.h>
#include <stdint.h>

#include "io/parmrk.h"
#include "mbus/frame.h"

enum reception_state {
    RECEPTION_EMPTY,  /* nothing but the echo of the request */
    RECEPTION_WITHIN, /* a frame is coming in */
    RECEPTION_WHOLE,  /* a good one is there */
    RECEPTION_BROKEN, /* what came is no answer of one meter */
};

struct reception {
    const uint8_t *request; /* whose echo is passed over */
    size_t n_request;
    enum reception_state state;
    enum frame_fault fault; /* RECEPTION_BROKEN: FRAME_GOOD when more came behind a good frame */
    struct frame_scan scan;
    uint8_t bytes[FRAME_MAX]; /* the first of what came; in a broken one all that fits */
    size_t n;
};

/* Takes the next character. */
void reception_take(struct reception *r, const struct line_char *c);

/* The line has fallen silent for longer than it may within a frame. */
void reception_end(struct reception *r);

#endif
