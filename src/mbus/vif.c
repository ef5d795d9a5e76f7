#include "mbus/vif.h"

#include <string.h>

#define EXTENSION 0x80U
#define FACTOR_1 0x76U
#define FACTOR_1000 0x7DU

void vib_write(const struct vib *vib, struct writer *w)
{
    size_t n_first = vib->text_first ? 1 : vib->n;

    write_bytes(w, vib->bytes, n_first);
    if (vib->n_text > 0) {
        write_u8(w, vib->n_text);
        write_bytes(w, vib->text, vib->n_text);
    }
    write_bytes(w, vib->bytes + n_first, vib->n - n_first);
}

const struct vif_unit *vif_unit_find(const char *name)
{
    for (size_t i = 0; i < n_vif_units; i++) {
        if (strcmp(vif_units[i].name, name) == 0)
            return &vif_units[i];
    }
    return NULL;
}

size_t vif_n_quantities(void)
{
    return n_vif_families + 1;
}

const char *vif_quantity(size_t i)
{
    return i < n_vif_families ? vif_families[i].quantity : VIF_PULSE_WEIGHT;
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
    if (f->table == VIF_TABLE_FD_FD) {
        ret->vib.bytes[ret->vib.n++] = VIF_TABLE_FD;
        ret->vib.bytes[ret->vib.n++] = VIF_TABLE_FD;
    } else if (f->table) {
        ret->vib.bytes[ret->vib.n++] = f->table;
    }
    ret->vib.bytes[ret->vib.n++] = code;
}

/* mbus-records 8.1: 70 to 77 are 10^-6 to 10^1, 7D is 10^3. */
static bool factor_code(int factor, uint8_t *ret)
{
    if (factor == 3) {
        *ret = FACTOR_1000;
        return true;
    }
    *ret = (uint8_t)((int)FACTOR_1 + factor);
    return factor >= -6 && factor <= 1;
}

static bool set_factor(int factor, struct vif_choice *choice)
{
    uint8_t code;

    if (!factor_code(factor, &code))
        return false;
    choice->factor = factor;
    choice->vib.bytes[choice->vib.n - 1] |= EXTENSION;
    choice->vib.bytes[choice->vib.n++] = code;
    return true;
}

void vif_choice_drop_factor(struct vif_choice *choice)
{
    if (choice->factor == 0)
        return;
    choice->factor = 0;
    choice->vib.n--;
    choice->vib.bytes[choice->vib.n - 1] &= (uint8_t)~EXTENSION;
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
    if (!found)
        return VIF_UNIT_MISMATCH;
    return set_factor(exponent - ret->exponent, ret) ? VIF_OK : VIF_NO_EXPONENT;
}

enum vif_verdict vif_choose(const char *quantity, const struct vif_unit *unit, int resolution,
                            struct vif_choice *ret)
{
    enum vif_base base = VIF_BASE_NONE;
    enum vif_verdict verdict;

    if (quantity != NULL && strcmp(quantity, VIF_PULSE_WEIGHT) == 0)
        quantity = NULL; /* that of the unit */
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

static const struct vif_family *find_in(const struct vif_family *rows, size_t n, uint8_t table,
                                        uint8_t code)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].table == table && code >= rows[i].first && code - rows[i].first < rows[i].n)
            return &rows[i];
    }
    return NULL;
}

const struct vif_family *vif_find(uint8_t table, uint8_t code)
{
    const struct vif_family *f = find_in(vif_families, n_vif_families, table, code);

    return f ? f : find_in(vif_other_families, n_vif_other_families, table, code);
}

/* kPa is a unit to write in; what is read comes in steps of a thousand. */
static bool is_read_in(const struct vif_unit *unit, const struct vif_family *family,
                       enum vif_base base)
{
    int within;

    if (unit->base != base || unit->exponent % 3 != 0)
        return false;
    if (family == NULL || family->base != base)
        return true;
    within = unit->exponent - family->exponent;
    return within >= 0 && within < family->n;
}

/* The better of two units for a count: one that is not smaller than it, and of those the least. */
static bool is_better(const struct vif_unit *unit, const struct vif_unit *than, int exponent)
{
    if (than == NULL)
        return true;
    if (than->exponent < exponent)
        return unit->exponent > than->exponent;
    return unit->exponent >= exponent && unit->exponent < than->exponent;
}

static const struct vif_unit *best_unit(const struct vif_unit *units, size_t n,
                                        const struct vif_family *family, enum vif_base base,
                                        int exponent)
{
    const struct vif_unit *best = NULL;

    for (size_t i = 0; i < n; i++) {
        if (is_read_in(&units[i], family, base) && is_better(&units[i], best, exponent))
            best = &units[i];
    }
    return best;
}

const struct vif_unit *vif_unit_for(const struct vif_family *family, enum vif_base base,
                                    int exponent)
{
    const struct vif_unit *best = best_unit(vif_units, n_vif_units, family, base, exponent);

    if (best == NULL)
        best = best_unit(vif_units, n_vif_units, NULL, base, exponent);
    if (best == NULL)
        best = best_unit(vif_retired_units, n_vif_retired_units, NULL, base, exponent);
    return best;
}
