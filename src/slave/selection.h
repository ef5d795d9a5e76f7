/* Secondary addressing: which meters a selection means (mbus-protocol 7). */
#ifndef SLAVE_SELECTION_H
#define SLAVE_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "meter/meter.h"

/* Identification, manufacturer, version and medium on the wire. */
#define SELECTION_SIZE 8U

/* The mask of a selection: id, manufacturer, version and medium, with what is to be compared. */
struct selection {
    struct ident wanted;    /* with zeros where nothing is compared */
    struct ident mask;      /* ones where it is */
    const uint8_t *records; /* enhanced selection: further records, n bytes */
    size_t n;
};

/* Takes the data behind CI 52 apart. False when it is no selection at all: it matches nobody. */
bool selection_parse(const uint8_t *data, size_t n, struct selection *ret);

/* Whether these 8 bytes match (mbus-protocol 7.1, 7.4): digits of the id and the other bytes one by
 * one, wildcards as anything. */
bool selection_matches_ident(const struct selection *s, const struct ident *ident);

/* Whether the meter has every further record of the selection, with that value (7.5). */
bool selection_matches_records(const struct selection *s, const struct meter *meter);

#endif
