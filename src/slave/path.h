/* What a slave remembers of one way to address it (mbus-protocol 5.3): its own primary address,
 * shared with 254 and 255, or 253 while it is selected. */
#ifndef SLAVE_PATH_H
#define SLAVE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/timing.h"
#include "mbus/application_error.h"
#include "mbus/frame.h"
#include "meter/rsp_ud.h"

struct fcb_memory {
    bool virgin; /* nothing was asked since the reset */
    bool last;   /* the newest FCB */
};

/* The answers to REQ_UD2. */
struct path_readout {
    struct fcb_memory fcb;
    uint32_t generation; /* of the meter when the stored telegram was made */
    usec_t time;         /* when it was made: counts for the repeat */
    usec_t answered;     /* when it was last asked for: counts for the session */
    size_t next;         /* the item that the next telegram begins with; 0: none follows */
    size_t n;            /* bytes of the stored telegram; 0: none */
    uint8_t telegram[FRAME_MAX];
    size_t n_snapshot;           /* cells of the sequence under way; 0: there is none */
    struct meter_cell *snapshot; /* what the first telegram of a sequence has seen; the caller's
                                    memory, a cell for each record, or NULL */
};

/* The newest SND_UD. */
struct path_write {
    struct fcb_memory fcb;
    usec_t time;
    uint64_t content; /* a hash of its CI field and data */
};

/* The answer to the newest REQ_UD1. */
struct path_alarm {
    struct fcb_memory fcb;
    usec_t time;
    uint32_t told; /* how many alarms of the meter that covers */
    size_t n;      /* bytes of the telegram; 0: it was an E5 */
    uint8_t telegram[FRAME_LONG_OVERHEAD + FRAME_L_MIN + 1];
};

struct path {
    struct path_readout readout;
    struct path_write write;
    struct path_alarm alarm;
};

/* The link reset (mbus-protocol 5.3): every FCB memory, and the readout begins anew. */
void path_reset(struct path *path);

/* What is read has changed: the next REQ_UD2 of either FCB gets a fresh telegram 1. */
void path_rewind(struct path *path);

/*
 * The telegram for a REQ_UD2 (mbus-protocol 5.4): the stored one for a repeat, the next one of a
 * sequence, or a fresh first one. It stays in path->readout, and it has this C field unless it is a
 * repeat. `error`: to be told in place of a telegram that is not a repeat; APPLICATION_FINE once it
 * was (14.1).
 */
void path_answer_readout(struct path *path, struct meter *meter, const struct readout *readout,
                         uint8_t c, enum application_error *error, bool fcb, bool fcv, usec_t now);

/* Whether a SND_UD is the newest one once more: to be acknowledged and not executed
 * (mbus-protocol 5.5). */
bool path_is_repeated_write(const struct path *path, const struct meter *meter,
                            const struct frame *request, usec_t now);

/* Remembers a SND_UD that was executed. */
void path_remember_write(struct path *path, const struct frame *request, usec_t now);

/* The SND_UD just remembered has not happened after all. */
void path_forget_write(struct path *path);

/*
 * The answer to a REQ_UD1 (mbus-protocol 14.2): path->alarm, no bytes for E5. `seen` counts the
 * alarms of the meter that the master has confirmed, shared by all ways to the meter on one bus: an
 * alarm is told until a toggled FCB, or a request without FCV, confirms it.
 */
void path_answer_alarm(struct path *path, const struct meter *meter, uint32_t *seen, bool fcb,
                       bool fcv, usec_t now);

#endif
