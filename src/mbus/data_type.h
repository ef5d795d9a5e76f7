/* The types of records as people name them: which data field, and what stands in it (mbus-records
 * 12.3). */
#ifndef MBUS_DATA_TYPE_H
#define MBUS_DATA_TYPE_H

#include <stddef.h>
#include <stdint.h>

#include "mbus/dif.h"

enum data_form {
    FORM_NUMBER,
    FORM_TEXT,
    FORM_BINARY,
    FORM_TIME,
    FORM_NONE,
};

struct data_type {
    const char *name;
    const char *meaning;
    enum data_field field;
    enum data_form form;
};

extern const struct data_type data_types[];
extern const size_t n_data_types;

/* The type of that name, or NULL. */
const struct data_type *data_type_find(const char *name);

/* The first type with this data field and form, or NULL. */
const struct data_type *data_type_of(enum data_field field, enum data_form form);

#endif
