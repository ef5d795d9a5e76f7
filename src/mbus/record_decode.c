#include "mbus/record_decode.h"

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

static void apply_row(const struct vife_row *row, struct decoded_record *ret)
{
    switch (row->effect) {
    case VIFE_COUNTS:
    case VIFE_LASTS:
        ret->type = VIF_NUMBER;
        ret->base = row->base; /* none for a count */
        ret->exponent = 0;
        break;
    case VIFE_DATES:
        ret->type = VIF_TIME_POINT;
        ret->base = VIF_BASE_NONE;
        ret->exponent = 0;
        break;
    case VIFE_FACTOR:
        ret->exponent += row->exponent;
        break;
    case VIFE_UNSIGNED:
        if (ret->type == VIF_NUMBER)
            ret->type = VIF_UNSIGNED;
        break;
    case VIFE_BITS:
        ret->type = VIF_BITS;
        break;
    case VIFE_NON_METRIC:
        if (ret->base == VIF_BASE_M3) /* of the others no factor is known (mbus-records 7) */
            ret->base = VIF_BASE_FT3;
        break;
    case VIFE_PROFILE:
        ret->type = VIF_CONTAINER;
        break;
    case VIFE_OFFSET: /* shown, not added: whose unit it counts in is not clear */
    case VIFE_RESERVED:
    case VIFE_NAMES:
    case VIFE_SECOND_TABLE:
    case VIFE_MANUFACTURER:
        break;
    }
}

static void apply_modifiers(enum direction direction, struct decoded_record *ret)
{
    struct modifier_walk walk = { .vib = &ret->vib, .direction = direction };
    struct modifier modifier;

    while (modifier_next(&walk, &modifier)) {
        if (modifier.kind == MODIFIER_ERROR && modifier.name)
            ret->error = modifier.name;
        else if (modifier.kind == MODIFIER_NAMED)
            apply_row(modifier.row, ret);
    }
}

/* What VIF and VIFE say, before the data are looked at. */
static void find_meaning(enum direction direction, struct decoded_record *ret)
{
    const struct vif_family *f = vif_find(ret->vib.table, ret->vib.code);

    ret->family = f;
    ret->quantity = f ? f->quantity : NULL;
    ret->type = f ? f->type : VIF_NUMBER;
    ret->base = f ? f->base : VIF_BASE_NONE;
    ret->exponent = f ? f->exponent + (ret->vib.code - f->first) : 0;
    ret->error = NULL;
    if (vib_is_text(&ret->vib))
        ret->quantity = "custom";
    apply_modifiers(direction, ret);
    if (ret->type == VIF_DATETIME && ret->dib.data_field == DATA_FIELD_INT24)
        ret->quantity = "time"; /* mbus-records 12.2 */
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
    return true;
}

void decoded_record_encode(const struct decoded_record *record, struct writer *w)
{
    dib_encode_long(&record->dib, record->n_dife, w);
    vib_encode(&record->vib, w);
    decoded_value_encode(record->dib.data_field, &record->value, w);
}
