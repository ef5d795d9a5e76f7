/* What a master may write into a record, and within which bounds. */
#include <float.h>

#include "config/build.h"
#include "config/read.h"

/* All that a data field can carry. */
static void set_widest(enum data_field field, struct meter_record *ret)
{
    ret->min = (struct value){ .real = -FLT_MAX };
    ret->max = (struct value){ .real = FLT_MAX };
    if (field != DATA_FIELD_REAL32) {
        ret->min.real = ret->max.real = 0;
        value_range(field, &ret->min.integer, &ret->max.integer);
    }
}

/* A bound that is set, in place of the widest; false when it is wrong. */
static bool set_bound(struct report *report, struct node *writable, const char *name,
                      const struct number *number, const struct record_spec *record,
                      enum data_field field, struct value *ret)
{
    struct node *at = node_child(writable, name);
    struct value value = { 0 };
    if (!at)
        return true;
    if (at->is_bad || !build_number(report, at, number, record->resolution, field, &value))
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

static void check_value(struct report *report, struct node *record, const struct node *writable,
                        enum data_field field, const struct meter_record *ret)
{
    struct node *at = node_child(record, "value");
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

void build_writable(struct report *report, struct node *node, const struct record_spec *spec,
                    enum data_field field, struct meter_record *ret)
{
    struct writable_spec bounds = { 0 };
    struct node *writable = node_child(node, "writable");

    set_widest(field, ret);
    if (!writable)
        return;
    ret->writable = writable->kind != NODE_BOOL || writable->integer;
    if (writable->kind == NODE_BOOL)
        return;
    if (writable->kind != NODE_GROUP) {
        struct phrase found = { 0 }, allowed = { 0 };
        node_value_and_type(writable, &found);
        schema_allowed(schema_find(SCHEMA_RECORD, "writable"), &allowed);
        report_error(report, writable, "%s; %s", found.text, allowed.text);
        return;
    }
    read_group(report, writable, SCHEMA_WRITABLE, &bounds);
    bool good = set_bound(report, writable, "min", &bounds.min, spec, field, &ret->min);
    if (!set_bound(report, writable, "max", &bounds.max, spec, field, &ret->max) || !good)
        return;
    struct node *max = node_child(writable, "max"), *min = node_child(writable, "min");
    if (max && min && is_below(field, &ret->max, &ret->min)) {
        struct phrase found = { 0 }, least = { 0 };
        node_value(max, &found);
        node_value(min, &least);
        report_error(report, max, "%s is below \"min\"; %s or more", found.text, least.text);
        return;
    }
    check_value(report, node, writable, field, ret);
}
