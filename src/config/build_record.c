#include <stdlib.h>
#include <string.h>

#include "config/build.h"
#include "config/hex.h"
#include "config/read.h"

struct node *build_at(struct node *group, const char *name)
{
    struct node *node = node_member(group, name);
    return node ? node : group;
}

bool build_is_group(struct report *report, struct node *node)
{
    struct phrase found = { 0 };
    if (node->kind == NODE_GROUP)
        return true;
    node_value_and_type(node, &found);
    report_error(report, node, "%s; a group { }", found.text);
    return false;
}

bool build_is_list(struct report *report, struct node *node)
{
    struct phrase found = { 0 };
    if (node->kind == NODE_LIST || node->kind == NODE_ARRAY)
        return true;
    node_value_and_type(node, &found);
    report_error(report, node, "%s; a list of groups ( { }, { } )", found.text);
    return false;
}

/* A member that has no default; `instead` says what belongs there. */
static void check_required(struct report *report, struct node *group, const char *name,
                           const char *instead)
{
    if (!node_member(group, name))
        report_error(report, group, "\"%s\" is missing; %s", name, instead);
}

/* Whether the value comes from a source of a later version, which is reported where it stands. */
static bool has_later_source(const struct node *group)
{
    static const char *const sources[] = { "file",    "command", "pulses", "pushed",
                                           "derived", "output",  "clock",  "internal" };
    for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
        if (node_child(group, sources[i]))
            return true;
    return false;
}

/* Whether the record is of a data field without any data: then it needs no value. */
static bool has_no_data(const struct node *node, const struct record_spec *spec)
{
    const struct node *dif = node_child(node, "dif");
    uint8_t bytes[1];
    if (spec->type)
        return spec->type->form == FORM_NONE;
    if (!dif || dif->kind != NODE_STRING || strlen(dif->string) < 2)
        return false;
    const char first[3] = { dif->string[0], dif->string[1], '\0' };
    return hex_parse(first, bytes) == 1 && (bytes[0] & 0x0F) == DATA_FIELD_NONE;
}

void build_record_spec(struct report *report, struct node *node, struct record_spec *ret)
{
    read_group(report, node, SCHEMA_RECORD, ret);
    check_required(report, node, "name", "a name that is unique in its meter");
    if (!node_member(node, "quantity") && !node_member(node, "vif"))
        check_required(report, node, "unit",
                       "a unit such as \"kWh\", a \"quantity\" such as \"energy\", or both");
    if (!has_later_source(node) && !has_no_data(node, ret))
        check_required(report, node, "value", "a number (other sources are not in this version)");
}

/* Text and data of the plan get memory of their own, which the record owns. */
static void keep_bytes(struct report *report, const struct record_plan *plan,
                       struct meter_record *ret)
{
    bool is_variable = plan->dib.data_field == DATA_FIELD_VARIABLE;
    size_t n_text = plan->vib.n_text;
    size_t n_data = is_variable ? lvar_decode(plan->lvar).length : 0;
    struct record *wire = &ret->wire;

    if (is_variable)
        wire->lvar = plan->lvar;
    if (n_text + n_data == 0)
        return;
    ret->bytes = malloc(n_text + n_data);
    if (!ret->bytes) {
        report->no_memory = true;
        wire->vib.n_text = wire->lvar = 0;
        return;
    }
    memcpy(ret->bytes, plan->text, n_text);
    memcpy(ret->bytes + n_text, plan->data, n_data);
    wire->vib.text = ret->bytes;
    wire->data = ret->bytes + n_text;
}

bool build_record(struct report *report, struct node *node, const struct record_spec *spec,
                  struct meter_record *ret)
{
    struct record_plan plan = { .spec = spec };
    bool has_vif = node_child(node, "vif"), has_dif = node_child(node, "dif");

    plan.is_raw = has_vif || has_dif;
    ret->sets = spec->sets;
    bool good = has_vif ? build_raw_vif(report, node, &plan) : build_vif(report, node, &plan);
    if (!(has_dif ? build_raw_dif(report, node, &plan) : build_dif(report, node, &plan)))
        return false;
    if (good && (!plan.is_raw || plan.type->form == FORM_TIME))
        good = build_type_fits(report, node, &plan);
    if (!good && plan.type->form != FORM_NUMBER)
        return false; /* what belongs there depends on the VIF */
    if (!build_value(report, node, &plan, &ret->wire.value))
        good = false;
    ret->wire.dib = plan.dib;
    ret->wire.vib = plan.vib;
    ret->wire.coding = plan.counting.coding;
    ret->counting = plan.counting;
    build_writable(report, node, &plan, ret);
    if (good)
        keep_bytes(report, &plan, ret);
    return good;
}
