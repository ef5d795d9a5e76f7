#include "mbus/record.h"

void record_encode(const struct record *record, struct writer *w)
{
    dib_encode(&record->dib, w);
    write_bytes(w, record->vib.bytes, record->vib.n);
    value_encode(record->dib.data_field, &record->value, w);
}

size_t record_size(const struct record *record)
{
    struct writer measure = writer_over(NULL, 0);

    record_encode(record, &measure);
    return measure.n;
}
