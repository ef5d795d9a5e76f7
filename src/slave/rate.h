/* The rate of a bus: switched by a master and given up when nothing good is heard at it
 * (mbus-protocol 13.4), or found by listening. */
#ifndef SLAVE_RATE_H
#define SLAVE_RATE_H

#include <stdbool.h>

#include "base/timing.h"

/* Zeroed: a bus whose rate means nothing. */
struct rate {
    unsigned now;      /* baud */
    bool can_change;   /* else a switch is acknowledged and has no effect */
    bool finds_itself; /* baud = "auto" */
    usec_t fallback;

    unsigned asked;  /* to change to; 0: nothing */
    usec_t due;      /* when; USEC_NEVER: once the answer has left */
    unsigned old;    /* to return to; 0: the present one is confirmed */
    usec_t since;    /* when the present one was taken */
    bool is_hunting; /* nothing good was heard yet */
    usec_t heard;    /* the newest good frame */
    bool is_news;    /* a rate was confirmed, and nobody knows yet */
};

/* Rates that `finds_itself` tries in turn. */
extern const unsigned rate_hunted[];
#define RATE_HUNTED 3U

/* The rate of a CI field B8 to BF. */
unsigned rate_of_ci(unsigned ci);

/* Begins at a rate; one that finds itself may be anywhere in its turn. */
void rate_init(struct rate *r, unsigned baud, bool can_change, bool finds_itself, usec_t fallback,
               usec_t now);

/* A master asks for a rate; it is due when the acknowledge has left, or at `due`. */
void rate_ask(struct rate *r, unsigned baud, usec_t due);

/* The acknowledge has left the line at `end`; or it never will, and the master asks again. */
void rate_answered(struct rate *r, usec_t end);
void rate_cancel(struct rate *r);

/* What was heard: a good frame for anybody confirms the rate; noise makes a hunter move on. */
void rate_heard_frame(struct rate *r, usec_t now);
void rate_heard_noise(struct rate *r, usec_t now);

/* The noise goes on without an end by which another could begin. */
void rate_noise_goes_on(struct rate *r, usec_t now);

/* The rate to change to at `now`; 0: none. */
unsigned rate_wanted(const struct rate *r, usec_t now);

/* The change was made, or (`ok` false) the port could not make it and stays as it is. */
void rate_changed(struct rate *r, usec_t now, bool ok);

/* When rate_wanted() may have something new, or USEC_NEVER. */
usec_t rate_deadline(const struct rate *r);

#endif
