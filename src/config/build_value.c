/* A number that people write becomes the count of a record, or an error at it. */
#include <math.h>

#include "config/build.h"
#include "config/read.h"

/* The name of a data field, as in the schema. */
static const char *type_name(enum data_field field)
{
    const struct schema_row *row = schema_find(SCHEMA_RECORD, "type");
    for (size_t i = 0; i < row->n_words; i++)
        if (row->words[i].value == (int64_t)field)
            return row->words[i].name;
    return "this type";
}

/* Whether the rounded count stands for another number than the one that is written. */
static bool is_changed(const struct number *number, int resolution, int64_t count)
{
    double wanted = number->is_real ? number->real : (double)number->integer;
    double sent = (double)count;
    for (int i = 0; i < resolution; i++)
        sent *= 10;
    for (int i = 0; i > resolution; i--)
        wanted *= 10;
    return fabs(sent - wanted) > 1e-9 * fabs(wanted);
}

static void warn_rounded(struct report *report, const struct node *node, int resolution,
                         int64_t count)
{
    struct phrase found = { 0 }, step = { 0 }, sent = { 0 };
    node_value(node, &found);
    phrase_scaled(&step, 1, resolution);
    phrase_scaled(&sent, count, resolution);
    report_warning(report, node,
                   "%s is sent as %s at resolution %s; set \"resolution\" to keep more", found.text,
                   sent.text, step.text);
}

bool build_number(struct report *report, struct node *node, const struct number *number,
                  int resolution, enum data_field field, struct value *ret)
{
    struct phrase found = { 0 }, step = { 0 }, range = { 0 };
    int64_t min, max;

    if (quantity_scale(number, resolution, field, ret) == QUANTITY_OK) {
        if (field != DATA_FIELD_REAL32 && is_changed(number, resolution, ret->integer))
            warn_rounded(report, node, resolution, ret->integer);
        return true;
    }
    node_value(node, &found);
    phrase_scaled(&step, 1, resolution);
    if (value_range(field, &min, &max)) {
        phrase_scaled(&range, min, resolution);
        phrase_add(&range, " to ");
        phrase_scaled(&range, max, resolution);
    } else {
        phrase_add(&range, "up to about 3.4e38 steps of the resolution");
    }
    report_error(report, node, "%s at resolution %s is out of range for %s; %s", found.text,
                 step.text, type_name(field), range.text);
    return false;
}

bool build_value(struct report *report, struct node *node, const struct record_spec *spec,
                 enum data_field field, struct value *ret)
{
    struct node *at = node_member(node, "value");
    return at && read_is_good(node, "value") &&
           build_number(report, at, &spec->value, spec->resolution, field, ret);
}
