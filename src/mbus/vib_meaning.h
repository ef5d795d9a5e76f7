/* What VIF and VIFE together make of the data of a record (mbus-records 5 to 8). */
#ifndef MBUS_VIB_MEANING_H
#define MBUS_VIB_MEANING_H

#include "mbus/dif.h"
#include "mbus/value.h"
#include "mbus/vib_decode.h"
#include "mbus/vif.h"

struct vib_meaning {
    const char *quantity; /* "volume"; NULL where the code is reserved; of a text "custom" */
    const struct vif_family *family; /* the row of the code, or NULL */
    enum vif_type type;              /* of the data */
    enum vif_base base;              /* what one count is 10^exponent of */
    int exponent;                    /* factors among the VIFE are in it */
    struct vib_offsets offsets;      /* what is added to the value */
    const char *error;               /* "no_data_available": a record error of the slave; or NULL */
};

void vib_meaning_of(const struct decoded_vib *vib, enum direction direction,
                    struct vib_meaning *ret);

/* How data of such a type stand in a field that holds an integer. */
enum value_coding vif_coding(enum vif_type type, enum data_field field);

#endif
