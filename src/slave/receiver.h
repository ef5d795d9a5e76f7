/* Bytes and times become frames (mbus-protocol 2.3, 3.2): one byte at a time, at constant cost. */
#ifndef SLAVE_RECEIVER_H
#define SLAVE_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/timing.h"
#include "mbus/frame.h"

struct receiver {
    uint8_t bytes[FRAME_MAX];
    struct frame_scan scan; /* scan.n bytes are in `bytes` */
    bool noise;             /* nothing counts until the line was idle */
    usec_t gap;             /* this much silence is idle */
    usec_t first;           /* when the frame or the burst of noise began */
    usec_t last;            /* when the newest character came */
};

void receiver_init(struct receiver *r, usec_t gap);

/* Forgets everything that has arrived. */
void receiver_reset(struct receiver *r);

/*
 * To be asked before each character and at receiver_deadline(): ends what the silence up to `now`
 * has ended. FRAME_BAD_GAP when a partial frame was dropped, else FRAME_GOOD.
 */
enum frame_fault receiver_idle(struct receiver *r, usec_t now);

/*
 * Takes a good character. On FRAME_COMPLETE the frame is in r->bytes, its size in `ret_size`, until
 * the next call. On FRAME_BROKEN the line is noise until it was idle: further characters say
 * FRAME_MORE, so a burst counts once.
 */
enum frame_step receiver_byte(struct receiver *r, usec_t now, uint8_t byte, size_t *ret_size,
                              enum frame_fault *ret_fault);

/* Takes a faulty character. True when it broke something, false within a burst of noise. */
bool receiver_line_fault(struct receiver *r, usec_t now);

/* When a partial frame is given up; USEC_NEVER when there is none. */
usec_t receiver_deadline(const struct receiver *r);

#endif
