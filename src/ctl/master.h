/* A small master: one request, its answer in the time that the standard gives it, and repeats. */
#ifndef CTL_MASTER_H
#define CTL_MASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/timing.h"
#include "ctl/address.h"
#include "io/transport.h"
#include "mbus/frame.h"

/* How often a request is sent when its answer does not come or is broken (mbus-protocol 4). */
#define MASTER_TRIES 3U

struct master {
    struct transport way;
    unsigned baud; /* of the bus, which may lie behind a gateway */
    bool is_tcp;
    usec_t timeout;     /* from the end of a request to the first character of its answer */
    usec_t window;      /* how long, from there, another meter may begin to answer too */
    unsigned patience;  /* by what both are multiplied, where answers have come late */
    bool was_disturbed; /* something came unasked since somebody cleared this */
    usec_t gap;         /* silence within a frame that ends it */
    usec_t idle;        /* silence that must lie before a request */
    usec_t heard_last;  /* when the last character came or left */
};

enum answer_kind {
    ANSWER_NONE,
    ANSWER_ACK,     /* E5 */
    ANSWER_FRAME,   /* RSP_UD */
    ANSWER_BROKEN,  /* several at once, noise, a bad frame: `fault` */
    ANSWER_FOREIGN, /* a good frame that is no answer to this request */
    ANSWER_STOPPED, /* the way to the bus is gone: `error` */
};

struct answer {
    enum answer_kind kind;
    enum frame_fault fault; /* FRAME_GOOD: more came behind a good frame */
    int error;              /* negative errno; -EINTR: somebody wants us to end */
    uint8_t bytes[FRAME_MAX];
    size_t n;
    struct frame frame; /* ANSWER_FRAME, ANSWER_FOREIGN; points into `bytes` */
};

/*
 * Opens the device and takes the times of the standard for `baud`. `timeout` replaces the time to
 * the first character of an answer unless it is 0. NULL, or why the device cannot be had.
 */
const char *master_open(const char *device, unsigned baud, usec_t timeout, struct master *ret);

void master_close(struct master *m);

/* Waits until what may still be under way has come, and drops it: nobody has talked for as long as
 * an answer may take. When the bus is gone the next request says so. */
void master_await_quiet(struct master *m);

/* SND_NKE, up to `tries` times until an E5 comes. All these return answer->kind. */
enum answer_kind master_reset(struct master *m, uint8_t a, unsigned tries, struct answer *ret);

/* Selection by CI 52, up to `tries` times until an E5 comes. */
enum answer_kind master_select(struct master *m, const struct selection *selection, unsigned tries,
                               struct answer *ret);

/* REQ_UD2 with this FCB, up to `tries` times until an RSP_UD comes, from that address if it is a
 * primary one. */
enum answer_kind master_request(struct master *m, uint8_t a, bool fcb, unsigned tries,
                                struct answer *ret);

#endif
