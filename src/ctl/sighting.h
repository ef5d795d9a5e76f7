/* A meter that a scan has seen, as a row of a table or an object of JSON. */
#ifndef CTL_SIGHTING_H
#define CTL_SIGHTING_H

#include <stdbool.h>
#include <stdio.h>

#include "ctl/address.h"
#include "mbus/ident.h"

struct answer;

struct sighting {
    int address;   /* primary, or -1 when it is not known */
    bool is_meter; /* one, that answers for itself */
    bool has_id;   /* `ident` has id and medium */
    bool has_all;  /* and manufacturer and version: the fixed structure has not */
    struct ident ident;
    const char *problem; /* NULL, or why that is all */
};

/* What an RSP_UD says of who sent it. */
void sighting_of(const struct answer *answer, struct sighting *ret);

/* Writes one; `number` is that of those before it. */
void sighting_write_row(FILE *out, unsigned number, const struct sighting *sighting);
void sighting_write_json(FILE *out, unsigned number, const struct sighting *sighting);

#endif
