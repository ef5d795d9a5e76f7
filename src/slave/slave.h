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
#include "mbus/application_error.h"
#include "mbus/frame.h"
#include "mbus/link.h"
#include "meter/readout.h"
#include "slave/path.h"
#include "slave/rate.h"
#include "slave/receiver.h"

/* How the bus of this slave behaves. */
struct slave_timing {
    usec_t gap;        /* silence that ends a partial frame */
    usec_t not_before; /* earliest start of an answer after its request */
    usec_t not_after;  /* latest start; USEC_NEVER: no limit */
    usec_t turn;       /* 11 bit times: after that a broadcast switch of the rate is due */
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
    SLAVE_REFUSED,       /* for us, and a command that is not carried out (mbus-protocol 13.7) */
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
    SLAVE_NOT_KEPT, /* what it would acknowledge could not be stored: nothing has happened */
    SLAVE_FATES,
};

struct slave_counters {
    uint64_t verdicts[SLAVE_VERDICTS];
    uint64_t faults[FRAME_FAULTS];
    uint64_t fates[SLAVE_FATES];
};

/* A meter on this bus, and what the slave remembers of it there. */
struct slave_meter {
    struct meter *meter;
    struct path path;             /* its primary address */
    uint8_t address;              /* whose that is */
    struct readout readout;       /* what a master has chosen to read */
    enum application_error error; /* to be told to the next REQ_UD2 (mbus-protocol 14.1) */
    uint32_t alarms_seen;         /* of the meter: ACD is set while there are more */
    uint32_t selection;           /* the selection that chose it; 0: none */
};

/* The meters of a bus, in memory that the caller owns: room for `n` of each. */
struct slave_roster {
    struct slave_meter *meters; /* each with its meter set, and room for its snapshot if it is to
                                   have one; the rest zeroed */
    struct ident *idents;       /* filled by the slave: what a selection is compared with */
    size_t n;                   /* 1 to SLAVE_METERS_MAX */
    struct meter_cell *selected_snapshot; /* room for a snapshot of any of them, or NULL */
};

#define SLAVE_METERS_MAX 65534U

/* What the slave wants done before it goes on. */
enum slave_task {
    SLAVE_STORE,        /* keep the drafts of its meters; only then an answer leaves */
    SLAVE_CHANGE_RATE,  /* the bus goes on at `baud` */
    SLAVE_RATE_IS_GOOD, /* `baud` was confirmed by a good frame: worth keeping */
};

struct slave_effect {
    enum slave_task task;
    unsigned baud;
};

struct slave {
    struct receiver receiver;
    struct slave_timing timing;
    struct slave_counters counters;

    struct slave_roster roster;
    uint16_t by_address[ADDRESS_PRIMARY_MAX + 1]; /* index of the meter + 1, 0: none */
    size_t n_unset; /* meters with address 0: the only one that several may share */
    size_t n_awake; /* meters that are not mute: for everybody else the others do not exist */
    size_t first_awake;
    bool allows_baud;

    uint32_t selection;           /* number of the newest selection (mbus-protocol 7.1) */
    size_t n_selected;            /* meters that it chose */
    struct slave_meter *selected; /* the first of them */
    struct path selected_path;    /* 253 */

    bool storing;    /* drafts wait for slave_effect_done() */
    bool has_chosen; /* and with them what was chosen to be read */
    struct readout chosen;
    struct slave_meter *writer; /* whose; NULL: any of them */
    bool at_253;                /* by which way they were written */
    struct rate rate;

    struct meter *asked; /* whom the answer that waits is from; NULL: several, or nobody */
    bool is_leaving;     /* it was counted */
    uint8_t status[FRAME_SHORT_SIZE]; /* an RSP_SKE under way */
    struct slave_answer pending;      /* n = 0: none */
    struct slave_answer sent; /* the newest that left, while its echo may come; n = 0: none */
    usec_t sent_end;          /* when its last stop bit has left */
};

void slave_init(struct slave *s, const struct slave_roster *roster,
                const struct slave_timing *timing);

/* Addresses or identifications of meters have changed, or one is mute now or no longer: looks at
 * all of them again. */
void slave_update_addresses(struct slave *s);

/* Whether a meter is selected by its secondary address. */
bool slave_is_selected(const struct slave *s, const struct slave_meter *m);

/* Whether an address means a meter of this bus (mbus-protocol 6). */
bool slave_is_meant(const struct slave *s, uint8_t a, const struct slave_meter *m);

/* Goes on with other meters, or the same in other memory: what it remembers of those that stay is
 * moved there. The old memory is not looked at any more. */
void slave_change_roster(struct slave *s, const struct slave_roster *roster);

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

/*
 * Whether there is something to be done at `now`, and what: to be asked after each call that took
 * input, sent an answer or looked at the clock, until there is nothing. Each is ended by
 * slave_effect_done(), before anything else is asked of the slave.
 */
bool slave_effect(const struct slave *s, usec_t now, struct slave_effect *ret);

/*
 * It was done, or (`ok` false) it could not be. True when meters go by other addresses now.
 * SLAVE_STORE: takes the drafts over, or abandons them and the acknowledge with them; what other
 * buses know of these meters is for the caller to update (slave_update_addresses()).
 * SLAVE_CHANGE_RATE: the caller sets the timing of the new rate.
 */
bool slave_effect_done(struct slave *s, usec_t now, const struct slave_effect *effect, bool ok);

/* The answer that waits, or NULL. It stays until slave_settle(). */
const struct slave_answer *slave_output(const struct slave *s);

/* The waiting answer is about to leave: from here on it counts. The meter whose tally has changed,
 * or NULL. What then does not leave is taken back by slave_settle(). */
struct meter *slave_leaving(struct slave *s);

/* The waiting answer has left (`now` = when its first bit did), or never will. */
void slave_settle(struct slave *s, usec_t now, enum slave_fate fate);

/* Drops a partial frame and a waiting answer: the line was gone, or nobody knows how old they are.
 */
void slave_restart(struct slave *s);

#endif
