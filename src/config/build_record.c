#include <stdlib.h>
#include <string.h>

#include "config/build_source.h"
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

void build_required(struct report *report, struct node *group, const char *name,
                    const char *instead)
{
    if (!node_member(group, name))
        report_error(report, group, "\"%s\" is missing; %s", name, instead);
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
    build_required(report, node, "name", "a name that is unique in its meter");
    if (!node_member(node, "quantity") && !node_member(node, "vif"))
        build_required(report, node, "unit",
                       "a unit such as \"kWh\", a \"quantity\" such as \"energy\", or both");
    enum source_kind kind;
    if (source_node(node, &kind) || source_is_later(node) || has_no_data(node, ret))
        build_source_check(report, node);
    else
        build_required(report, node, "value",
                       "a number, or in its place a \"file\", \"command\", \"pushed\", "
                       "\"derived\", \"clock\" or \"internal\"");
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

/* What only this program knows: nobody would tell it again. */
static bool is_kept(const struct source_config *source, bool is_writable)
{
    if (source->kind == SOURCE_PUSHED)
        return source->has_start || is_writable;
    return source->kind == SOURCE_DERIVED && source->derived.kind == DERIVED_INTEGRAL;
}

bool build_record(struct report *report, struct node *node, const struct record_spec *spec,
                  struct source_config *source, struct meter_record *ret)
{
    struct record_plan plan = { .spec = spec, .source = source };
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
    ret->is_live = source->kind != SOURCE_CONSTANT;
    if (ret->is_live ? !build_live(report, node, &plan, &ret->wire.value)
                     : !build_value(report, node, &plan, &ret->wire.value))
        good = false;
    ret->wire.dib = plan.dib;
    ret->wire.vib = plan.vib;
    ret->wire.coding = plan.counting.coding;
    ret->counting = plan.counting;
    build_writable(report, node, &plan, ret);
    ret->is_kept = is_kept(source, ret->writable);
    if (good)
        keep_bytes(report, &plan, ret);
    return good;
}
