#include "mbus/fixed.h"

#include "base/macros.h"
#include "mbus/value.h"

/* mbus-protocol 11.3: consecutive codes, a power of ten each. */
static const struct {
    enum vif_base base;
    int exponent; /* of the first code */
    uint8_t first, n;
    const char *quantity;
} units[] = {
    { VIF_BASE_NONE, 0, FIXED_UNIT_NONE, 1, "count" },
    { VIF_BASE_NONE, 0, 0x00, 1, "time" },
    { VIF_BASE_NONE, 0, 0x01, 1, "date" },
    { VIF_BASE_WH, 0, 0x02, 9, "energy" },
    { VIF_BASE_J, 3, 0x0B, 9, "energy" },
    { VIF_BASE_W, 0, 0x14, 9, "power" },
    { VIF_BASE_J_PER_H, 3, 0x1D, 9, "power" },
    { VIF_BASE_M3, -6, 0x26, 9, "volume" },
    { VIF_BASE_M3_PER_H, -6, 0x2F, 9, "volume_flow" },
    { VIF_BASE_DEGC, -3, 0x38, 1, "temperature" },
    { VIF_BASE_HCA, 0, 0x39, 1, "hca" },
};

/* mbus-protocol 11.2, for the device types of mbus-protocol 10.6. */
static const struct {
    uint8_t medium, code;
} fixed_media[] = {
    { 0x00, 0x0 }, { 0x01, 0x1 }, { 0x02, 0x2 }, { 0x03, 0x3 }, { 0x04, 0x4 }, { 0x05, 0x5 },
    { 0x06, 0x6 }, { 0x07, 0x7 }, { 0x08, 0x8 }, { 0x15, 0x6 }, /* hot water has one code here for
                                                                   both of its types there */
    { 0x03, 0xA }, { 0x04, 0xB }, { 0x06, 0xC }, { 0x07, 0xD }, { 0x08, 0xE }, /* mode 2 */
};

int fixed_unit(enum vif_base base, int exponent)
{
    for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
        int step = exponent - units[i].exponent;

        if (units[i].base == base && step >= 0 && step < units[i].n)
            return units[i].first + step;
    }
    return -1;
}

int fixed_medium(uint8_t medium)
{
    for (size_t i = 0; i < ARRAY_SIZE(fixed_media); i++) {
        if (fixed_media[i].medium == medium)
            return fixed_media[i].code;
    }
    return -1;
}

bool fixed_unit_meaning(uint8_t unit, struct fixed_meaning *ret)
{
    for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
        if (unit >= units[i].first && unit - units[i].first < units[i].n) {
            *ret = (struct fixed_meaning){ .quantity = units[i].quantity,
                                           .base = units[i].base,
                                           .exponent = units[i].exponent + unit - units[i].first };
            return true;
        }
    }
    return false;
}

int fixed_device_type(uint8_t medium)
{
    for (size_t i = 0; i < ARRAY_SIZE(fixed_media); i++) {
        if (fixed_media[i].code == medium)
            return fixed_media[i].medium;
    }
    return -1;
}

void fixed_encode(const struct fixed *fixed, struct writer *w)
{
    enum data_field field =
        fixed->status & FIXED_STATUS_BINARY ? DATA_FIELD_INT32 : DATA_FIELD_BCD8;

    write_le(w, fixed->id, 4);
    write_u8(w, fixed->access);
    write_u8(w, fixed->status);
    write_u8(w, (uint8_t)((fixed->medium & 3) << 6 | fixed->counters[0].unit));
    write_u8(w, (uint8_t)(fixed->medium >> 2 << 6 | fixed->counters[1].unit));
    for (size_t i = 0; i < ARRAY_SIZE(fixed->counters); i++)
        value_encode(field, &(struct value){ .integer = fixed->counters[i].value }, w);
}
