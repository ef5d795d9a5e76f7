#include "store/setting.h"

#include <string.h>

void record_key_of(const struct record *record, struct record_key *ret)
{
    struct writer w = writer_over(ret->bytes, sizeof(ret->bytes));

    dib_encode(&record->dib, &w);
    vib_write(&record->vib, &w);
    ret->n = w.failed ? 0 : w.n;
}

bool has_value(const struct record *record)
{
    int64_t min, max;

    return record->dib.data_field == DATA_FIELD_REAL32 ||
           value_range(record->dib.data_field, record->coding, &min, &max);
}

bool keeps_number(const struct meter_record *record)
{
    return record->is_live && record->is_kept && has_value(&record->wire);
}

bool values_equal(enum data_field field, const struct value *a, const struct value *b)
{
    if (field == DATA_FIELD_REAL32)
        return real_bits(a->real) == real_bits(b->real);
    return a->integer == b->integer;
}

uint32_t real_bits(float real)
{
    uint32_t bits;

    memcpy(&bits, &real, sizeof(bits));
    return bits;
}

float real_of_bits(uint32_t bits)
{
    float real;

    memcpy(&real, &bits, sizeof(real));
    return real;
}

uint64_t double_bits(double real)
{
    uint64_t bits;

    memcpy(&bits, &real, sizeof(bits));
    return bits;
}

double double_of_bits(uint64_t bits)
{
    double real;

    memcpy(&real, &bits, sizeof(real));
    return real;
}
