#include "config/build_modifiers.h"

#include "config/build.h"
#include "mbus/vife.h"

#define EXTENSION 0x80U
#define PULSE_INPUT_0 0x28U
#define PULSE_LAST 0x2BU

void modifiers_add(struct vife_list *list, const uint8_t *code, size_t n)
{
    for (size_t i = 0; i < n; i++, list->n++)
        if (list->n < sizeof(list->bytes))
            list->bytes[list->n] = code[i];
}

/* What takes over the meaning of the data: only one of them can. */
static bool is_meaning(const struct vife_row *row)
{
    return row->effect == VIFE_COUNTS || row->effect == VIFE_LASTS || row->effect == VIFE_DATES ||
           row->effect == VIFE_PROFILE;
}

static bool is_coding(const struct vife_row *row)
{
    return row->effect == VIFE_UNSIGNED || row->effect == VIFE_BITS;
}

/* Of these a record can say one: which phase or pair of phases, which quadrant, which direction. */
static const struct {
    const struct vife_row *table;
    uint8_t first, last;
} choices[] = {
    { vife_second_rows, 0x01, 0x07 },
    { vife_second_rows, 0x08, 0x0B },
    { vife_rows, 0x3B, 0x3C },
};

static bool are_one_choice(const struct vife_row *a, const struct vife_row *b)
{
    for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
        const struct vife_row *first = &choices[i].table[choices[i].first];
        const struct vife_row *last = &choices[i].table[choices[i].last];
        if (a >= first && a <= last && b >= first && b <= last)
            return true;
    }
    return false;
}

/* Whether two modifiers cannot stand in one record; then it is reported at the later one. */
static bool contradicts(struct report *report, struct node *element, const struct vife_row *row,
                        const struct vife_row *earlier)
{
    if (row == earlier)
        report_error(report, element, "\"%s\" is there a second time", row->name);
    else if ((is_meaning(row) && is_meaning(earlier)) || (is_coding(row) && is_coding(earlier)) ||
             are_one_choice(row, earlier))
        report_error(report, element, "\"%s\" contradicts \"%s\"; one of them", row->name,
                     earlier->name);
    else
        return false;
    return true;
}

bool modifiers_name_pulse(const struct node *modifiers)
{
    for (size_t i = 0; modifiers && i < modifiers->n_children; i++) {
        const struct node *element = &modifiers->children[i];
        uint8_t code[2], n;
        if (element->kind == NODE_STRING && vife_find(element->string, code, &n) && n == 1 &&
            code[0] >= PULSE_INPUT_0 && code[0] <= PULSE_LAST)
            return true;
    }
    return false;
}

bool modifiers_list(struct report *report, const struct node *modifiers, struct vife_list *ret)
{
    const struct vife_row *rows[2 * VIFE_MAX];
    size_t n_rows = 0;
    bool good = true;

    for (size_t i = 0; modifiers && i < modifiers->n_children; i++) {
        struct node *element = &modifiers->children[i];
        uint8_t code[2], n;
        const struct vife_row *row =
            element->kind == NODE_STRING ? vife_find(element->string, code, &n) : NULL;
        if (!row)
            return false; /* read_modifiers() said so */
        for (size_t j = 0; j < n_rows && good; j++)
            good = !contradicts(report, element, row, rows[j]);
        if (n_rows < ARRAY_SIZE(rows))
            rows[n_rows++] = row;
        if (row->effect == VIFE_FACTOR)
            ret->factor += row->exponent;
        if (row->effect == VIFE_COUNTS || row->effect == VIFE_LASTS)
            ret->has_own_count = true;
        modifiers_add(ret, code, n);
    }
    return good;
}

bool modifiers_append(struct report *report, struct node *node, const struct vife_list *list,
                      struct vib *vib)
{
    size_t n_vife = vib->n - 1U + list->n;
    if (n_vife > VIFE_MAX) {
        report_error(report, build_at(node, "modifiers"), "%zu VIFE in all; at most %u", n_vife,
                     VIFE_MAX);
        return false;
    }
    for (size_t i = 0; i < list->n; i++) {
        vib->bytes[vib->n - 1] |= EXTENSION;
        vib->bytes[vib->n++] = list->bytes[i];
    }
    return true;
}
