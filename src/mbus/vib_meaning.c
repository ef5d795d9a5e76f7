#include "mbus/vib_meaning.h"

static void apply_row(const struct vife_row *row, struct vib_meaning *m)
{
    switch (row->effect) {
    case VIFE_COUNTS:
    case VIFE_LASTS:
        m->type = VIF_NUMBER;
        m->base = row->base; /* none for a count */
        m->exponent = 0;
        break;
    case VIFE_DATES:
        m->type = VIF_TIME_POINT;
        m->base = VIF_BASE_NONE;
        m->exponent = 0;
        break;
    case VIFE_FACTOR:
        m->exponent += row->exponent;
        break;
    case VIFE_UNSIGNED:
        if (m->type == VIF_NUMBER)
            m->type = VIF_UNSIGNED;
        break;
    case VIFE_BITS:
        m->type = VIF_BITS;
        break;
    case VIFE_NON_METRIC:
        if (m->base == VIF_BASE_M3) /* of the others no factor is known (mbus-records 7) */
            m->base = VIF_BASE_FT3;
        break;
    case VIFE_PROFILE:
        m->type = VIF_CONTAINER;
        break;
    case VIFE_OFFSET: /* shown, not added: whose unit it counts in is not clear */
    case VIFE_RESERVED:
    case VIFE_NAMES:
    case VIFE_SECOND_TABLE:
    case VIFE_MANUFACTURER:
        break;
    }
}

static void apply_modifiers(const struct decoded_vib *vib, enum direction direction,
                            struct vib_meaning *m)
{
    struct modifier_walk walk = { .vib = vib, .direction = direction };
    struct modifier modifier;

    while (modifier_next(&walk, &modifier)) {
        if (modifier.kind == MODIFIER_ERROR && modifier.name)
            m->error = modifier.name;
        else if (modifier.kind == MODIFIER_NAMED)
            apply_row(modifier.row, m);
    }
}

void vib_meaning_of(const struct decoded_vib *vib, enum direction direction,
                    struct vib_meaning *ret)
{
    const struct vif_family *f = vif_find(vib->table, vib->code);

    *ret = (struct vib_meaning){
        .quantity = f ? f->quantity : NULL,
        .family = f,
        .type = f ? f->type : VIF_NUMBER,
        .base = f ? f->base : VIF_BASE_NONE,
        .exponent = f ? f->exponent + (vib->code - f->first) : 0,
    };
    apply_modifiers(vib, direction, ret);
}

static bool is_binary(enum data_field field)
{
    return (field >= DATA_FIELD_INT8 && field <= DATA_FIELD_INT32) || field == DATA_FIELD_INT48 ||
           field == DATA_FIELD_INT64;
}

enum value_coding vif_coding(enum vif_type type, enum data_field field)
{
    if (!is_binary(field))
        return CODING_SIGNED;
    switch (type) {
    case VIF_NUMBER:
    case VIF_OPAQUE:
        return CODING_SIGNED;
    case VIF_UNSIGNED:
    case VIF_LABEL:
    case VIF_FRACTION:
    case VIF_MANUFACTURER:
    case VIF_MEDIUM:
    case VIF_IDENTIFICATION:
        return CODING_UNSIGNED;
    case VIF_BITS:
    case VIF_CONTAINER:
    case VIF_RULE:
        return CODING_BITS;
    case VIF_DATE:
    case VIF_DATETIME:
    case VIF_TIME_POINT:
        return CODING_TIME;
    }
    return CODING_SIGNED;
}
