/* The long header that opens a variable data structure (mbus-protocol 10.1). */
#ifndef MBUS_HEADER_H
#define MBUS_HEADER_H

#include <stdint.h>

#include "base/bytes.h"
#include "mbus/ident.h"

#define LONG_HEADER_SIZE 12U

/* Writes LONG_HEADER_SIZE bytes; the configuration field is 0, since nothing is encrypted. */
void long_header_encode(const struct ident *ident, uint8_t access, uint8_t status,
                        struct writer *w);

#endif
