/* Unit, quantity, resolution and modifiers of a record become its VIB (mbus-records 12.1). */
#include <string.h>

#include "config/build.h"
#include "config/build_modifiers.h"
#include "config/exponent.h"
#include "config/latin1.h"
#include "config/read.h"
#include "mbus/vife.h"

#define PULSE_INPUT_0 0x28U
/* A master that is much in use has room for no more (mbus-records 10). */
#define UNIT_TEXT_MAX 127

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
        report_error(report, at, "\"%s\" has no unit; leave \"unit\" out", quantity);
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

static bool is_pulse_weight(const struct record_spec *spec)
{
    return spec->quantity && strcmp(spec->quantity, VIF_PULSE_WEIGHT) == 0;
}

/* Why a spec has no VIF, where it can be helped. */
static void report_verdict(struct report *report, struct node *node, const struct record_spec *spec,
                           enum vif_verdict verdict)
{
    const char *unit = spec->unit ? spec->unit->name : "";
    const char *quantity = spec->quantity ? spec->quantity : "";
    struct phrase list = { 0 };
    if (is_pulse_weight(spec) && (verdict == VIF_QUANTITY_NEEDED || verdict == VIF_UNIT_NEEDED)) {
        report_error(report, build_at(node, "unit"),
                     "\"%s\" needs the unit of one quantity, such as \"l\" or \"Wh\"", quantity);
        return;
    }
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

/* ---- the unit in plain text ------------------------------------------------------------------ */

static bool is_printable(const uint8_t *text, int n)
{
    for (int i = 0; i < n; i++)
        if ((text[i] & 0x7F) < 0x20 || text[i] == 0x7F)
            return false;
    return true;
}

/* mbus-records 10: last character first. */
static bool set_unit_text(struct report *report, struct node *node, struct record_plan *plan)
{
    struct node *unit = node_member(node, "unit");
    uint8_t text[UNIT_TEXT_MAX];
    const char *bad;
    size_t n_bad;
    struct phrase found = { 0 };

    if (!unit || unit->is_bad || unit->kind != NODE_STRING) {
        if (!unit)
            report_error(report, build_at(node, "quantity"),
                         "\"custom\" needs a unit; set \"unit\" to any text");
        return false;
    }
    int n = latin1_of(unit->string, text, sizeof(text), &bad, &n_bad);
    node_value(unit, &found);
    if (n < 1 || n > UNIT_TEXT_MAX || !is_printable(text, n)) {
        report_error(report, unit,
                     "%s is no unit in plain text; 1 to %d printable characters of "
                     "ISO 8859-1",
                     found.text, UNIT_TEXT_MAX);
        return false;
    }
    for (int i = 0; i < n; i++)
        plan->text[i] = text[n - 1 - i];
    plan->vib.n_text = (uint8_t)n;
    return true;
}

/* ---- all of it ------------------------------------------------------------------------------- */

bool build_meaning(struct record_plan *plan)
{
    uint8_t bytes[VIB_MAX + 1 + VIB_TEXT_MAX];
    struct writer w = writer_over(bytes, sizeof(bytes));
    struct decoded_vib decoded;
    enum decode_reason reason;

    plan->vib.text = plan->text;
    vib_write(&plan->vib, &w);
    struct reader r = reader_over(bytes, w.n);
    enum text_layout layout = plan->vib.text_first ? TEXT_BEFORE_VIFE : TEXT_BEHIND_VIFE;
    if (w.failed || !vib_decode(&r, layout, &decoded, &reason) || reader_left(&r) > 0)
        return false;
    vib_meaning_of(&decoded, FROM_SLAVE, &plan->meaning);
    return true;
}

/* A real takes whatever power of ten there is: it needs no factor. */
static void spare_factor(struct record_plan *plan, enum vif_verdict *verdict,
                         struct vif_choice *choice)
{
    const struct record_spec *spec = plan->spec;
    if (!spec->type || spec->type->field != DATA_FIELD_REAL32 ||
        (*verdict != VIF_NO_EXPONENT && choice->factor == 0))
        return;
    vif_choice_drop_factor(choice);
    *verdict = VIF_OK;
    plan->counting.resolution = choice->exponent - (spec->unit ? spec->unit->exponent : 0);
}

static void warn_factor(struct report *report, struct node *node, const struct record_spec *spec,
                        const struct vif_choice *choice)
{
    struct node *at = node_member(node, "resolution");
    struct phrase wanted = { 0 }, works = { 0 };
    phrase_scaled(&wanted, 1, spec->resolution);
    phrase_scaled(&works, 1, choice->exponent - (spec->unit ? spec->unit->exponent : 0));
    report_warning(report, at ? at : build_at(node, spec->unit ? "unit" : "quantity"),
                   "resolution %s of \"%s\" is sent with a factor, which old masters ignore; %s "
                   "needs none",
                   wanted.text, spec->unit ? spec->unit->name : spec->quantity, works.text);
}

/* A factor of "modifiers" for which no code is left. */
static void report_factor(struct report *report, struct node *node, const struct record_spec *spec,
                          const struct vif_choice *choice, int factor)
{
    int unit = spec->unit ? spec->unit->exponent : 0;
    struct phrase wanted = { 0 }, works = { 0 };
    phrase_scaled(&wanted, 1, spec->resolution);
    phrase_scaled(&works, 1, choice->exponent - unit + factor);
    report_error(report, build_at(node, "modifiers"),
                 "no code with this factor has a resolution of %s; the nearest that works is %s",
                 wanted.text, works.text);
}

static bool is_number(enum vif_type type)
{
    return type == VIF_NUMBER || type == VIF_UNSIGNED || type == VIF_FRACTION;
}

/* Dates, bits and the like are no numbers that a step could scale. */
static bool check_resolution(struct report *report, struct node *node,
                             const struct record_plan *plan, const struct vif_family *family)
{
    struct node *resolution = node_member(node, "resolution");
    struct phrase found = { 0 };

    if (plan->spec->resolution == 0 || !resolution || is_number(family->type))
        return true;
    node_value(resolution, &found);
    report_error(report, resolution,
                 "%s scales numbers, and this is none; leave \"resolution\" out", found.text);
    return false;
}

/* The code of quantity, unit and resolution; a factor that is written is one that it is chosen for.
 */
static bool choose(struct report *report, struct node *node, const struct vife_list *list,
                   struct record_plan *plan)
{
    const struct record_spec *spec = plan->spec;
    struct vif_choice choice = { 0 };

