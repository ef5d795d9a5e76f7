#include <string.h>

#include "config/build.h"
#include "config/exponent.h"
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

void build_record_spec(struct report *report, struct node *node, struct record_spec *ret)
{
    read_group(report, node, SCHEMA_RECORD, ret);
    check_required(report, node, "name", "a name that is unique in its meter");
    if (!node_member(node, "quantity") && !node_member(node, "vif"))
        check_required(report, node, "unit",
                       "a unit such as \"kWh\", a \"quantity\" such as \"energy\", or both");
    if (!has_later_source(node))
        check_required(report, node, "value", "a number (other sources are not in this version)");
}

/* "energy" and "volume": each quantity once that is counted in a base unit. */
static void list_quantities(enum vif_base base, struct phrase *ret)
{
    const char *names[32];
    size_t n = 0;
    for (size_t i = 0; i < n_vif_families && n < ARRAY_SIZE(names); i++) {
        const char *name = vif_families[i].quantity;
        bool is_new = vif_families[i].base == base;
        for (size_t j = 0; j < n && is_new; j++)
            is_new = strcmp(names[j], name) != 0;
        if (is_new)
            names[n++] = name;
    }
    for (size_t i = 0; i < n; i++)
        phrase_item(ret, i, n, "\"%s\"", names[i]);
}

static bool is_counted_in(const char *quantity, enum vif_base base)
{
    for (size_t i = 0; i < n_vif_families; i++)
        if (vif_families[i].base == base && strcmp(vif_families[i].quantity, quantity) == 0)
            return true;
    return false;
}

/* The units of a quantity; nothing when it is a mere number. */
static void list_units(const char *quantity, struct phrase *ret)
{
    size_t n = 0, shown = 0;
    for (size_t i = 0; i < n_vif_units; i++)
        n += is_counted_in(quantity, vif_units[i].base);
    for (size_t i = 0; i < n_vif_units; i++)
        if (is_counted_in(quantity, vif_units[i].base))
            phrase_item(ret, shown++, n, "\"%s\"", vif_units[i].name);
}

/* A unit and a quantity that do not go together. */
static void report_mismatch(struct report *report, struct node *node, const char *quantity,
                            const char *unit)
{
    struct phrase units = { 0 };
    struct node *at = build_at(node, "quantity");
    list_units(quantity, &units);
    if (units.n == 0)
        report_error(report, at, "\"%s\" is a mere number; leave \"unit\" out", quantity);
    else
        report_error(report, at, "\"%s\" is not counted in \"%s\"; %s", quantity, unit, units.text);
}

static void report_no_exponent(struct report *report, struct node *node,
                               const struct record_spec *spec)
{
    struct node *at = node_member(node, "resolution");
    struct phrase wanted = { 0 }, works = { 0 };
    if (!at)
        at = build_at(node, spec->unit ? "unit" : "quantity");
    phrase_scaled(&wanted, 1, spec->resolution);
    phrase_scaled(&works, 1, exponent_that_works(node, spec->resolution));
    report_error(report, at, "resolution %s of \"%s\" has no code; the nearest that works is %s",
                 wanted.text, spec->unit ? spec->unit->name : spec->quantity, works.text);
}

/* Why a spec has no VIF, where it can be helped. */
static void report_verdict(struct report *report, struct node *node, const struct record_spec *spec,
                           enum vif_verdict verdict)
{
    const char *unit = spec->unit ? spec->unit->name : "";
    const char *quantity = spec->quantity ? spec->quantity : "";
    struct phrase list = { 0 };
    switch (verdict) {
    case VIF_OK:
    case VIF_QUANTITY_UNKNOWN: /* read_quantity() found it */
        break;
    case VIF_QUANTITY_NEEDED:
        list_quantities(spec->unit ? spec->unit->base : VIF_BASE_NONE, &list);
        report_error(report, build_at(node, "unit"),
                     "\"%s\" serves several quantities; set \"quantity\" to %s", unit, list.text);
        break;
    case VIF_UNIT_NEEDED:
        list_units(quantity, &list);
        report_error(report, build_at(node, "quantity"), "\"%s\" needs a unit; set \"unit\" to %s",
                     quantity, list.text);
        break;
    case VIF_UNIT_MISMATCH:
        report_mismatch(report, node, quantity, unit);
        break;
    case VIF_NO_EXPONENT:
        report_no_exponent(report, node, spec);
        break;
    }
}

bool build_record(struct report *report, struct node *node, const struct record_spec *spec,
                  struct meter_record *ret)
{
    struct vif_choice choice = { 0 };
    bool good = read_is_good(node, "type");
    enum data_field field = spec->type;

    if (field == DATA_FIELD_NONE)
        field = spec->quantity && strcmp(spec->quantity, "fabrication_number") == 0
                    ? DATA_FIELD_BCD8
                    : DATA_FIELD_INT32;
    if ((spec->unit || spec->quantity) && read_is_good(node, "unit") &&
        read_is_good(node, "quantity") && read_is_good(node, "resolution")) {
        enum vif_verdict verdict =
            vif_choose(spec->quantity, spec->unit, spec->resolution, &choice);
        report_verdict(report, node, spec, verdict);
        good = good && verdict == VIF_OK;
    } else {
        good = false;
    }
    if (!read_is_good(node, "resolution") || !read_is_good(node, "type") ||
        !build_value(report, node, spec, field, &ret->wire.value))
        good = false;
    if (read_is_good(node, "resolution") && read_is_good(node, "type"))
        build_writable(report, node, spec, field, ret);
    ret->sets = spec->sets;
    ret->wire.dib = (struct dib){
        .data_field = field,
        .function = spec->function,
        .storage = spec->storage,
        .tariff = spec->tariff,
        .subunit = spec->subunit,
    };
    ret->wire.vib = choice.vib;
    return good;
}
