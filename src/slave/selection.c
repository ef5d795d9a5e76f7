#include "slave/selection.h"

#include <string.h>

#include "base/macros.h"
#include "mbus/record_view.h"

#define WILD_NIBBLE 0xFU
#define WILD_BYTE 0xFFU

/* Ones in every nibble that is no wildcard. */
static uint64_t digit_mask(uint64_t digits, unsigned n)
{
    uint64_t mask = 0;

    for (unsigned shift = 0; shift < 4 * n; shift += 4) {
        if ((digits >> shift & 0xF) != WILD_NIBBLE)
            mask |= (uint64_t)0xF << shift;
    }
    return mask;
}

static uint8_t byte_mask(uint8_t byte)
{
    return byte == WILD_BYTE ? 0 : 0xFF;
}

bool selection_parse(const uint8_t *data, size_t n, struct selection *ret)
{
    if (n < SELECTION_SIZE)
        return false;
    ret->wanted = (struct ident){ .id = (uint32_t)bytes_le(data, 4),
                                  .manufacturer = (uint16_t)bytes_le(data + 4, 2),
                                  .version = data[6],
                                  .medium = data[7] };
    ret->mask = (struct ident){
        .id = (uint32_t)digit_mask(ret->wanted.id, 8),
        .manufacturer = (uint16_t)(byte_mask(data[4]) | byte_mask(data[5]) << 8),
        .version = byte_mask(data[6]),
        .medium = byte_mask(data[7]),
    };
    ret->wanted.id &= ret->mask.id;
    ret->wanted.manufacturer &= ret->mask.manufacturer;
    ret->wanted.version &= ret->mask.version;
    ret->wanted.medium &= ret->mask.medium;
    ret->records = data + SELECTION_SIZE;
    ret->n = n - SELECTION_SIZE;
    return true;
}

bool selection_matches_ident(const struct selection *s, const struct ident *ident)
{
    return (ident->id & s->mask.id) == s->wanted.id &&
           (ident->manufacturer & s->mask.manufacturer) == s->wanted.manufacturer &&
           (ident->version & s->mask.version) == s->wanted.version &&
           (ident->medium & s->mask.medium) == s->wanted.medium;
}

/* ---- enhanced selection ---------------------------------------------------------------------- */

static bool is_bcd(enum data_field field)
{
    return (field >= DATA_FIELD_BCD2 && field <= DATA_FIELD_BCD8) || field == DATA_FIELD_BCD12;
}

/* The digits of a number, lowest nibble first. */
static uint64_t to_digits(int64_t number)
{
    uint64_t digits = 0;

    for (unsigned shift = 0; number > 0 && shift < 64; shift += 4) {
        digits |= (uint64_t)(number % 10) << shift;
        number /= 10;
    }
    return digits;
}

/* A binary number of the wire: of type B, or as our own record has it. */
static int64_t to_number(const struct record_view *v, enum value_coding coding)
{
    unsigned unused = 64 - 8 * (unsigned)v->n_data;
    uint64_t word = bytes_le(v->data, v->n_data);

    if (coding != CODING_SIGNED)
        return (int64_t)word;
    return (int64_t)(word << unused) >> unused;
}

/* Wildcards compare digit by digit in the width asked for, so the rest of ours must be zero. */
static bool digits_match(const struct record_view *v, int64_t own)
{
    uint64_t asked = bytes_le(v->data, v->n_data),
             mask = digit_mask(asked, 2 * (unsigned)v->n_data);
    uint64_t beyond = v->n_data < 8 ? UINT64_MAX << 8 * v->n_data : 0;

    return own >= 0 && (to_digits(own) & (mask | beyond)) == (asked & mask);
}

/* LVAR and bytes as they are: the same text, the same number of variable length. */
static bool data_match(const struct record_view *v, const struct record *own)
{
    return v->dib.data_field == own->dib.data_field && v->lvar == own->lvar &&
           (v->n_data == 0 || memcmp(v->data, own->data, v->n_data) == 0);
}

static bool value_matches(const struct record_view *v, const struct record *own, int64_t value)
{
    if (own->dib.data_field == DATA_FIELD_VARIABLE)
        return data_match(v, own);
    if (own->dib.data_field == DATA_FIELD_REAL32 || v->n_data == 0)
        return false;
    if (is_bcd(v->dib.data_field))
        return digits_match(v, value);
    if (v->dib.data_field == DATA_FIELD_VARIABLE || v->dib.data_field == DATA_FIELD_REAL32)
        return false;
    return to_number(v, own->coding) == value;
}

/* mbus-protocol 7.5: the same VIF and VIFE, storage 0, tariff 0, subunit 0; the width may differ.
 */
static bool record_matches(const struct record_view *v, const struct record *own, int64_t value)
{
    return own->dib.storage == 0 && own->dib.tariff == 0 && own->dib.subunit == 0 &&
           own->vib.n == v->n_vib && memcmp(own->vib.bytes, v->vib, v->n_vib) == 0 &&
           value_matches(v, own, value);
}

static bool has_record(const struct meter *meter, const struct record_view *v)
{
    const struct meter_def *def = meter->def;

    if (v->dib.storage != 0 || v->dib.tariff != 0 || v->dib.subunit != 0)
        return false;
    for (size_t i = 0; i < def->n_records; i++) {
        if (record_matches(v, &def->records[i].wire, meter->now.cells[i].value.integer))
            return true;
    }
    return false;
}

bool selection_matches_records(const struct selection *s, const struct meter *meter)
{
    struct record_reader r = { .at = s->records, .end = s->records + s->n };
    struct record_view v;

    for (;;) {
        switch (record_next(&r, &v)) {
        case RECORD_NONE:
            return true;
        case RECORD_ONE:
            if (!has_record(meter, &v))
                return false;
            break;
        case RECORD_SPECIAL:
        case RECORD_MALFORMED:
            return false;
        }
    }
}
