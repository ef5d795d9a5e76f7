/* Who a meter is: identification number, manufacturer, version, medium (mbus-protocol 10.1, 10.2,
 * 10.6). */
#ifndef MBUS_IDENT_H
#define MBUS_IDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Byte FF stands for "any" in selections and is never a meter's own medium. */
#define MEDIUM_WILDCARD 0xFFU

struct ident {
    uint32_t id;           /* eight digits, a nibble each: "12345678" is 0x12345678 */
    uint16_t manufacturer; /* ident_manufacturer() */
    uint8_t version;
    uint8_t medium;
};

struct medium {
    uint8_t code;
    const char *name; /* as in the configuration: "warm_water" */
};

extern const struct medium media[];
extern const size_t n_media;

/* The code of a medium, or -1. */
int medium_find(const char *name);

/* The name of a code, or NULL where the code is reserved. */
const char *medium_name(uint8_t code);

/* Whether all four parts are the same. */
bool ident_equal(const struct ident *a, const struct ident *b);

/* Three letters A to Z as 15 bits (mbus-protocol 10.2); -1 when `letters` is anything else. */
int ident_manufacturer(const char *letters);

/* The letters of a manufacturer code, with a terminating zero. */
void ident_manufacturer_letters(uint16_t code, char ret[static 4]);

#endif
