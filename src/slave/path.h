/* What a slave remembers of one way to address it (mbus-protocol 5.3): its own primary address,
 * shared with 254 and 255, or 253 while it is selected. */
#ifndef SLAVE_PATH_H
#define SLAVE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/timing.h"
#include "mbus/frame.h"
#include "meter/meter.h"

struct fcb_memory {
    bool virgin; /* nothing was asked since the reset */
    bool last;   /* the newest FCB */
};

struct path {
    struct fcb_memory readout; /* REQ_UD2 */
    uint32_t generation;       /* of the meter when the stored telegram was made */
    usec_t time;               /* when it was made: counts for the repeat */
    usec_t answered;           /* when it was last asked for: counts for the session */
    size_t next;               /* the record that the next telegram begins with; 0: none follows */
    size_t n;                  /* bytes of the stored telegram; 0: none */
    uint8_t telegram[FRAME_MAX];
};

/* The link reset: the next REQ_UD2 of either FCB gets a fresh telegram 1. */
void path_reset(struct path *path);

/*
 * The telegram for a REQ_UD2 (mbus-protocol 5.4): the stored one for a repeat, the next one of a
 * sequence, or a fresh first one. It stays in path->telegram, path->n bytes.
 */
void path_readout(struct path *path, struct meter *meter, bool fcb, bool fcv, usec_t now);

#endif
