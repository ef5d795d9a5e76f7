/* Combinable VIFE: what stands behind a VIF and changes what it says (mbus-records 8 and 9). */
#ifndef MBUS_VIFE_H
#define MBUS_VIFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mbus/vif.h"

/* What a VIFE does to the record. */
enum vife_effect {
    VIFE_RESERVED,     /* no meaning: the row has no name */
    VIFE_NAMES,        /* nothing beyond its name */
    VIFE_COUNTS,       /* the data are a count of events, without unit */
    VIFE_DATES,        /* the data are a date or a time, by their length */
    VIFE_LASTS,        /* the data are a duration, in row->base */
    VIFE_FACTOR,       /* the value is multiplied by 10^row->exponent */
    VIFE_OFFSET,       /* 10^row->exponent of the unit is added to the value */
    VIFE_UNSIGNED,     /* binary data are type C */
    VIFE_BITS,         /* binary data are type D */
    VIFE_NON_METRIC,   /* the unit is its non-metric counterpart */
    VIFE_PROFILE,      /* the data are a compact profile: bytes (mbus-records 8.3) */
    VIFE_SECOND_TABLE, /* the next VIFE is from vife_second_rows */
    VIFE_MANUFACTURER, /* all that follows is the manufacturer's */
};

struct vife_row {
    const char *name; /* as a modifier is called in the configuration; NULL when reserved */
    enum vife_effect effect;
    enum vif_base base; /* of VIFE_LASTS */
    int8_t exponent;    /* of VIFE_FACTOR and VIFE_OFFSET */
    bool is_draft;      /* of a draft newer than 2018: read, sent by nobody (mbus-records 15) */
};

#define VIFE_CODES 128U

/* By code, E bit clear: mbus-records 8.1 from 10 on, and 8.2. What is left out below 20 is an error
 * or an action. */
extern const struct vife_row vife_rows[VIFE_CODES];
extern const struct vife_row vife_second_rows[VIFE_CODES];

/* Whether the configuration takes a row by its name: it has one, and it says by itself what it
 * does. */
bool vife_is_chosen(const struct vife_row *row);

/* The row that the configuration takes by this name, or NULL; `ret_code` holds one byte, or FC and
 * one, without extension bits. */
const struct vife_row *vife_find(const char *name, uint8_t ret_code[2], uint8_t *ret_n);

#define VIFE_ERRORS 0x1DU
#define VIFE_ACTIONS 0x0EU

/* Names of record errors and of actions by code; NULL where there is none (mbus-records 9). */
extern const char *const vife_errors[VIFE_ERRORS];
extern const char *const vife_actions[VIFE_ACTIONS];

#define RECORD_ERROR_NONE 0x00U
#define RECORD_ERROR_NO_DATA 0x15U
#define RECORD_ERROR_OVERFLOW 0x16U
#define RECORD_ERROR_UNDERFLOW 0x17U
#define RECORD_ERROR_DATA 0x18U

/* The name of a record error that a slave reports, "no_data_available" for 15 (mbus-records 9.2);
 * NULL when the code reports none: 00, the reserved ones and all others. */
const char *vife_error_name(uint8_t code);

/* The name of what a master asks to be done with an object, "add" for 01 (mbus-records 9.1); NULL
 * for the reserved codes and all others. */
const char *vife_action_name(uint8_t code);

/* Whether a name is that of a record error or of an action. */
bool vife_is_error_or_action(const char *name);

#endif
