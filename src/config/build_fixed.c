/* The fixed data structure: two counters, one old table of units (mbus-protocol 11). */
#include "config/build_source.h"
#include "config/exponent.h"
#include "config/read.h"
#include "mbus/fixed.h"

/* What one counter counts: 10^exponent of a base unit. */
struct count {
    bool known;
    enum vif_base base;
    int exponent;
    int unit; /* code of the table, or -1 */
};

/* A unit says it by itself; a quantity alone only where it needs no unit. */
static struct count find_count(struct report *report, struct node *node,
                               const struct record_spec *spec)
{
    struct vif_choice choice = { 0 };
    struct count count = { .unit = -1 };
    if (!read_is_good(node, "unit") || !read_is_good(node, "quantity") ||
        !read_is_good(node, "resolution") || (!spec->unit && !spec->quantity))
        return count;

    enum vif_verdict verdict = vif_choose(spec->quantity, spec->unit, spec->resolution, &choice);
    if (spec->unit && verdict == VIF_UNIT_MISMATCH) {
        report_error(report, build_at(node, "quantity"), "\"%s\" is not counted in \"%s\"",
                     spec->quantity ? spec->quantity : "this", spec->unit->name);
        return count;
    }
    if (!spec->unit && verdict == VIF_UNIT_NEEDED) {
        report_error(report, build_at(node, "quantity"), "\"%s\" needs a unit; set \"unit\"",
                     spec->quantity);
        return count;
    }
    count.known = spec->unit || verdict == VIF_OK || verdict == VIF_NO_EXPONENT;
    count.base = spec->unit ? spec->unit->base : choice.family ? choice.family->base : count.base;
    count.exponent = spec->resolution + (spec->unit ? spec->unit->exponent : 0);
    count.unit = fixed_unit(count.base, count.exponent);
    return count;
}

/* A count that the table of units does not have: at the resolution where another would do. */
static void report_no_unit(struct report *report, struct node *node, const struct record_spec *spec,
                           const struct count *count)
{
    const char *name = spec->unit ? spec->unit->name : spec->quantity;
    for (int step = 1; step <= 2 * EXPONENT_MAX; step++) {
        for (int sign = -1; sign <= 1; sign += 2) {
            struct phrase wanted = { 0 }, works = { 0 };
            int resolution = spec->resolution + sign * step;
            if (fixed_unit(count->base, count->exponent + sign * step) < 0)
                continue;
            phrase_scaled(&wanted, 1, spec->resolution);
            phrase_scaled(&works, 1, resolution);
            struct node *at = node_member(node, "resolution");
            report_error(report, at ? at : build_at(node, spec->unit ? "unit" : "quantity"),
                         "resolution %s of \"%s\" has no code in the fixed structure; the nearest "
                         "that works is %s",
                         wanted.text, name, works.text);
            return;
        }
    }
    report_error(report, build_at(node, spec->unit ? "unit" : "quantity"),
                 "\"%s\" has no code in the fixed structure; energy, power, volume, volume flow, "
                 "degC or hca",
                 name);
}

/* Fields of a record that the fixed structure has no room for. */
static void check_plain(struct report *report, struct node *node, const struct record_spec *spec,
                        bool is_first)
{
    static const char *const names[] = { "modifiers", "dif", "vif" };
    struct node *sets = node_child(node, "sets"), *writable = node_child(node, "writable");
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (node_child(node, names[i]))
            report_error(report, node_child(node, names[i]),
                         "does not fit the fixed structure, which has none");
    enum source_kind kind;
    struct node *source = source_node(node, &kind);
    if (kind != SOURCE_CONSTANT)
        report_error(report, source,
                     "does not fit the fixed structure; constants alone, in this "
                     "version");
    if (sets && !sets->is_bad)
        report_error(report, sets, "does not fit the fixed structure, which is sent whole");
    if (writable && (writable->kind != NODE_BOOL || writable->integer))
        report_error(report, writable, "does not fit the fixed structure, which takes no writes");
    if (spec->function != DIF_INSTANTANEOUS) {
        struct phrase found = { 0 };
        struct node *at = build_at(node, "function");
        node_value(at, &found);
        report_error(report, at, "%s is not in the fixed structure; \"instantaneous\"", found.text);
    }
    if (spec->tariff != 0)
        report_error(report, build_at(node, "tariff"), "%u is not in the fixed structure; 0",
                     spec->tariff);
    if (spec->subunit != 0)
        report_error(report, build_at(node, "subunit"), "%u is not in the fixed structure; 0",
                     spec->subunit);
    if (spec->storage > (is_first ? 0 : 1))
        report_error(report, build_at(node, "storage"), "%llu is not in the fixed structure; %s",
                     (unsigned long long)spec->storage,
                     is_first ? "0 in the first record" : "0 or 1 in the second record");
}

static enum data_field type_of(const struct record_spec *spec)
{
    return spec->type ? spec->type->field : DATA_FIELD_INT32;
}

static bool is_counter_type(const struct record_spec *spec)
{
    return (!spec->type || spec->type->form == FORM_NUMBER) &&
           (type_of(spec) == DATA_FIELD_BCD8 || type_of(spec) == DATA_FIELD_INT32);
}

