/* One data record: DIB, VIB, data (mbus-records 1). */
#ifndef MBUS_RECORD_H
#define MBUS_RECORD_H

#include <stddef.h>

#include "base/bytes.h"
#include "mbus/dif.h"
#include "mbus/lvar.h"
#include "mbus/value.h"
#include "mbus/vif.h"

struct record {
    struct dib dib;
    struct vib vib;
    enum value_coding coding;
    struct value value;  /* of every data field but DATA_FIELD_VARIABLE */
    uint8_t lvar;        /* of DATA_FIELD_VARIABLE: LVAR, and what is behind it */
    const uint8_t *data; /* as on the wire; its owner is whoever built the record */
};

void record_encode(const struct record *record, struct writer *w);

/* Bytes of the record on the wire. */
size_t record_size(const struct record *record);

#endif
