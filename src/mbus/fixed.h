/* Fixed data structure, CI 73 (mbus-protocol 11). */
#ifndef MBUS_FIXED_H
#define MBUS_FIXED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "mbus/ident.h"
#include "mbus/vif.h"

/* Bytes behind the CI field: always the same. */
#define FIXED_SIZE 16U

#define FIXED_UNIT_HISTORIC 0x3EU /* same unit as counter 1, but stored at a fixed date */
#define FIXED_UNIT_NONE 0x3FU     /* without unit; also a missing counter */
#define FIXED_STATUS_BINARY 0x01U /* counters are binary, else BCD (mbus-protocol 11.1) */

struct fixed_counter {
    uint8_t unit;  /* 6 bits */
    int32_t value; /* 0 to 99999999 when BCD */
};

struct fixed {
    uint32_t id; /* as in struct ident */
    uint8_t access;
    uint8_t status; /* bit 0 says how both counters are coded */
    uint8_t medium; /* fixed_medium() */
    struct fixed_counter counters[2];
};

/* The 6-bit unit of a count of 10^exponent base units (mbus-protocol 11.3); -1 if it has none. */
int fixed_unit(enum vif_base base, int exponent);

/* The 4-bit medium for a device type of the variable structure (mbus-protocol 11.2), or -1. */
int fixed_medium(uint8_t medium);

/* Writes FIXED_SIZE bytes. */
void fixed_encode(const struct fixed *fixed, struct writer *w);

#endif
