#include "mbus/record_decode.h"

#include "mbus/vib_meaning.h"

#define EXTENSION 0x80U

static bool fail(enum decode_reason reason, size_t missing, struct decode_fault *ret)
{
    *ret = (struct decode_fault){ .reason = reason, .missing = missing };
    return false;
}

/* mbus-records 2.2 and 2.4: an eleventh DIFE is one when it is 00. */
static bool read_dib(struct reader *r, struct dib *ret, uint8_t *ret_n, struct decode_fault *fault)
{
    uint8_t byte = 0;

    *ret_n = 0;
    if (!read_u8(r, &byte))
        return fail(DECODE_DIFE_MISSING, 1, fault);
    *ret = dib_of_dif(byte);
    while (byte & EXTENSION) {
        if (reader_left(r) == 0)
            return fail(DECODE_DIFE_MISSING, 1, fault);
        if (*ret_n == DIFE_MAX && *r->at != 0)
            return fail(DECODE_TOO_MANY_DIFE, 0, fault);
        (void)read_u8(r, &byte);
        dib_add_dife(ret, (*ret_n)++, byte);
    }
    return true;
}

/* Takes LVAR and data off the reader. */
static bool read_data(struct reader *r, enum data_field field, uint8_t *ret_lvar,
                      const uint8_t **ret, size_t *ret_n, struct decode_fault *fault)
{
    *ret_n = data_field_length(field);
    *ret_lvar = 0;
    if (field == DATA_FIELD_VARIABLE) {
        if (reader_left(r) == 0)
            return fail(DECODE_LVAR_MISSING, 1, fault);
        if (lvar_decode(*r->at).kind == LVAR_RESERVED)
            return fail(DECODE_RESERVED_LVAR, 0, fault);
        (void)read_u8(r, ret_lvar);
        *ret_n = lvar_decode(*ret_lvar).length;
    }
    if (!read_bytes(r, *ret_n, ret))
        return fail(DECODE_DATA_CUT_OFF, *ret_n - reader_left(r), fault);
    return true;
}

static bool is_printable(const struct decoded_vib *vib)
{
    for (size_t i = 0; i < vib->n_text; i++) {
        if ((vib->text[i] & 0x7F) < 0x20 || vib->text[i] == 0x7F)
            return false;
    }
    return vib->n_text > 0;
}

/* Whether VIB and data make sense with this layout of the text; the reader is then behind them. */
static bool fits(struct reader *r, enum data_field field, enum text_layout layout)
{
    struct decode_fault fault = { 0 };
    struct decoded_vib vib;
    const uint8_t *data;
    size_t n;
    uint8_t lvar;

    return vib_decode(r, layout, &vib, &fault.reason) &&
           (!vib_is_text(&vib) || vib.n_vife == 0 || is_printable(&vib)) &&
           read_data(r, field, &lvar, &data, &n, &fault);
}

static bool skip_record(struct reader *r)
{
    struct decode_fault fault;
    struct reader attempt;
    struct dib dib;
    uint8_t n_dife;

    if (!read_dib(r, &dib, &n_dife, &fault))
        return false;
    attempt = *r;
    if (fits(&attempt, dib.data_field, TEXT_BEFORE_VIFE)) {
        *r = attempt;
        return true;
    }
    return fits(r, dib.data_field, TEXT_BEHIND_VIFE);
}

/* Whether all up to the end are records, fill bytes, or what ends them. */
static bool is_clean(struct reader r)
{
    while (reader_left(&r) > 0) {
        if (*r.at == DIF_MANUFACTURER || *r.at == DIF_MORE_FOLLOWS)
            return true;
        if (*r.at == DIF_FILL)
            r.at++;
        else if (dif_is_special(*r.at) || !skip_record(&r))
            return false;
    }
    return true;
}

/* The byte behind FC is a length that a unit has, or else a VIFE that may stand there. */
static enum text_layout likely_layout(uint8_t behind)
{
    return behind >= 0x20 ? TEXT_BEHIND_VIFE : TEXT_BEFORE_VIFE;
}

static enum text_layout choose_layout(const struct reader *r, enum data_field field)
{
    struct reader before = *r, behind = *r;
    bool before_fits, behind_fits;

    if (reader_left(r) < 2 || *r->at != (VIF_TEXT | EXTENSION))
        return TEXT_BEFORE_VIFE;
    before_fits = fits(&before, field, TEXT_BEFORE_VIFE);
    behind_fits = fits(&behind, field, TEXT_BEHIND_VIFE);
    if (before_fits && behind_fits) {
        before_fits = is_clean(before);
        behind_fits = is_clean(behind);
    }
    if (before_fits == behind_fits)
        return likely_layout(r->at[1]);
    return before_fits ? TEXT_BEFORE_VIFE : TEXT_BEHIND_VIFE;
}

/* What VIF and VIFE say, before the data are looked at. */
static void find_meaning(enum direction direction, struct decoded_record *ret)
{
    struct vib_meaning meaning;

    vib_meaning_of(&ret->vib, direction, &meaning);
    ret->quantity = meaning.quantity;
    ret->family = meaning.family;
    ret->type = meaning.type;
    ret->base = meaning.base;
    ret->exponent = meaning.exponent;
    ret->offsets = meaning.offsets;
    ret->error = meaning.error;
}

/* Some codes have a name of their own for some data (mbus-records 12.2). */
static void refine_quantity(struct decoded_record *r)
{
    if (r->type == VIF_DATETIME && r->dib.data_field == DATA_FIELD_INT24)
        r->quantity = "time";
    else if (r->value.kind == VALUE_TEXT && r->vib.table == VIF_TABLE_FD &&
             r->vib.code == VIF_DIMENSIONLESS)
        r->quantity = "text";
}

bool record_decode(struct reader *r, enum direction direction, struct decoded_record *ret,
                   struct decode_fault *ret_fault)
{
    const uint8_t *data;
    size_t n;
    uint8_t lvar;

    if (!read_dib(r, &ret->dib, &ret->n_dife, ret_fault))
        return false;
    if (!vib_decode(r, choose_layout(r, ret->dib.data_field), &ret->vib, &ret_fault->reason)) {
        ret_fault->missing = 0;
        return false;
    }
    if (!read_data(r, ret->dib.data_field, &lvar, &data, &n, ret_fault))
        return false;
    find_meaning(direction, ret);
    value_decode(ret->dib.data_field, lvar, ret->type, data, n, &ret->value);
    refine_quantity(ret);
    return true;
}

void decoded_record_encode(const struct decoded_record *record, struct writer *w)
{
    dib_encode_long(&record->dib, record->n_dife, w);
    vib_encode(&record->vib, w);
    decoded_value_encode(record->dib.data_field, &record->value, w);
}
