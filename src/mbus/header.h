/* The long header that opens a variable data structure (mbus-protocol 10.1). */
#ifndef MBUS_HEADER_H
#define MBUS_HEADER_H

#include <stdint.h>

#include "base/bytes.h"
#include "mbus/ident.h"

#define LONG_HEADER_SIZE 12U
#define SHORT_HEADER_SIZE 4U

/* Kinds of header behind a CI field. */
enum header_kind {
    HEADER_NONE,
    HEADER_SHORT, /* access number, status, configuration */
    HEADER_LONG,  /* who it is, then the short one */
};

struct header {
    struct ident ident; /* of HEADER_LONG */
    uint8_t access, status;
    uint16_t configuration; /* 0: not encrypted. Called signature before */
};

/* Bytes of a header: 0, SHORT_HEADER_SIZE or LONG_HEADER_SIZE. */
unsigned header_size(enum header_kind kind);

/* Takes a header apart; `bytes` holds header_size(kind). */
void header_decode(enum header_kind kind, const uint8_t *bytes, struct header *ret);

/* Writes header_size(kind) bytes. */
void header_encode(enum header_kind kind, const struct header *header, struct writer *w);

/* Writes LONG_HEADER_SIZE bytes; the configuration field is 0, since nothing is encrypted. */
void long_header_encode(const struct ident *ident, uint8_t access, uint8_t status,
                        struct writer *w);

#endif
