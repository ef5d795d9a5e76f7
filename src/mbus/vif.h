/* VIF and VIFE: which code says "volume in litres" (mbus-records 5, 6, 7 and 12). */
#ifndef MBUS_VIF_H
#define MBUS_VIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* What a count of a VIF is a power of ten of. Times are a base each: they are no powers of ten of
 * one another. */
enum vif_base {
    VIF_BASE_NONE,
    VIF_BASE_HCA, /* units of a heat cost allocator: no name, but not nothing */
    VIF_BASE_WH,
    VIF_BASE_J,
    VIF_BASE_CAL,
    VIF_BASE_VARH,
    VIF_BASE_VAH,
    VIF_BASE_M3,
    VIF_BASE_FT3,
    VIF_BASE_KG,
    VIF_BASE_SECOND,
    VIF_BASE_MINUTE,
    VIF_BASE_HOUR,
    VIF_BASE_DAY,
    VIF_BASE_MONTH,
    VIF_BASE_YEAR,
    VIF_BASE_W,
    VIF_BASE_J_PER_H,
    VIF_BASE_VAR,
    VIF_BASE_VA,
    VIF_BASE_M3_PER_H,
    VIF_BASE_M3_PER_MIN,
    VIF_BASE_M3_PER_S,
    VIF_BASE_KG_PER_H,
    VIF_BASE_DEGC,
    VIF_BASE_KELVIN,
    VIF_BASE_BAR,
    VIF_BASE_PERCENT,
    VIF_BASE_VOLT,
    VIF_BASE_AMPERE,
    VIF_BASE_HERTZ,
    VIF_BASE_DEGREE,
    VIF_BASE_DBM,
    VIF_BASE_BAUD,
    VIF_BASE_BIT_TIME,
    VIF_BASE_CURRENCY,
    VIF_BASE_GALLON, /* US gallons and degrees Fahrenheit: retired in 2018, read and never sent */
    VIF_BASE_GALLON_PER_MIN,
    VIF_BASE_GALLON_PER_H,
    VIF_BASE_DEGF,
};

/* What a VIF makes of its data (mbus-records 4, and the type columns of 5, 6 and 7). */
enum vif_type {
    VIF_NUMBER,         /* what the data field says: type A, B or H */
    VIF_UNSIGNED,       /* type C where the data field is binary, else as VIF_NUMBER */
    VIF_LABEL,          /* as VIF_UNSIGNED, and where a text makes sense (mbus-records 6) */
    VIF_BITS,           /* type D where the data field is binary, else as VIF_NUMBER */
    VIF_FRACTION,       /* as VIF_UNSIGNED, counted in 2^-12 */
    VIF_DATE,           /* type G, in two bytes alone */
    VIF_DATETIME,       /* J, F or I by the length of the data */
    VIF_TIME_POINT,     /* G, J, F or I by the length of the data */
    VIF_MANUFACTURER,   /* as VIF_UNSIGNED: the code of the header */
    VIF_MEDIUM,         /* as VIF_UNSIGNED: the code of the header */
    VIF_IDENTIFICATION, /* as VIF_UNSIGNED; in eight bytes a whole secondary address */
    VIF_OPAQUE,         /* the manufacturer's: a number by its data field, or bytes */
    VIF_CONTAINER,      /* bytes in their order, of any number */
    VIF_RULE,           /* bytes in their order: types K and L (mbus-records 15) */
};

/* A unit that people write: "kWh" is 10^3 of VIF_BASE_WH. */
struct vif_unit {
    const char *name;
    enum vif_base base;
    int exponent;
};

/* Consecutive codes of one quantity whose counts grow by a power of ten each. */
struct vif_family {
    const char *quantity;
    enum vif_base base;
    uint8_t table; /* 0 the primary table, 0xFB, 0xFD, VIF_TABLE_FD_FD: extension tables */
    uint8_t first; /* code of the smallest count, E bit clear */
    uint8_t n;     /* how many codes */
    int exponent;  /* of the first code, in the base unit */
    enum vif_type type;
};

#define VIF_TABLE_PRIMARY 0x00U
#define VIF_TABLE_EF 0xEFU /* reserved: no code of it has a meaning */
#define VIF_TABLE_FB 0xFBU
#define VIF_TABLE_FD 0xFDU
#define VIF_TABLE_FD_FD 0xDDU /* behind the two bytes FD FD; the number is ours */

extern const struct vif_unit vif_units[];
extern const size_t n_vif_units;
extern const struct vif_family vif_families[];
extern const size_t n_vif_families;

/* What is read and never sent by its name: what 2018 retired, or a later draft has. */
extern const struct vif_unit vif_retired_units[];
extern const size_t n_vif_retired_units;
extern const struct vif_family vif_other_families[];
extern const size_t n_vif_other_families;

/* Bytes behind the VIF, that behind FB or FD among them. */
#define VIFE_MAX 10U
#define VIB_MAX (1U + VIFE_MAX)

/* The VIF with its VIFE, as on the wire, and its unit in plain text (mbus-records 10). */
struct vib {
    uint8_t bytes[VIB_MAX];
    uint8_t n;
    uint8_t n_text;
    bool text_first;     /* the text stands before the VIFE, not behind them */
    const uint8_t *text; /* last character first; its owner is whoever built it */
};

void vib_write(const struct vib *vib, struct writer *w);

/* One count of `family` is 10^exponent of its base unit; `vib` is the code for it, and behind it
 * the VIFE that multiplies by 10^factor when that is not 0. */
struct vif_choice {
    const struct vif_family *family;
    int exponent;
    int factor;
    struct vib vib;
};

enum vif_verdict {
    VIF_OK,
    VIF_QUANTITY_UNKNOWN,
    VIF_QUANTITY_NEEDED, /* the unit serves several quantities */
    VIF_UNIT_NEEDED,     /* the quantity exists in several units and none was given */
    VIF_UNIT_MISMATCH,   /* the quantity is not counted in this unit */
    VIF_NO_EXPONENT,     /* no code counts in this power of ten: choice->exponent has the nearest */
};

/* The row of a code (E bit clear) of a table, from either array; NULL where it is reserved. Of
 * several quantities of one code it is the first. */
const struct vif_family *vif_find(uint8_t table, uint8_t code);

/*
 * The unit in which people read a count of 10^exponent of a base: the least that is not smaller
 * than one count, from those that lie within the row, or else the largest of these. NULL for what
 * has no unit. `family` may be NULL: then all units of the base are considered.
 */
const struct vif_unit *vif_unit_for(const struct vif_family *family, enum vif_base base,
                                    int exponent);

/* So much of a unit for each pulse: a name that stands for the quantity of the unit with the VIFE
 * of input 0 (mbus-records 12.2). */
#define VIF_PULSE_WEIGHT "pulse_weight"

/* The quantities that a record can be of, some more than once: those of vif_families and
 * VIF_PULSE_WEIGHT. */
size_t vif_n_quantities(void);
const char *vif_quantity(size_t i);

/* A unit by its name, or NULL. */
const struct vif_unit *vif_unit_find(const char *name);

/* Takes the factor out of a choice: the code alone, whose counts are of choice->exponent. */
void vif_choice_drop_factor(struct vif_choice *choice);

/*
 * The code for a quantity counted in 10^resolution of a unit, primary table first, then the nearest
 * with a factor behind it (mbus-records 12.1). One of `quantity` and `unit` may be NULL. `ret` is
 * set on VIF_OK; on VIF_NO_EXPONENT it holds the nearest that has a code.
 */
enum vif_verdict vif_choose(const char *quantity, const struct vif_unit *unit, int resolution,
                            struct vif_choice *ret);

#endif
