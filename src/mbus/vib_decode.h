/* VIF and VIFE taken apart: table, code, modifiers, unit in plain text (mbus-records 5 to 11). */
#ifndef MBUS_VIB_DECODE_H
#define MBUS_VIB_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "mbus/decode_fault.h"
#include "mbus/vif.h"
#include "mbus/vife.h"

#define VIF_TEXT 0x7CU
#define VIF_ANY 0x7EU
#define VIF_DIMENSIONLESS 0x3AU /* of table FD */
#define VIF_MANUFACTURER_CODE 0x7FU
#define VIB_TEXT_MAX 255U

/* Where the unit in plain text stands (mbus-records 10). */
enum text_layout {
    TEXT_BEFORE_VIFE, /* behind the VIF: real meters */
    TEXT_BEHIND_VIFE, /* 2018 */
};

/* The VIB without its E bits: where one stands is clear from what follows. */
struct decoded_vib {
    uint8_t table; /* VIF_TABLE_... */
    uint8_t code;  /* in that table */
    uint8_t n_vife;
    uint8_t vife[VIFE_MAX];
    enum text_layout layout; /* of VIF_TEXT with VIFE */
    uint8_t n_text;
    uint8_t text[VIB_TEXT_MAX]; /* ISO 8859-1, in reading order */
};

/* Whether the VIF is a unit in plain text. */
static inline bool vib_is_text(const struct decoded_vib *vib)
{
    return vib->table == VIF_TABLE_PRIMARY && vib->code == VIF_TEXT;
}

/* Takes a VIB off the reader. `layout` is how to read a text that has VIFE. On false `ret_reason`
 * says why, and the reader stands where it happened. */
bool vib_decode(struct reader *r, enum text_layout layout, struct decoded_vib *ret,
                enum decode_reason *ret_reason);

/* Writes VIF, VIFE and text as they were. */
void vib_encode(const struct decoded_vib *vib, struct writer *w);

/* Constants to be added to a value, VIFE 78 to 7B: 10^exponents[i] of the unit of the VIF (`base`),
 * factors that stand behind them among the VIFE are in it. */
struct vib_offsets {
    uint8_t n;
    int8_t exponents[VIFE_MAX];
};

/* Who speaks: VIFE below 20 are record errors of a slave and actions of a master. */
enum direction {
    FROM_SLAVE,
    FROM_MASTER,
};

enum modifier_kind {
    MODIFIER_NAMED,        /* `row` says what it does */
    MODIFIER_ERROR,        /* a record error: RECORD_ERROR_NONE is one too */
    MODIFIER_ACTION,       /* what the master wants done */
    MODIFIER_RESERVED,     /* no meaning */
    MODIFIER_MANUFACTURER, /* a code of the manufacturer's own */
};

struct modifier {
    enum modifier_kind kind;
    uint8_t code;
    bool is_second;             /* the code stands behind FC */
    const char *name;           /* NULL for MODIFIER_RESERVED, MODIFIER_MANUFACTURER and no error */
    const struct vife_row *row; /* of MODIFIER_NAMED */
};

/* Walks the VIFE in their order: { .vib = &vib, .direction = ... } begins. */
struct modifier_walk {
    const struct decoded_vib *vib;
    enum direction direction;
    unsigned at;
    bool is_manufacturers; /* what follows is behind FF */
};

/* The next VIFE, that behind FC under its own name; false at the end. */
bool modifier_next(struct modifier_walk *walk, struct modifier *ret);

#endif