static bool check_type(struct report *report, struct node *node, const struct record_spec *spec,
                       const struct record_spec *first)
{
    struct node *at = build_at(node, "type");
    struct phrase found = { 0 };
    if (!read_is_good(node, "type"))
        return false;
    if (!is_counter_type(spec)) {
        node_value(at, &found);
        report_error(report, at, "%s is not in the fixed structure; \"int32\" or \"bcd8\"",
                     found.text);
        return false;
    }
    if (is_counter_type(first) && type_of(spec) != type_of(first)) {
        report_error(report, at, "\"%s\" beside \"%s\" of the first record; both of one type",
                     type_of(spec) == DATA_FIELD_BCD8 ? "bcd8" : "int32",
                     type_of(first) == DATA_FIELD_BCD8 ? "bcd8" : "int32");
        return false;
    }
    return true;
}

static int32_t counter_value(struct report *report, struct node *node,
                             const struct record_spec *spec)
{
    const struct counting counting = { .resolution = spec->resolution, .field = type_of(spec) };
    struct node *written = node_member(node, "value");
    struct phrase text = { 0 };
    struct value value = { 0 };
    if (!written || written->is_bad || !read_is_good(node, "resolution"))
        return 0;
    if (spec->value.text) {
        node_value_and_type(written, &text);
        report_error(report, written, "%s; a number", text.text);
        return 0;
    }
    if (!build_number(report, written, &spec->value.number, &counting, &value))
        return 0;
    /* BCD of this structure has no sign (mbus-protocol 11). */
    if (type_of(spec) == DATA_FIELD_BCD8 && value.integer < 0) {
        struct phrase found = { 0 };
        struct node *at = build_at(node, "value");
        node_value(at, &found);
        report_error(report, at, "%s has a sign; bcd8 of the fixed structure has none", found.text);
        return 0;
    }
    return (int32_t)value.integer;
}

static void build_counter(struct report *report, struct node *records,
                          const struct record_spec *specs, size_t i, struct meter_def *ret)
{
    struct node *node = &records->children[i];
    const struct record_spec *spec = &specs[i];
    struct count count = find_count(report, node, spec);

    check_plain(report, node, spec, i == 0);
    if (count.known && count.unit < 0)
        report_no_unit(report, node, spec, &count);
    if (i == 1 && spec->storage == 1 && count.known && count.unit >= 0) {
        const struct count first = find_count(report, &records->children[0], &specs[0]);
        if (first.known && (first.base != count.base || first.exponent != count.exponent))
            report_error(report, build_at(node, "storage"),
                         "1 with a unit or resolution that is not the first record's; 0, or the "
                         "same unit");
        count.unit = (int)FIXED_UNIT_HISTORIC;
    }
    if (count.unit >= 0)
        ret->counters[i].unit = (uint8_t)count.unit;
    if (check_type(report, node, spec, &specs[0]))
        ret->counters[i].value = counter_value(report, node, spec);
}

/* Bits of the status byte that mean something else here (mbus-protocol 11.1). */
static void check_status(struct report *report, const struct node *meter)
{
    struct node *status = node_member(meter, "status");
    for (size_t i = 0; status && i < status->n_children; i++) {
        struct node *element = &status->children[i];
        const struct schema_word *word =
            element->kind == NODE_STRING
                ? schema_word_find(schema_find(SCHEMA_METER, "status"), element->string)
                : NULL;
        if (word && !element->is_bad && (word->value & METER_STATUS_ALARM))
            report_error(report, element, "\"%s\" has no bit in the fixed structure; leave it out",
                         word->name);
    }
}

/* The fixed structure has four bits for the medium (mbus-protocol 11.2). */
static void check_medium(struct report *report, struct node *meter, uint8_t medium)
{
    struct phrase found = { 0 }, allowed = { 0 };
    size_t n = 0, shown = 0;
    if (!read_is_good(meter, "medium") || fixed_medium(medium) >= 0)
        return;
    for (size_t i = 0; i < n_media; i++)
        n += fixed_medium(media[i].code) >= 0;
    for (size_t i = 0; i < n_media; i++)
        if (fixed_medium(media[i].code) >= 0)
            phrase_item(&allowed, shown++, n, "\"%s\"", media[i].name);
    struct node *at = build_at(meter, "medium");
    node_value(at, &found);
    report_error(report, at, "%s is not in the fixed structure; %s", found.text, allowed.text);
}

void build_fixed(struct report *report, struct node *meter, struct node *records,
                 const struct record_spec *specs, struct meter_def *ret)
{
    static const char *const unused[] = { "manufacturer", "version" };
    size_t n = records ? records->n_children : 0;

    check_status(report, meter);
    for (size_t i = 0; i < ARRAY_SIZE(unused); i++) {
        const struct node *node = node_member(meter, unused[i]);
        if (node && !node->is_bad)
            report_warning(report, node, "not sent; the fixed structure has no %s", unused[i]);
    }
    check_medium(report, meter, ret->ident.medium);
    if (n < 1 || n > 2) {
        report_error(report, records ? records : meter,
                     "%zu records; one or two in the fixed structure", n);
        return;
    }
    ret->counters[1].unit = (uint8_t)FIXED_UNIT_NONE;
    for (size_t i = 0; i < n; i++)
        build_counter(report, records, specs, i, ret);
    ret->fixed_binary = type_of(&specs[0]) == DATA_FIELD_INT32;
}
