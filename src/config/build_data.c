/* Values that are no numbers: text, bytes, dates (mbus-records 3.2, 4.3 to 4.6). */
#include <string.h>

#include "config/build.h"
#include "config/hex.h"
#include "config/latin1.h"
#include "config/moment.h"

/* The value as text; NULL, and reported, when it is something else. */
static const char *text_of(struct report *report, struct node *node, const char *instead)
{
    struct phrase found = { 0 };
    if (node->kind == NODE_STRING)
        return node->string;
    node_value_and_type(node, &found);
    report_error(report, node, "%s; %s", found.text, instead);
    return NULL;
}

bool build_text(struct report *report, struct node *node, struct record_plan *plan)
{
    const char *text = text_of(report, node, "a text in quotes"), *bad;
    uint8_t characters[LVAR_DATA_MAX];
    struct phrase found = { 0 };
    size_t n_bad;

    if (!text)
        return false;
    int n = latin1_of(text, characters, sizeof(characters), &bad, &n_bad);
    if (n < 0) {
        phrase_quote_bytes(&found, bad, n_bad);
        report_error(report, node, "%s is not in ISO 8859-1, the characters of M-Bus", found.text);
        return false;
    }
    if (n > (int)LVAR_DATA_MAX) {
        report_error(report, node, "a text of %d characters; %u at most", n, LVAR_DATA_MAX);
        return false;
    }
    for (int i = 0; i < n; i++)
        plan->data[i] = characters[n - 1 - i];
    return lvar_encode(LVAR_TEXT, (unsigned)n, &plan->lvar);
}

/* Containers and what is the manufacturer's are counted like text, which has every length; all else
 * is a binary number. */
static enum lvar_kind kind_of(const struct record_plan *plan)
{
    enum vif_type type = plan->meaning.type;
    return type == VIF_CONTAINER || type == VIF_OPAQUE ? LVAR_TEXT : LVAR_BINARY;
}

static unsigned nearest_length(enum lvar_kind kind, unsigned wanted)
{
    uint8_t lvar;
    for (unsigned step = 0;; step++) {
        if (wanted >= step && lvar_encode(kind, wanted - step, &lvar))
            return wanted - step;
        if (lvar_encode(kind, wanted + step, &lvar))
            return wanted + step;
    }
}

bool build_binary(struct report *report, struct node *node, struct record_plan *plan)
{
    const char *text = text_of(report, node, "bytes as pairs of hex digits in quotes");
    struct phrase found = { 0 };

    if (!text)
        return false;
    int n = hex_parse(text, NULL);
    if (n < 0) {
        node_value(node, &found);
        report_error(report, node, "%s is not hex; pairs of hex digits, such as \"01 A5\"",
                     found.text);
        return false;
    }
    if (!lvar_encode(kind_of(plan), (unsigned)n, &plan->lvar)) {
        report_error(report, node, "%d bytes have no code; the nearest that works are %u", n,
                     nearest_length(kind_of(plan), (unsigned)n));
        return false;
    }
    (void)hex_parse(text, plan->data);
    return true;
}

static void report_moment(struct report *report, struct node *node, enum time_kind kind,
                          enum moment_verdict verdict)
{
    struct phrase found = { 0 };
    int first, last;

    node_value(node, &found);
    moment_years(kind, &first, &last);
    if (verdict == MOMENT_NO_FORM)
        report_error(report, node, "%s is not of the form \"%s\"", found.text, moment_form(kind));
    else if (verdict == MOMENT_NO_YEAR)
        report_error(report, node, "%s is out of range; years %d to %d", found.text, first, last);
    else
        report_error(report, node, "%s does not exist in the calendar or on a clock", found.text);
}

bool build_time(struct report *report, struct node *node, const struct record_plan *plan,
                struct value *ret)
{
    const char *text = text_of(report, node, "a date or time in quotes");
    uint8_t bytes[sizeof(uint64_t)];
    struct writer w = writer_over(bytes, sizeof(bytes));
    struct time_point time;
    enum time_kind kind;

    if (!text || !time_kind_of(data_field_length(plan->type->field), &kind))
        return false;
    enum moment_verdict verdict = moment_parse(text, kind, &time);
    if (verdict != MOMENT_OK) {
        report_moment(report, node, kind, verdict);
        return false;
    }
    time_encode(kind, &time, &w);
    *ret = (struct value){ .integer = (int64_t)bytes_le(bytes, w.n) };
    return true;
}
