#include "ctl/feed_report.h"

#include <stdio.h>
#include <string.h>

#include "ctl/colour.h"

#define SHOWN_MAX 60U

/* So much of a text as is worth showing. */
static int shown(size_t n)
{
    return (int)(n < SHOWN_MAX ? n : SHOWN_MAX);
}

static const char *dots(size_t n)
{
    return n > SHOWN_MAX ? "..." : "";
}

/* Whether this name was said already; it is kept if there is room. */
static bool is_old(struct feed_report *report, const struct feed_line *line)
{
    char text[FEED_REPORT_TEXT];

    (void)snprintf(text, sizeof(text), "%.*s%s", shown(line->n_name), line->name,
                   dots(line->n_name));
    for (unsigned i = 0; i < report->n_strange; i++) {
        if (strcmp(report->strange[i], text) == 0)
            return true;
    }
    if (report->n_strange < FEED_REPORTS_MAX)
        memcpy(report->strange[report->n_strange++], text, sizeof(text));
    return false;
}

void feed_report_line(struct feed_report *report, uint64_t line, enum feed_verdict verdict,
                      const struct feed_line *parsed)
{
    const char *text = feed_verdict_text(verdict);
    unsigned long long number = line;

    if (text == NULL || (verdict == FEED_NO_RECORD && is_old(report, parsed)))
        return;
    if (report->n[verdict]++ >= FEED_REPORTS_MAX)
        return;
    if (verdict == FEED_TOO_LONG)
        complain("line %llu %s", number, text);
    else if (verdict == FEED_NO_NUMBER || verdict == FEED_TOO_LARGE)
        complain("line %llu: %.*s: \"%.*s%s\" %s", number, (int)parsed->n_name, parsed->name,
                 shown(parsed->n_value), parsed->value, dots(parsed->n_value), text);
    else
        complain("line %llu: %.*s%s %s", number, shown(parsed->n_name), parsed->name,
                 dots(parsed->n_name), text);
}

void feed_report_name(uint64_t line, struct feed_name *name)
{
    if (name->was_reported)
        return;
    name->was_reported = true;
    if (name->kind == FEED_UNKNOWN)
        complain("line %llu: %s: there is no such record; its values are skipped",
                 (unsigned long long)line, name->text);
    else
        complain("line %llu: %s: its source is not \"pushed\"; its values are skipped",
                 (unsigned long long)line, name->text);
}

void feed_report_end(const struct feed_report *report)
{
    static const char *const texts[FEED_VERDICTS] = {
        [FEED_NO_RECORD] = "their names are those of no record",
        [FEED_NO_VALUE] = "they have no value",
        [FEED_NO_NUMBER] = "their values are no numbers",
        [FEED_TOO_LARGE] = "their values are larger than any number",
        [FEED_BYTES_BEHIND] = "there is something behind the number",
        [FEED_TOO_LONG] = "they are too long",
    };

    for (unsigned i = 0; i < FEED_VERDICTS; i++) {
        if (texts[i] && report->n[i] > FEED_REPORTS_MAX)
            complain("lines skipped besides these: %llu; %s",
                     (unsigned long long)(report->n[i] - FEED_REPORTS_MAX), texts[i]);
    }
}
