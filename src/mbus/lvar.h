/* LVAR: the first data byte of a field of variable length (mbus-records 3.2). */
#ifndef MBUS_LVAR_H
#define MBUS_LVAR_H

#include <stdbool.h>
#include <stdint.h>

enum lvar_kind {
    LVAR_RESERVED,
    LVAR_TEXT,         /* ISO 8859-1, last character first; or the bytes of a container */
    LVAR_BCD_POSITIVE, /* two digits a byte, no sign among them */
    LVAR_BCD_NEGATIVE,
    LVAR_BINARY, /* least significant byte first */
};

#define LVAR_DATA_MAX 191U /* the longest data that an LVAR announces */

struct lvar {
    enum lvar_kind kind;
    uint8_t length; /* data bytes behind it, 0 to LVAR_DATA_MAX */
};

/* What an LVAR announces; LVAR_RESERVED says nothing about a length. The second meanings of 2004
 * and before (F8 a real, BCD of more than 18 digits) are reserved here, as in 2018. */
struct lvar lvar_decode(uint8_t byte);

/* The code that announces so many bytes of a kind; false when there is none. */
bool lvar_encode(enum lvar_kind kind, unsigned length, uint8_t *ret);

#endif
