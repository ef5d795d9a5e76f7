#include "mbus/vib_decode.h"

#define EXTENSION 0x80U

static bool fail(enum decode_reason reason, enum decode_reason *ret)
{
    *ret = reason;
    return false;
}

/* The bytes that name another table (mbus-records 5, 6.1); without E they are reserved codes. */
static bool is_table(uint8_t byte)
{
    return byte == VIF_TABLE_FB || byte == VIF_TABLE_FD || byte == VIF_TABLE_EF;
}

static bool read_text(struct reader *r, struct decoded_vib *ret, enum decode_reason *ret_reason)
{
    const uint8_t *text;
    uint8_t n;

    if (!read_u8(r, &n))
        return fail(DECODE_TEXT_CUT_OFF, ret_reason);
    if (!read_bytes(r, n, &text))
        return fail(DECODE_TEXT_CUT_OFF, ret_reason);
    ret->n_text = n;
    for (size_t i = 0; i < n; i++)
        ret->text[i] = text[n - 1 - i];
    return true;
}

/* The code of the quantity; `byte` is what was read last, with its E bit, `ret_used` how many VIFE
 * it took to say. */
static bool read_code(struct reader *r, struct decoded_vib *ret, uint8_t *byte, unsigned *ret_used,
                      enum decode_reason *ret_reason)
{
    *ret_used = 0;
    if (!read_u8(r, byte))
        return fail(DECODE_VIF_MISSING, ret_reason);
    while (is_table(*byte)) {
        if (ret->table != VIF_TABLE_PRIMARY &&
            (ret->table != VIF_TABLE_FD || *byte != VIF_TABLE_FD))
            break;
        ret->table = ret->table == VIF_TABLE_FD ? VIF_TABLE_FD_FD : *byte;
        ++*ret_used;
        if (!read_u8(r, byte))
            return fail(DECODE_VIFE_MISSING, ret_reason);
    }
    ret->code = *byte & (uint8_t)~EXTENSION;
    return true;
}

bool vib_decode(struct reader *r, enum text_layout layout, struct decoded_vib *ret,
                enum decode_reason *ret_reason)
{
    unsigned used;
    uint8_t byte;
    bool text_first, has_vife;

    ret->table = VIF_TABLE_PRIMARY;
    ret->n_vife = ret->n_text = 0;
    ret->layout = TEXT_BEFORE_VIFE;
    if (!read_code(r, ret, &byte, &used, ret_reason))
        return false;
    has_vife = byte & EXTENSION;
    text_first = !has_vife || layout == TEXT_BEFORE_VIFE;
    if (vib_is_text(ret) && text_first && !read_text(r, ret, ret_reason))
        return false;
    while (byte & EXTENSION) {
        if (used++ == VIFE_MAX)
            return fail(DECODE_TOO_MANY_VIFE, ret_reason);
        if (!read_u8(r, &byte))
            return fail(DECODE_VIFE_MISSING, ret_reason);
        ret->vife[ret->n_vife++] = byte & (uint8_t)~EXTENSION;
    }
    if (vib_is_text(ret) && has_vife)
        ret->layout = layout;
    return !vib_is_text(ret) || text_first || read_text(r, ret, ret_reason);
}

static void write_text(const struct decoded_vib *vib, struct writer *w)
{
    write_u8(w, vib->n_text);
    for (size_t i = vib->n_text; i-- > 0;)
        write_u8(w, vib->text[i]);
}

void vib_encode(const struct decoded_vib *vib, struct writer *w)
{
    bool text_first = vib->layout == TEXT_BEFORE_VIFE;

    if (vib->table == VIF_TABLE_FD_FD) {
        write_u8(w, VIF_TABLE_FD);
        write_u8(w, VIF_TABLE_FD);
    } else if (vib->table != VIF_TABLE_PRIMARY) {
        write_u8(w, vib->table);
    }
    write_u8(w, vib->n_vife ? vib->code | EXTENSION : vib->code);
    if (vib_is_text(vib) && text_first)
        write_text(vib, w);
    for (unsigned i = 0; i < vib->n_vife; i++)
        write_u8(w, i + 1 < vib->n_vife ? vib->vife[i] | EXTENSION : vib->vife[i]);
    if (vib_is_text(vib) && !text_first)
        write_text(vib, w);
}

static void set_row(const struct vife_row *row, struct modifier *ret)
{
    ret->row = row;
    ret->name = row->name;
    ret->kind = row->name ? MODIFIER_NAMED : MODIFIER_RESERVED;
}

/* mbus-records 9: below 10 all are errors or actions, below 20 some are modifiers of a slave. */
static void set_first_table(uint8_t code, enum direction direction, struct modifier *ret)
{
    set_row(&vife_rows[code], ret);
    if (direction == FROM_MASTER && code < 0x20) {
        ret->name = vife_action_name(code);
        ret->kind = ret->name ? MODIFIER_ACTION : MODIFIER_RESERVED;
    } else if (ret->kind == MODIFIER_RESERVED &&
               (code == RECORD_ERROR_NONE || vife_error_name(code))) {
        ret->name = vife_error_name(code);
        ret->kind = MODIFIER_ERROR;
    }
}

bool modifier_next(struct modifier_walk *walk, struct modifier *ret)
{
    const struct decoded_vib *vib = walk->vib;

    if (walk->at == vib->n_vife)
        return false;
    *ret = (struct modifier){ .code = vib->vife[walk->at++] };
    if (walk->is_manufacturers ||
        (vib->table == VIF_TABLE_PRIMARY && vib->code == VIF_MANUFACTURER_CODE)) {
        ret->kind = MODIFIER_MANUFACTURER;
        return true;
    }
    set_first_table(ret->code, walk->direction, ret);
    if (ret->kind != MODIFIER_NAMED)
        return true;
    walk->is_manufacturers = ret->row->effect == VIFE_MANUFACTURER;
    if (ret->row->effect != VIFE_SECOND_TABLE)
        return true;
    if (walk->at == vib->n_vife) {
        *ret = (struct modifier){ .kind = MODIFIER_RESERVED, .code = ret->code };
        return true;
    }
    ret->code = vib->vife[walk->at++];
    ret->is_second = true;
    set_row(&vife_second_rows[ret->code], ret);
    return true;
}
