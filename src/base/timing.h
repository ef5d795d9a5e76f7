/* Time as the protocol counts it: microseconds of a monotonic clock, and bit times of a baud rate.
 */
#ifndef BASE_TIMING_H
#define BASE_TIMING_H

#include <stdint.h>

typedef uint64_t usec_t;

#define USEC_NEVER UINT64_MAX
#define USEC_PER_MSEC ((usec_t)1000)
#define USEC_PER_SEC ((usec_t)1000000)
#define USEC_PER_MIN (60 * USEC_PER_SEC)

/* Bits of one character: start, 8 data, even parity, stop (mbus-protocol 2.1). */
#define CHARACTER_BITS 11U

/* How long `bits` last at `baud` (> 0), rounded up: safe as a "not before". */
static inline usec_t bits_at_least(unsigned bits, unsigned baud)
{
    return (bits * USEC_PER_SEC + baud - 1) / baud;
}

/* How long `bits` last at `baud` (> 0), rounded down: safe as a "not after". */
static inline usec_t bits_at_most(unsigned bits, unsigned baud)
{
    return bits * USEC_PER_SEC / baud;
}

#endif
