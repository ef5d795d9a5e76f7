/* A number that people write becomes the count of a record, or an error at it. */
#include <math.h>

#include "config/build.h"
#include "config/read.h"
#include "mbus/ident.h"

#define FRACTIONS 4096.0

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

/* What the record can carry: "-127 to 127". */
static void phrase_range(const struct counting *c, struct phrase *ret)
{
    int64_t min, max;

    if (!value_range(c->field, c->coding, &min, &max)) {
        phrase_add(ret, "up to about 3.4e38 steps of the resolution");
    } else if (c->is_fraction) {
        phrase_real(ret, (double)min / FRACTIONS);
        phrase_add(ret, " to ");
        phrase_real(ret, (double)max / FRACTIONS);
    } else {
        phrase_scaled(ret, min, c->resolution);
        phrase_add(ret, " to ");
        phrase_scaled(ret, max, c->resolution);
    }
}

bool build_number(struct report *report, struct node *node, const struct number *number,
                  const struct counting *counting, struct value *ret)
{
    struct phrase found = { 0 }, step = { 0 }, range = { 0 };
    int resolution = counting->resolution;

    if (quantity_count(number, counting, ret) == QUANTITY_OK) {
        if (counting->field != DATA_FIELD_REAL32 && !counting->is_fraction &&
            is_changed(number, resolution, ret->integer))
            warn_rounded(report, node, resolution, ret->integer);
        return true;
    }
    node_value(node, &found);
    phrase_scaled(&step, 1, resolution);
    phrase_range(counting, &range);
    report_error(report, node, "%s at resolution %s is out of range for %s; %s", found.text,
                 step.text, data_type_of(counting->field, FORM_NUMBER)->name, range.text);
    return false;
}

/* The codes of the header have names too. */
static bool name_to_number(const struct record_plan *plan, struct number *ret)
{
    const char *text = plan->spec->value.text;
    int code = -1;
    if (plan->meaning.type == VIF_MEDIUM)
        code = medium_find(text);
    else if (plan->meaning.type == VIF_MANUFACTURER)
        code = ident_manufacturer(text);
    *ret = (struct number){ .integer = code };
    return code >= 0;
}

static bool build_count(struct report *report, struct node *node, const struct record_plan *plan,
                        struct value *ret)
{
    struct number number = plan->spec->value.number;
    struct phrase found = { 0 };

    if (plan->spec->value.text && !name_to_number(plan, &number)) {
        node_value_and_type(node, &found);
        report_error(report, node, "%s; a number, as the type is \"%s\"", found.text,
                     plan->type->name);
        return false;
    }
    return build_number(report, node, &number, &plan->counting, ret);
}

bool build_value(struct report *report, struct node *node, struct record_plan *plan,
                 struct value *ret)
{
    struct node *at = node_member(node, "value");

    if (plan->type->form == FORM_NONE && at) {
        report_error(report, at, "does not go with %s; leave it out",
                     plan->is_raw ? "a data field of no bytes" : "the type \"none\"");
        return false;
    }
    if (plan->type->form == FORM_NONE)
        return true;
    if (!at || !read_is_good(node, "value"))
        return false;
    switch (plan->type->form) {
    case FORM_TEXT:
        return build_text(report, at, plan);
    case FORM_BINARY:
        return build_binary(report, at, plan);
    case FORM_TIME:
        return build_time(report, at, plan, ret);
    default:
        return read_is_good(node, "resolution") && build_count(report, at, plan, ret);
    }
}
