#include "mbus/record.h"

void record_encode(const struct record *record, struct writer *w)
{
    dib_encode(&record->dib, w);
    vib_write(&record->vib, w);
    if (record->dib.data_field == DATA_FIELD_VARIABLE) {
        write_u8(w, record->lvar);
        write_bytes(w, record->data, lvar_decode(record->lvar).length);
    } else {
        value_encode(record->dib.data_field, &record->value, w);
    }
}

size_t record_size(const struct record *record)
{
    struct writer measure = writer_over(NULL, 0);

    record_encode(record, &measure);
    return measure.n;
}
