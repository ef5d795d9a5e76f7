#include "mbus/vif.h"

#include <stdbool.h>
#include <string.h>

const struct vif_unit *vif_unit_find(const char *name)
{
    for (size_t i = 0; i < n_vif_units; i++) {
        if (strcmp(vif_units[i].name, name) == 0)
            return &vif_units[i];
    }
    return NULL;
}

static bool family_serves(const struct vif_family *f, const char *quantity, enum vif_base base)
{
    return f->base == base && (quantity == NULL || strcmp(f->quantity, quantity) == 0);
}

/* The base of a quantity for which no unit was given: right where nothing has to be named. */
static enum vif_verdict base_without_unit(const char *quantity, enum vif_base *ret)
{
    for (size_t i = 0; i < n_vif_families; i++) {
        const struct vif_family *f = &vif_families[i];

        if (strcmp(f->quantity, quantity) != 0)
            continue;
        if (f->base != VIF_BASE_NONE && f->base != VIF_BASE_HCA)
            return VIF_UNIT_NEEDED;
        *ret = f->base;
        return VIF_OK;
    }
    return VIF_QUANTITY_UNKNOWN;
}

/* Whether the unit means one quantity alone. */
static enum vif_verdict sole_quantity(enum vif_base base)
{
    const char *first = NULL;

    for (size_t i = 0; i < n_vif_families; i++) {
        if (vif_families[i].base != base)
            continue;
        if (first != NULL && strcmp(first, vif_families[i].quantity) != 0)
            return VIF_QUANTITY_NEEDED;
        first = vif_families[i].quantity;
    }
    return first == NULL ? VIF_UNIT_MISMATCH : VIF_OK;
}

static void choice_set(const struct vif_family *f, int exponent, struct vif_choice *ret)
{
    uint8_t code = (uint8_t)(f->first + (exponent - f->exponent));

    *ret = (struct vif_choice){ .family = f, .exponent = exponent };
    if (f->table)
        ret->vib.bytes[ret->vib.n++] = f->table;
    ret->vib.bytes[ret->vib.n++] = code;
}

static int nearest_exponent(const struct vif_family *f, int wanted)
{
    int last = f->exponent + f->n - 1;

    if (wanted < f->exponent)
        return f->exponent;
    return wanted > last ? last : wanted;
}

static int distance(int a, int b)
{
    return a < b ? b - a : a - b;
}

static enum vif_verdict choose_exponent(const char *quantity, enum vif_base base, int exponent,
                                        struct vif_choice *ret)
{
    bool found = false;

    for (size_t i = 0; i < n_vif_families; i++) {
        const struct vif_family *f = &vif_families[i];
        int near;

        if (!family_serves(f, quantity, base))
            continue;
        near = nearest_exponent(f, exponent);
        if (!found || distance(near, exponent) < distance(ret->exponent, exponent))
            choice_set(f, near, ret);
        found = true;
        if (ret->exponent == exponent)
            return VIF_OK;
    }
    return found ? VIF_NO_EXPONENT : VIF_UNIT_MISMATCH;
}

enum vif_verdict vif_choose(const char *quantity, const struct vif_unit *unit, int resolution,
                            struct vif_choice *ret)
{
    enum vif_base base = VIF_BASE_NONE;
    enum vif_verdict verdict;

    if (quantity != NULL) {
        verdict = base_without_unit(quantity, &base);
        if (verdict == VIF_QUANTITY_UNKNOWN || (unit == NULL && verdict != VIF_OK))
            return verdict;
    } else if (unit == NULL) {
        return VIF_UNIT_NEEDED;
    } else {
        verdict = sole_quantity(unit->base);
        if (verdict != VIF_OK)
            return verdict;
    }
    if (unit != NULL)
        base = unit->base;
    return choose_exponent(quantity, base, resolution + (unit != NULL ? unit->exponent : 0), ret);
}
