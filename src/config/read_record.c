/* Readers for what a record counts, and how. */
#include <string.h>

#include "base/nearest.h"
#include "config/exponent.h"
#include "config/read_words.h"
#include "mbus/data_type.h"
#include "mbus/vife.h"

/* A name that is none of its kind. */
static void no_such(struct report *report, struct node *node, const struct schema_row *row,
                    const char *noun, struct nearest *nearest)
{
    const char *hint = nearest_result(nearest);
    struct phrase found = { 0 }, allowed = { 0 };
    node_value(node, &found);
    schema_allowed(row, &allowed);
    if (hint)
        report_error(report, node, "%s is no known %s; did you mean \"%s\"?", found.text, noun,
                     hint);
    else
        report_error(report, node, "%s is no known %s; %s", found.text, noun, allowed.text);
}

/* A text of the setting; false, and reported, when it is of another type. */
static bool is_text(struct report *report, struct node *node, const struct schema_row *row)
{
    if (node->kind == NODE_STRING)
        return true;
    read_wrong_type(report, node, row);
    return false;
}

/* Whether the record has its unit in plain text: whoever builds it takes that from the node. */
static bool is_custom(const struct node *record)
{
    const struct node *quantity = record ? node_member(record, "quantity") : NULL;
    return quantity && quantity->kind == NODE_STRING && strcmp(quantity->string, "custom") == 0;
}

/* mbus-records 12.2 has these in its column of units. */
static bool is_type_or_bits(const char *name)
{
    return data_type_find(name) || strcmp(name, "bits") == 0;
}

void read_unit(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    const struct vif_unit **slot = field;
    if (!is_text(report, node, row) || is_custom(node->parent))
        return;
    const struct vif_unit *unit = vif_unit_find(node->string);
    if (!unit && is_type_or_bits(node->string)) {
        report_error(report, node, "\"%s\" is no unit; leave \"unit\" out, and set \"type\"",
                     node->string);
    } else if (!unit) {
        struct nearest nearest = { .wanted = node->string };
        for (size_t i = 0; i < n_vif_units; i++)
            nearest_offer(&nearest, vif_units[i].name);
        no_such(report, node, row, "unit", &nearest);
    } else if (slot) {
        *slot = unit;
    }
}

void read_quantity(struct report *report, struct node *node, const struct schema_row *row,
                   void *field)
{
    const char **slot = field;
    if (!is_text(report, node, row))
        return;
    struct nearest nearest = { .wanted = node->string };
    for (size_t i = 0; i < vif_n_quantities(); i++) {
        const char *quantity = vif_quantity(i);
        nearest_offer(&nearest, quantity);
        if (strcmp(quantity, node->string) != 0)
            continue;
        if (slot)
            *slot = quantity;
        return;
    }
    no_such(report, node, row, "quantity", &nearest);
}

void read_data_type(struct report *report, struct node *node, const struct schema_row *row,
                    void *field)
{
    const struct data_type **slot = field;
    struct phrase allowed = { 0 };
    if (!is_text(report, node, row))
        return;
    const struct data_type *type = data_type_find(node->string);
    if (type) {
        if (slot)
            *slot = type;
        return;
    }
    struct nearest nearest = { .wanted = node->string };
    for (size_t i = 0; i < n_data_types; i++)
        nearest_offer(&nearest, data_types[i].name);
    schema_allowed(row, &allowed);
    read_not_allowed(report, node, &nearest, &allowed);
}

void read_value(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    struct written_value value = { .number = { node->kind == NODE_REAL, node->integer,
                                               node->real } };
    if (node->kind == NODE_STRING)
        value.text = node->string;
    else if (node->kind != NODE_INTEGER && node->kind != NODE_REAL)
        read_wrong_type(report, node, row);
    if (field && !node->is_bad)
        memcpy(field, &value, sizeof(value));
}

static void no_such_modifier(struct report *report, struct node *element)
{
    struct nearest nearest = { .wanted = element->string };
    for (size_t i = 0; i < 2 * (size_t)VIFE_CODES; i++) {
        const struct vife_row *row =
            i < VIFE_CODES ? &vife_rows[i] : &vife_second_rows[i - VIFE_CODES];
        if (vife_is_chosen(row))
            nearest_offer(&nearest, row->name);
    }
    const char *hint = nearest_result(&nearest);
    struct phrase found = { 0 };
    node_value(element, &found);
    if (vife_is_error_or_action(element->string))
        report_error(report, element,
                     "%s is a record error or an action of the master, not a modifier", found.text);
    else if (hint)
        report_error(report, element, "%s is no known modifier; did you mean \"%s\"?", found.text,
                     hint);
    else
        report_error(report, element, "%s is no known modifier; `mbus-slavectl units` lists them",
                     found.text);
}

void read_modifiers(struct report *report, struct node *node, const struct schema_row *row,
                    void *field)
{
    uint8_t code[2], n;
    (void)field;
    if (node->kind != NODE_ARRAY && node->kind != NODE_LIST) {
        read_wrong_type(report, node, row);
        return;
    }
    for (size_t i = 0; i < node->n_children; i++) {
        struct node *element = &node->children[i];
        struct phrase found = { 0 };
        if (element->kind == NODE_STRING) {
            if (!vife_find(element->string, code, &n))
                no_such_modifier(report, element);
            continue;
        }
        node_value_and_type(element, &found);
        report_error(report, element, "%s; a name such as \"per_hour\"", found.text);
    }
}

void read_resolution(struct report *report, struct node *node, const struct schema_row *row,
                     void *field)
{
    struct phrase found = { 0 }, nearest = { 0 };
    if (node->kind != NODE_INTEGER && node->kind != NODE_REAL) {
        read_wrong_type(report, node, row);
        return;
    }
    double value = node->kind == NODE_REAL ? node->real : (double)node->integer;
    bool exact;
    int exponent = exponent_of(value, &exact);
    if (exact) {
        read_store(row, field, exponent);
        return;
    }
    node_value(node, &found);
    if (value > 0)
        phrase_scaled(&nearest, 1, exponent_that_works(node->parent, exponent));
    report_error(report, node, "%s is no power of ten from 10^-12 to 10^12; %s%s", found.text,
                 value > 0 ? "the nearest that works is " : "such as 0.001, 1 or 100",
                 nearest.text);
}
