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
#define FIXED_STATUS_STORED 0x02U /* counters are stored at a fixed date, else actual values */

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

/* What a 6-bit unit counts (mbus-protocol 11.3). */
struct fixed_meaning {
    const char *quantity; /* as in the configuration, or "temperature" */
    enum vif_base base;
    int exponent;
};

/* The meaning of a unit; false for the reserved ones and for FIXED_UNIT_HISTORIC, which has that of
 * the other counter. Codes 00 and 01 are a time and a date whose digits our source does not lay
 * out. */
bool fixed_unit_meaning(uint8_t unit, struct fixed_meaning *ret);

/* The device type of the variable structure for a 4-bit medium, mode 2 as mode 1; -1 if reserved.
 */
int fixed_device_type(uint8_t medium);

/* Writes FIXED_SIZE bytes. */
void fixed_encode(const struct fixed *fixed, struct writer *w);

#endif
