#include "mbus/dif.h"

#define EXTENSION 0x80U

unsigned data_field_length(enum data_field field)
{
    static const uint8_t lengths[16] = {
        [DATA_FIELD_INT8] = 1,  [DATA_FIELD_INT16] = 2,  [DATA_FIELD_INT24] = 3,
        [DATA_FIELD_INT32] = 4, [DATA_FIELD_REAL32] = 4, [DATA_FIELD_INT48] = 6,
        [DATA_FIELD_INT64] = 8, [DATA_FIELD_BCD2] = 1,   [DATA_FIELD_BCD4] = 2,
        [DATA_FIELD_BCD6] = 3,  [DATA_FIELD_BCD8] = 4,   [DATA_FIELD_BCD12] = 6,
    };

    return lengths[(unsigned)field & 0x0F];
}

void dib_encode(const struct dib *dib, struct writer *w)
{
    dib_encode_long(dib, dib->n_dife, w);
}

void dib_encode_long(const struct dib *dib, unsigned n_dife, struct writer *w)
{
    uint64_t storage = dib->storage >> 1;
    uint32_t tariff = dib->tariff;
    uint32_t subunit = dib->subunit;
    uint8_t byte = (uint8_t)((unsigned)dib->data_field | (unsigned)dib->function << 4 |
                             (unsigned)(dib->storage & 1) << 6);

    for (unsigned k = 0; storage || tariff || subunit || k < n_dife; k++) {
        write_u8(w, byte | EXTENSION);
        byte = (uint8_t)((storage & 0x0F) | (tariff & 3) << 4 | (subunit & 1) << 6);
        storage >>= 4;
        tariff >>= 2;
        subunit >>= 1;
    }
    write_u8(w, byte);
}

struct dib dib_of_dif(uint8_t dif)
{
    return (struct dib){ .data_field = (enum data_field)(dif & 0x0F),
                         .function = (enum dif_function)(dif >> 4 & 3),
                         .storage = dif >> 6 & 1 };
}

void dib_add_dife(struct dib *dib, unsigned k, uint8_t dife)
{
    if (k >= DIFE_MAX)
        return;
    dib->storage |= (uint64_t)(dife & 0x0F) << (4 * k + 1);
    dib->tariff |= (uint32_t)(dife >> 4 & 3) << (2 * k);
    dib->subunit |= (uint16_t)((dife >> 6 & 1) << k);
}
