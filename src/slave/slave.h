/*
 * The slave on one bus: bytes and a clock in, answers with their window out. It touches nothing
 * but itself and the meter, so a test is a list of bytes and times.
 */
#ifndef SLAVE_SLAVE_H
#define SLAVE_SLAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/timing.h"
#include "mbus/frame.h"
#include "mbus/link.h"
#include "meter/meter.h"
#include "slave/path.h"
#include "slave/receiver.h"

/* How the bus of this slave behaves. */
struct slave_timing {
    usec_t gap;        /* silence that ends a partial frame */
    usec_t not_before; /* earliest start of an answer after its request */
    usec_t not_after;  /* latest start; USEC_NEVER: no limit */
    usec_t character;  /* how long one of ours takes on a wire with echo; 0: there is no wire */
    bool in_order;     /* each request is answered in order; else a newer one replaces an older */
};

/* What became of the bytes that a call consumed. */
enum slave_verdict {
    SLAVE_NOTHING,       /* no frame ended here */
    SLAVE_ANSWER,        /* a request; slave_output() has its answer */
    SLAVE_SILENT,        /* taken, and not to be answered: a broadcast, a selection of others */
    SLAVE_OTHER_ADDRESS, /* a good request to somebody else */
    SLAVE_UNKNOWN,       /* for us, but no function that we know */
    SLAVE_CLASH,         /* several of our meters answer: the master is shown a collision */
    SLAVE_FOREIGN,       /* another slave's answer */
    SLAVE_ECHO,          /* our own answer, back from the line */
    SLAVE_COLLISION,     /* somebody spoke while we did */
    SLAVE_FAULT,         /* a broken frame; `fault` says why */
    SLAVE_VERDICTS,
};

/* One word for messages: "answer", "foreign" ... */
const char *slave_verdict_name(enum slave_verdict verdict);

struct slave_event {
    enum slave_verdict verdict;
    enum frame_fault fault;
    const uint8_t *frame; /* the bytes of a complete frame, until the next call; else NULL */
    size_t n;
};

/* An answer, and when its first start bit may leave (mbus-protocol 4). */
struct slave_answer {
    const uint8_t *bytes;
    size_t n;
    usec_t not_before, not_after;
};

/* What became of an answer. */
enum slave_fate {
    SLAVE_SENT,
    SLAVE_LATE,     /* its window had closed: dropped */
    SLAVE_UNSENT,   /* the line took it not */
    SLAVE_REPLACED, /* a newer request came before it left */
    SLAVE_FATES,
};

struct slave_counters {
    uint64_t verdicts[SLAVE_VERDICTS];
    uint64_t faults[FRAME_FAULTS];
    uint64_t fates[SLAVE_FATES];
};

/* A meter on this bus, and what the slave remembers of its primary address. */
struct slave_meter {
    struct meter *meter;
    struct path path;
};

/* The meters of a bus, in memory that the caller owns: room for `n` of each. */
struct slave_roster {
    struct slave_meter *meters; /* each with its meter set */
    struct ident *idents;       /* filled by the slave: what a selection is compared with */
    size_t n;                   /* 1 to SLAVE_METERS_MAX */
};

#define SLAVE_METERS_MAX 65534U

struct slave {
    struct receiver receiver;
    struct slave_timing timing;
    struct slave_counters counters;

    struct slave_roster roster;
    uint16_t by_address[ADDRESS_PRIMARY_MAX + 1]; /* index of the meter + 1, 0: none */
    size_t n_unset; /* meters with address 0: the only one that several may share */

    size_t n_selected;            /* by secondary address (mbus-protocol 7.1) */
    struct slave_meter *selected; /* the first of them */
    struct path selected_path;    /* 253, while exactly one is selected */

    uint8_t status[FRAME_SHORT_SIZE]; /* an RSP_SKE under way */
    struct slave_answer pending;      /* n = 0: none */
    struct slave_answer sent; /* the newest that left, while its echo may come; n = 0: none */
    usec_t sent_end;          /* when its last stop bit has left */
};

void slave_init(struct slave *s, const struct slave_roster *roster,
                const struct slave_timing *timing);

/* Addresses or identifications of meters have changed: looks at all of them again. */
void slave_update_addresses(struct slave *s);

/* Takes over another timing; FCB memory, stored telegram and counters stay. */
void slave_set_timing(struct slave *s, const struct slave_timing *timing);

/*
 * What arrived at `now`: takes bytes up to the end of the first frame or fault, says in `ret` what
 * became of it, and returns how many bytes it took. Takes none while an answer waits and the bus
 * answers in order: send that first.
 */
size_t slave_input(struct slave *s, usec_t now, const uint8_t *bytes, size_t n,
                   struct slave_event *ret);

/* A faulty character: FRAME_BAD_PARITY or FRAME_BAD_BREAK. */
void slave_line_fault(struct slave *s, usec_t now, enum frame_fault fault, struct slave_event *ret);

/* To be called at slave_deadline(): ends a frame that the silence has cut off. */
void slave_tick(struct slave *s, usec_t now, struct slave_event *ret);

/* When slave_tick() wants to be called, or USEC_NEVER. */
usec_t slave_deadline(const struct slave *s);

/* The answer that waits, or NULL. It stays until slave_settle(). */
const struct slave_answer *slave_output(const struct slave *s);

/* The waiting answer has left (`now` = when its first bit did), or never will. */
void slave_settle(struct slave *s, usec_t now, enum slave_fate fate);

/* Drops a partial frame and a waiting answer: the line was gone, or nobody knows how old they are.
 */
void slave_restart(struct slave *s);

#endif
