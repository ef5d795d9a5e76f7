/* DIF and DIFE: function, storage number, tariff, subunit and data field (mbus-records 2, 3). */
#ifndef MBUS_DIF_H
#define MBUS_DIF_H

#include <stdint.h>

#include "base/bytes.h"

/* Low nibble of the DIF (mbus-records 3.1). */
enum data_field {
    DATA_FIELD_NONE = 0x0,
    DATA_FIELD_INT8 = 0x1,
    DATA_FIELD_INT16 = 0x2,
    DATA_FIELD_INT24 = 0x3,
    DATA_FIELD_INT32 = 0x4,
    DATA_FIELD_REAL32 = 0x5,
    DATA_FIELD_INT48 = 0x6,
    DATA_FIELD_INT64 = 0x7,
    DATA_FIELD_SELECTION = 0x8,
    DATA_FIELD_BCD2 = 0x9,
    DATA_FIELD_BCD4 = 0xA,
    DATA_FIELD_BCD6 = 0xB,
    DATA_FIELD_BCD8 = 0xC,
    DATA_FIELD_VARIABLE = 0xD,
    DATA_FIELD_BCD12 = 0xE,
};

/* Bits 5 and 4 of the DIF. */
enum dif_function {
    DIF_INSTANTANEOUS = 0,
    DIF_MAXIMUM = 1,
    DIF_MINIMUM = 2,
    DIF_ERROR = 3,
};

/* How many DIFE may follow a DIF; 2018 allows one more that is 00 (mbus-records 2.4). */
#define DIFE_MAX 10U

#define DIF_STORAGE_MAX ((UINT64_C(1) << 41) - 1)
#define DIF_TARIFF_MAX ((UINT32_C(1) << 20) - 1)
#define DIF_SUBUNIT_MAX ((UINT16_C(1) << 10) - 1)

struct dib {
    enum data_field data_field;
    enum dif_function function;
    uint64_t storage; /* 0 to DIF_STORAGE_MAX */
    uint32_t tariff;  /* 0 to DIF_TARIFF_MAX */
    uint16_t subunit; /* 0 to DIF_SUBUNIT_MAX */
    uint8_t n_dife;   /* so many DIFE at least, up to DIFE_MAX + 1: mostly 0, as few as needed */
};

/* Writes DIF and as few DIFE as carry the numbers, or dib->n_dife if that is more: 1 to 12 bytes
 * (mbus-records 2.2). */
void dib_encode(const struct dib *dib, struct writer *w);

/* The same with `n_dife` DIFE (0 to DIFE_MAX + 1) where the numbers need no more: what meters send
 * is not always minimal (mbus-records 13.1). */
void dib_encode_long(const struct dib *dib, unsigned n_dife, struct writer *w);

/* What a DIF says alone (mbus-records 2.1). */
struct dib dib_of_dif(uint8_t dif);

/* Adds DIFE number `k`, counted from 0: four bits of storage, two of tariff, one of subunit
 * (mbus-records 2.2). Beyond the tenth there is nothing left to add. */
void dib_add_dife(struct dib *dib, unsigned k, uint8_t dife);

/* Bytes of data behind the VIB, 0 to 8; DATA_FIELD_VARIABLE says its own length and answers 0. */
unsigned data_field_length(enum data_field field);

#endif
