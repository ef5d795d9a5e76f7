/* What a master may write into a record, and within which bounds. */
#include <float.h>

#include "config/build_source.h"
#include "config/read.h"

/* All that a record can carry. */
static void set_widest(const struct counting *counting, struct meter_record *ret)
{
    ret->min = (struct value){ .real = -FLT_MAX };
    ret->max = (struct value){ .real = FLT_MAX };
    if (counting->field != DATA_FIELD_REAL32) {
        ret->min.real = ret->max.real = 0;
        value_range(counting->field, counting->coding, &ret->min.integer, &ret->max.integer);
    }
}

/* A bound that is set, in place of the widest; false when it is wrong. */
static bool set_bound(struct report *report, struct node *writable, const char *name,
                      const struct number *number, const struct counting *counting,
                      struct value *ret)
{
    struct node *at = node_child(writable, name);
    struct value value = { 0 };
    if (!at)
        return true;
    if (at->is_bad || !build_number(report, at, number, counting, &value))
        return false;
    *ret = value;
    return true;
}

static bool is_below(enum data_field field, const struct value *a, const struct value *b)
{
    return field == DATA_FIELD_REAL32 ? a->real < b->real : a->integer < b->integer;
}

/* Bounds that are set, as they are written: "5 to 10", "5 or more", "10 or less". */
static void phrase_bounds(const struct node *writable, struct phrase *ret)
{
    const struct node *min = node_child(writable, "min"), *max = node_child(writable, "max");
    if (min)
        node_value(min, ret);
    phrase_add(ret, "%s", min && max ? " to " : min ? " or more" : "");
    if (max)
        node_value(max, ret);
    phrase_add(ret, "%s", max && !min ? " or less" : "");
}

/* What is written as the value, or as the number that a pushed one begins with. */
static struct node *written_value(const struct node *record)
{
    enum source_kind kind;
    struct node *source = source_node(record, &kind);
    return kind == SOURCE_PUSHED && source->kind == NODE_GROUP ? node_child(source, "start")
                                                               : node_child(record, "value");
}

static void check_value(struct report *report, struct node *record, const struct node *writable,
                        enum data_field field, const struct meter_record *ret)
{
    struct node *at = written_value(record);
    struct phrase found = { 0 }, bounds = { 0 };
    if (!at || at->is_bad ||
        (!is_below(field, &ret->wire.value, &ret->min) &&
         !is_below(field, &ret->max, &ret->wire.value)))
        return;
    node_value(at, &found);
    phrase_bounds(writable, &bounds);
    report_error(report, at, "%s is outside of what \"writable\" allows; %s", found.text,
                 bounds.text);
}

/* Within which bounds, as a group says. */
static void build_bounds(struct report *report, struct node *node, struct node *writable,
                         const struct record_plan *plan, struct meter_record *ret)
{
    const struct counting *counting = &plan->counting;
    struct writable_spec bounds = { 0 };

    read_group(report, writable, SCHEMA_WRITABLE, &bounds);
    plan->source->write_command = bounds.command;
    struct node *max = node_child(writable, "max"), *min = node_child(writable, "min");
    if (plan->type->form != FORM_NUMBER && (min || max)) {
        report_error(report, min ? min : max, "does not go with the type \"%s\"; numbers alone",
                     plan->type->name);
        return;
    }
    bool good = set_bound(report, writable, "min", &bounds.min, counting, &ret->min);
    if (!set_bound(report, writable, "max", &bounds.max, counting, &ret->max) || !good)
        return;
    if (max && min && is_below(counting->field, &ret->max, &ret->min)) {
        struct phrase found = { 0 }, least = { 0 };
        node_value(max, &found);
        node_value(min, &least);
        report_error(report, max, "%s is below \"min\"; %s or more", found.text, least.text);
        return;
    }
    check_value(report, node, writable, counting->field, ret);
}

/* Why no master can write the record, or NULL. */
static const char *obstacle(const struct record_plan *plan)
{
    if (plan->type->form == FORM_TEXT || plan->type->form == FORM_BINARY)
        return "not in this version for text and bytes";
    if (plan->type->form == FORM_NONE)
        return "there is no value to write";
    if (plan->vib.n_text > 0)
        return "no write names a record by its unit in plain text";
    return NULL;
}

/* A value that comes from elsewhere would be back at once, unless what a master sets gets there. */
static void check_source(struct report *report, struct node *record, struct node *writable,
                         const struct source_config *source)
{
    enum source_kind kind;
    const struct node *node = source_node(record, &kind);

    switch (kind) {
    case SOURCE_FILE:
    case SOURCE_COMMAND:
        if (writable->kind != NODE_GROUP || !node_child(writable, "command"))
            report_error(report, writable,
                         "\"%s\" gives the value; a group with a \"command\" that hands on what "
                         "a master sets",
                         node->name);
        break;
    case SOURCE_DERIVED:
        if (source->derived.kind == DERIVED_INTEGRAL)
            break;
        report_error(report, writable,
                     "other records give the value; of derived ones an \"integral\" alone");
        break;
    case SOURCE_CLOCK:
    case SOURCE_INTERNAL:
        report_error(report, writable, "\"%s\" gives the value, and takes none; leave it out",
                     node->name);
        break;
    default:
        break;
    }
}

void build_writable(struct report *report, struct node *node, const struct record_plan *plan,
                    struct meter_record *ret)
{
    struct node *writable = node_child(node, "writable");

    set_widest(&plan->counting, ret);
    if (!writable)
        return;
    ret->writable = writable->kind != NODE_BOOL || writable->integer;
    if (ret->writable && obstacle(plan)) {
        report_error(report, writable, "%s", obstacle(plan));
        return;
    }
    if (ret->writable && (writable->kind == NODE_BOOL || writable->kind == NODE_GROUP))
        check_source(report, node, writable, plan->source);
    if (writable->kind == NODE_BOOL)
        return;
    if (writable->kind != NODE_GROUP) {
        struct phrase found = { 0 }, allowed = { 0 };
        node_value_and_type(writable, &found);
        schema_allowed(schema_find(SCHEMA_RECORD, "writable"), &allowed);
        report_error(report, writable, "%s; %s", found.text, allowed.text);
        return;
    }
    build_bounds(report, node, writable, plan, ret);
}
