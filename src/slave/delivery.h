/* A SND_UD on its way to all the meters that it is meant for (mbus-protocol 5.5, 6, 13.7). */
#ifndef SLAVE_DELIVERY_H
#define SLAVE_DELIVERY_H

#include "mbus/frame.h"
#include "slave/slave.h"

/* Whom a request means. */
struct addressee {
    size_t n;                  /* how many meters: 0 nobody, 1 `meter` */
    struct slave_meter *meter; /* the one, or the first of them */
    struct path *path;         /* what is remembered of this way to it */
    bool broadcast;            /* all of them, and none answers */
};

/* CI B8 to BF, for one meter at least. */
enum slave_verdict delivery_change_rate(struct slave *s, const struct addressee *to,
                                        const struct frame *request, usec_t now);

/* Every other CI field but those of selections, for one meter at least. */
enum slave_verdict delivery_write(struct slave *s, const struct addressee *to,
                                  const struct frame *request, usec_t now);

#endif
