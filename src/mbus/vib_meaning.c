#include "mbus/vib_meaning.h"

/* VIFE act in the order they stand: a factor multiplies what was added before it. */
static void apply_factor(int exponent, struct vib_meaning *m)
{
    m->exponent += exponent;
    for (unsigned i = 0; i < m->offsets.n; i++)
        m->offsets.exponents[i] = (int8_t)(m->offsets.exponents[i] + exponent);
}

/* The data are no longer what the VIF says. */
static void become(enum vif_type type, enum vif_base base, struct vib_meaning *m)
{
    m->type = type;
    m->base = base;
    m->exponent = 0;
    m->offsets.n = 0;
}

static void apply_row(const struct vife_row *row, struct vib_meaning *m)
{
    switch (row->effect) {
    case VIFE_COUNTS:
    case VIFE_LASTS:
        become(VIF_NUMBER, row->base, m); /* none for a count */
        break;
    case VIFE_DATES:
        become(VIF_TIME_POINT, VIF_BASE_NONE, m);
        break;
    case VIFE_FACTOR:
        apply_factor(row->exponent, m);
        break;
    case VIFE_OFFSET:
        m->offsets.exponents[m->offsets.n++] = row->exponent;
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
