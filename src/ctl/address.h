/* Whom a master speaks to: primary and secondary addresses as people write them (mbus-protocol 6
 * and 7.1). */
#ifndef CTL_ADDRESS_H
#define CTL_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "mbus/ident.h"

/* The data of a selection by CI 52: id, manufacturer, version, medium as they travel; a digit F of
 * the id and a byte FF of the rest match any. */
#define SELECTION_SIZE 8U

/* Its text: the id as people read it, then four bytes as they travel; and a zero. */
#define SELECTION_TEXT_SIZE 17U

struct selection {
    uint8_t bytes[SELECTION_SIZE];
};

struct address {
    bool is_secondary;
    uint8_t primary;            /* the A field: that of whom is selected when secondary */
    struct selection selection; /* secondary */
};

/*
 * Parses 0 to 250, 253 (whoever is selected), 254 (whoever is there), or a secondary address: 16
 * digits as libmbus writes them, or the 8 of the id alone. Returns NULL, or what is wrong.
 */
const char *address_parse(const char *text, struct address *ret);

/* The selection that matches everything. */
struct selection selection_any(void);

/* The selection that matches one meter. */
struct selection selection_of(const struct ident *ident);

/* Who it is that a selection without wildcards matches. */
struct ident selection_ident(const struct selection *selection);

void selection_text(const struct selection *selection, char ret[SELECTION_TEXT_SIZE]);

#endif
