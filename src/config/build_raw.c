/* DIB and VIB that are written as their bytes, for what the names do not reach. */
#include <string.h>

#include "config/build.h"
#include "config/hex.h"
#include "config/read.h"

#define EXTENSION 0x80U
#define SPECIAL 0x0FU
/* More than any DIB or VIB has. */
#define RAW_MAX (VIB_MAX + 1U + VIB_TEXT_MAX)

/* What the bytes say instead, and may not be said twice. */
static bool refuse_names(struct report *report, const struct node *record, const char *raw,
                         const char *const *names, size_t n)
{
    bool good = true;
    for (size_t i = 0; i < n; i++) {
        struct node *member = node_child(record, names[i]);
        if (!member)
            continue;
        report_error(report, member, "does not go with \"%s\", whose bytes say it; leave one out",
                     raw);
        good = false;
    }
    return good;
}

/* The bytes of a setting; 0 when they are wrong, and that is reported. */
static size_t take_bytes(struct report *report, struct node *node, size_t most, uint8_t *ret)
{
    if (!node || node->is_bad || node->kind != NODE_STRING)
        return 0;
    int n = hex_parse(node->string, NULL);
    if (n > 0 && (size_t)n <= most)
        return (size_t)hex_parse(node->string, ret);
    if (n > 0)
        report_error(report, node, "%d bytes; %zu at most", n, most);
    return 0;
}

/* ---- VIB ------------------------------------------------------------------------------------- */

/* Takes codes and text apart; false when the bytes are no VIB in this layout. */
static bool split_vib(const uint8_t *bytes, size_t n, enum text_layout layout,
                      struct record_plan *plan)
{
    struct reader r = reader_over(bytes, n);
    struct decoded_vib decoded;
    enum decode_reason reason;

    if (!vib_decode(&r, layout, &decoded, &reason) || reader_left(&r) > 0)
        return false;
    size_t n_text = vib_is_text(&decoded) ? decoded.n_text + 1U : 0, n_codes = n - n_text;
    if ((vib_is_text(&decoded) && decoded.n_text == 0) || n_codes > VIB_MAX)
        return false;
    size_t text_at = layout == TEXT_BEFORE_VIFE ? 1 : n_codes;
    plan->vib = (struct vib){ .n = (uint8_t)n_codes,
                              .n_text = decoded.n_text,
                              .text_first = layout == TEXT_BEFORE_VIFE };
    if (!vib_is_text(&decoded))
        text_at = n;
    memcpy(plan->vib.bytes, bytes, text_at < n_codes ? text_at : n_codes);
    if (text_at < n_codes)
        memcpy(plan->vib.bytes + text_at, bytes + text_at + n_text, n_codes - text_at);
    if (n_text > 0)
        memcpy(plan->text, bytes + text_at + 1, decoded.n_text);
    plan->vib.n_text = vib_is_text(&decoded) ? decoded.n_text : 0;
    return build_meaning(plan);
}

bool build_raw_vif(struct report *report, struct node *node, struct record_plan *plan)
{
    static const char *const names[] = { "unit", "quantity", "resolution", "modifiers" };
    struct node *vif = node_child(node, "vif");
    uint8_t bytes[RAW_MAX];
    bool good = refuse_names(report, node, "vif", names, ARRAY_SIZE(names));
    size_t n = take_bytes(report, vif, sizeof(bytes), bytes);

    plan->counting.resolution = 0;
    if (n == 0)
        return false;
    if (!split_vib(bytes, n, TEXT_BEFORE_VIFE, plan) &&
        !split_vib(bytes, n, TEXT_BEHIND_VIFE, plan)) {
        struct phrase found = { 0 };
        node_value(vif, &found);
        report_error(report, vif,
                     "%s is no VIF with its VIFE; each but the last has bit 80, at most %u VIFE, "
                     "behind 7C and FC the length and the characters of the unit",
                     found.text, VIFE_MAX);
        return false;
    }
    plan->counting.is_fraction = false; /* counts as they are */
    return good;
}

/* ---- DIB ------------------------------------------------------------------------------------- */

/* Whether the bytes are one DIF with its DIFE; the eleventh may be 00 (mbus-records 2.4). */
static bool split_dib(const uint8_t *bytes, size_t n, struct dib *ret)
{
    *ret = dib_of_dif(bytes[0]);
    for (size_t i = 0; i < n; i++) {
        if ((bytes[i] & EXTENSION) ? i + 1 == n : i + 1 < n)
            return false;
        if (i > 0)
            dib_add_dife(ret, (unsigned)i - 1, bytes[i]);
    }
    ret->n_dife = (uint8_t)(n - 1);
    return n <= 1 + DIFE_MAX || (n == 2 + DIFE_MAX && bytes[n - 1] == 0);
}

/* What stands in the data field, by the field and what the VIB means. */
static const struct data_type *raw_type(const struct record_plan *plan, enum data_field field)
{
    enum vif_type type = plan->meaning.type;
    const struct data_type *time = data_type_of(field, FORM_TIME);

    if (field == DATA_FIELD_NONE)
        return data_type_of(field, FORM_NONE);
    if (field == DATA_FIELD_VARIABLE)
        return data_type_of(field, type == VIF_CONTAINER || type == VIF_RULE || type == VIF_OPAQUE
                                       ? FORM_BINARY
                                       : FORM_TEXT);
    bool is_moment = plan->spec->value.text || plan->source->kind == SOURCE_CLOCK;
    if (is_moment && time && vif_coding(type, field) == CODING_TIME)
        return time;
    return data_type_of(field, FORM_NUMBER);
}

bool build_raw_dif(struct report *report, struct node *node, struct record_plan *plan)
{
    static const char *const names[] = { "type", "function", "storage", "tariff", "subunit" };
    struct node *dif = node_child(node, "dif");
    uint8_t bytes[2 + DIFE_MAX];
    struct phrase found = { 0 };
    bool good = refuse_names(report, node, "dif", names, ARRAY_SIZE(names));
    size_t n = take_bytes(report, dif, sizeof(bytes), bytes);

    if (n == 0)
        return false;
    node_value(dif, &found);
    if ((bytes[0] & SPECIAL) == SPECIAL) {
        report_error(report, dif, "%s opens no record; a DIF whose low digit is not F", found.text);
        return false;
    }
    if ((bytes[0] & SPECIAL) == DATA_FIELD_SELECTION) {
        report_error(report, dif, "%s is what a master asks with; no meter sends it", found.text);
        return false;
    }
    if (!split_dib(bytes, n, &plan->dib)) {
        report_error(report, dif,
                     "%s is no DIF with its DIFE; each but the last has bit 80, at most %u DIFE",
                     found.text, DIFE_MAX);
        return false;
    }
    plan->type = raw_type(plan, plan->dib.data_field);
    plan->counting.field = plan->type->field;
    plan->counting.coding = vif_coding(plan->meaning.type, plan->type->field);
    return good;
}
