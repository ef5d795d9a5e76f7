#include "mbus/value.h"

#include <string.h>

#include "mbus/time_point.h"

#define BCD_MINUS 0xFU

static const struct {
    uint8_t digits;
    int64_t max;
} bcd_fields[16] = {
    [DATA_FIELD_BCD2] = { 2, 99 },
    [DATA_FIELD_BCD4] = { 4, 9999 },
    [DATA_FIELD_BCD6] = { 6, 999999 },
    [DATA_FIELD_BCD8] = { 8, 99999999 },
    [DATA_FIELD_BCD12] = { 12, 999999999999 },
};

static bool is_bcd(enum data_field field)
{
    return bcd_fields[(unsigned)field & 0x0F].digits != 0;
}

bool value_range(enum data_field field, enum value_coding coding, int64_t *ret_min,
                 int64_t *ret_max)
{
    unsigned length = data_field_length(field);
    uint64_t all_ones;

    if (is_bcd(field)) {
        *ret_max = bcd_fields[field].max;
        *ret_min = -(*ret_max / 10);
        return true;
    }
    if (length == 0 || field == DATA_FIELD_REAL32)
        return false;
    all_ones = UINT64_MAX >> (64 - 8 * length);
    *ret_max = (int64_t)(all_ones >> 1);
    *ret_min = coding == CODING_SIGNED ? -*ret_max : 0;
    if (coding != CODING_SIGNED && length < sizeof(int64_t))
        *ret_max = (int64_t)(all_ones - (coding == CODING_UNSIGNED));
    return true;
}

bool value_is_time(enum data_field field, int64_t bits)
{
    struct time_point time;
    enum time_kind kind;
    uint8_t bytes[sizeof(bits)];
    struct writer w = writer_over(bytes, sizeof(bytes));

    if (!time_kind_of(data_field_length(field), &kind))
        return false;
    write_le(&w, (uint64_t)bits, time_size(kind));
    time_decode(kind, bytes, &time);
    return time_check(kind, &time) == TIME_GOOD;
}

/* Lowest digit first; a minus sign takes the place of the highest (mbus-records 4.1). */
static void bcd_encode(enum data_field field, int64_t number, struct writer *w)
{
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    unsigned digits = bcd_fields[field].digits;
    uint64_t packed = 0;

    for (unsigned shift = 0; shift < 4 * digits; shift += 4) {
        packed |= rest % 10 << shift;
        rest /= 10;
    }
    if (number < 0)
        packed |= (uint64_t)BCD_MINUS << 4 * digits >> 4;
    write_le(w, packed, digits / 2);
}

static void real_encode(float real, struct writer *w)
{
    uint32_t bits;

    memcpy(&bits, &real, sizeof(bits));
    write_le(w, bits, sizeof(bits));
}

void value_encode(enum data_field field, const struct value *value, struct writer *w)
{
    if (field == DATA_FIELD_REAL32)
        real_encode(value->real, w);
    else if (is_bcd(field))
        bcd_encode(field, value->integer, w);
    else
        write_le(w, (uint64_t)value->integer, data_field_length(field));
}
