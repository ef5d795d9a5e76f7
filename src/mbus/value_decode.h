/* The data of a record as a value of its type, and back (mbus-records 3 and 4). */
#ifndef MBUS_VALUE_DECODE_H
#define MBUS_VALUE_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "mbus/dif.h"
#include "mbus/ident.h"
#include "mbus/lvar.h"
#include "mbus/time_point.h"
#include "mbus/vif.h"

enum value_kind {
    VALUE_NONE,     /* no data */
    VALUE_SIGNED,   /* type B */
    VALUE_UNSIGNED, /* type C, and binary numbers of variable length */
    VALUE_BITS,     /* type D */
    VALUE_BCD,      /* type A */
    VALUE_REAL,     /* type H */
    VALUE_TIME,     /* types F, G, I, J */
    VALUE_IDENT,    /* a whole secondary address */
    VALUE_TEXT,     /* ISO 8859-1 */
    VALUE_BINARY,   /* bytes */
};

enum value_state {
    VALUE_GOOD,
    VALUE_INVALID,     /* the pattern of its type that says "no value" (mbus-records 4) */
    VALUE_OVERFLOW,    /* BCD with A, B or C in front: the number is right, the field too small;
                          an infinite real */
    VALUE_NO_NUMBER,   /* BCD with letters or blanks: what a display shows */
    VALUE_IMPOSSIBLE,  /* a date that no calendar has */
    VALUE_WRONG_FIELD, /* the VIF is a date, the data field can hold none: bytes */
    VALUE_UNSURE,      /* a binary number of variable length whose top bit is set: sources differ on
                          its sign, it is read as unsigned */
};

/* LVAR_DATA_MAX is the most that text and bytes need; BCD has 18 digits at most. */
struct decoded_value {
    enum value_kind kind;
    enum value_state state;
    uint8_t lvar;                 /* of DATA_FIELD_VARIABLE */
    uint8_t n;                    /* of bytes[] */
    enum time_kind time_kind;     /* of VALUE_TIME */
    int64_t integer;              /* VALUE_SIGNED; VALUE_BCD when it is a number */
    uint64_t word;                /* VALUE_UNSIGNED, VALUE_BITS; the bits of VALUE_REAL */
    float real;                   /* VALUE_REAL */
    struct time_point time;       /* VALUE_TIME */
    struct ident ident;           /* VALUE_IDENT */
    uint8_t bytes[LVAR_DATA_MAX]; /* VALUE_TEXT in reading order; VALUE_BINARY as on the wire;
                                     VALUE_BCD a digit a byte, 0 to F, the highest first */
};

/*
 * Decodes `n` bytes of data, which must be what data_field_length() or, for DATA_FIELD_VARIABLE,
 * what lvar_decode(lvar) says. `type` is what VIF and VIFE make of them. Never fails: what is no
 * value says so in `state`.
 */
void value_decode(enum data_field field, uint8_t lvar, enum vif_type type, const uint8_t *data,
                  size_t n, struct decoded_value *ret);

/* Writes the data of a decoded value, LVAR included: the bytes that were decoded. */
void decoded_value_encode(enum data_field field, const struct decoded_value *value,
                          struct writer *w);

#endif