    enum vif_verdict verdict =
        vif_choose(spec->quantity, spec->unit, spec->resolution - list->factor, &choice);
    if (list->factor != 0 &&
        (verdict == VIF_NO_EXPONENT || (verdict == VIF_OK && choice.factor != 0))) {
        report_factor(report, node, spec, &choice, list->factor);
        return false;
    }
    plan->counting.resolution = spec->resolution;
    if (list->factor == 0)
        spare_factor(plan, &verdict, &choice);
    report_verdict(report, node, spec, verdict);
    if (verdict != VIF_OK)
        return false;
    if (!check_resolution(report, node, plan, choice.family))
        return false;
    if (choice.factor != 0)
        warn_factor(report, node, spec, &choice);
    plan->vib = choice.vib;
    return true;
}

bool build_vif(struct report *report, struct node *node, struct record_plan *plan)
{
    static const uint8_t pulse = PULSE_INPUT_0;
    const struct record_spec *spec = plan->spec;
    struct vife_list list = { 0 };
    struct node *modifiers = node_child(node, "modifiers");

    plan->counting.resolution = spec->resolution;
    if (is_pulse_weight(spec) && !modifiers_name_pulse(modifiers))
        modifiers_add(&list, &pulse, 1);
    bool good = modifiers_list(report, modifiers, &list);
    if (!(spec->unit || spec->quantity) || !read_is_good(node, "unit") ||
        !read_is_good(node, "quantity") || !read_is_good(node, "resolution"))
        return false;
    if (!choose(report, node, &list, plan) || !good ||
        !modifiers_append(report, node, &list, &plan->vib))
        return false;
    if (spec->quantity && strcmp(spec->quantity, "custom") == 0 &&
        !set_unit_text(report, node, plan))
        return false;
    if (!build_meaning(plan))
        return false;
    if (list.has_own_count)
        plan->counting.resolution = 0;
    plan->counting.is_fraction = plan->meaning.type == VIF_FRACTION;
    return true;
}
