/* How an answer is left for its time. */
#ifndef SLAVE_ANSWERS_H
#define SLAVE_ANSWERS_H

#include "slave/slave.h"

/* Leaves these bytes, which must stay, as the answer to a request that ended at `now`. */
void answers_give(struct slave *s, const uint8_t *bytes, size_t n, usec_t now);

/* Leaves the E5 of so many meters: of several, what a master takes for a collision. */
enum slave_verdict answers_acknowledge(struct slave *s, size_t n_meters, usec_t now);

/* Leaves what several long answers at once look like. */
enum slave_verdict answers_clash(struct slave *s, usec_t now);

#endif
