/* Walks the records of a telegram: where DIB, VIB and data of each begin (mbus-records 1 to 3). */
#ifndef MBUS_RECORD_VIEW_H
#define MBUS_RECORD_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mbus/dif.h"
#include "mbus/vif.h"

struct record_view {
    struct dib dib;
    unsigned n_dife;    /* the DIB stands right before the VIB, in 1 + n_dife bytes */
    const uint8_t *vib; /* VIF and VIFE as they stand */
    size_t n_vib;
    const uint8_t *data; /* behind LVAR, where there is one */
    size_t n_data;
    uint8_t lvar; /* of DATA_FIELD_VARIABLE */
};

/* What is the matter with a malformed record. */
enum record_fault {
    RECORD_GOOD,
    RECORD_CUT_OFF, /* the bytes end within it */
    RECORD_TOO_MANY_DIFE,
    RECORD_TOO_MANY_VIFE,
    RECORD_PLAIN_TEXT, /* a VIF of plain text, whose layout is ambiguous */
    RECORD_RESERVED_LVAR,
};

/* A cursor over records; `fault` is set with RECORD_MALFORMED. */
struct record_reader {
    const uint8_t *at, *end;
    enum record_fault fault;
};

enum record_step {
    RECORD_NONE,    /* the end, neatly */
    RECORD_ONE,     /* `ret` holds one */
    RECORD_SPECIAL, /* 0F, 1F, 7F ...: ret->dib.data_field holds the whole DIF, r->at is behind it
                     */
    RECORD_MALFORMED,
};

/* Whether the first `n` bytes of the view's VIB mean this VIB: the same codes, extension bits
 * aside; VIF 7E and VIFE 7E mean whatever follows (mbus-protocol 13.5). */
bool record_view_means_vib(const struct record_view *v, size_t n, const struct vib *vib);

/* Whether they are this VIB, extension bits aside: there 7E is a code like any other. */
bool record_view_is_vib(const struct record_view *v, size_t n, const struct vib *vib);

/* The next record; fill bytes (2F) are skipped. */
enum record_step record_next(struct record_reader *r, struct record_view *ret);

#endif
