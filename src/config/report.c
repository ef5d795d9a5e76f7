#include "config/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/grow.h"

/* Takes the text over. */
static void add_item(struct report *report, unsigned order, bool is_error, char *text)
{
    report->n_errors += is_error ? 1 : 0;
    struct report_item *items =
        text ? grow(report->items, &report->capacity, report->n + 1, sizeof(*items)) : NULL;
    if (!items) {
        report->no_memory = true;
        free(text);
        return;
    }
    report->items = items;
    items[report->n] = (struct report_item){ order, (unsigned)report->n, is_error, text };
    report->n++;
}

static char *PRINTF(2, 0) format_at(const struct node *node, const char *format, va_list args)
{
    struct phrase path = { 0 };
    char *message = NULL;
    int n;

    char body[1024];
    vsnprintf(body, sizeof(body), format, args);
    node_path(node, &path);
    if (node->option)
        n = asprintf(&message, "%s: %s", node->option, body);
    else if (path.n == 0)
        n = asprintf(&message, "%s:%u: %s", node->file, node->line, body);
    else
        n = asprintf(&message, "%s:%u: %s: %s", node->file, node->line, path.text, body);
    return n < 0 ? NULL : message;
}

static void PRINTF(4, 0) add_at(struct report *report, const struct node *node, bool is_error,
                                const char *format, va_list args)
{
    if (report->n < REPORT_MAX) {
        add_item(report, node->option ? 0 : node->order, is_error, format_at(node, format, args));
        return;
    }
    report->n_errors += is_error ? 1 : 0;
}

void report_error(struct report *report, struct node *node, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_at(report, node, true, format, args);
    va_end(args);
    node->is_bad = true;
}

void report_warning(struct report *report, const struct node *node, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_at(report, node, false, format, args);
    va_end(args);
}

void report_text(struct report *report, char *text)
{
    add_item(report, 0, true, text);
}

static int compare(const void *a, const void *b)
{
    const struct report_item *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

int report_take(struct report *report, struct config_messages *ret)
{
    if (report->n > 0)
        qsort(report->items, report->n, sizeof(*report->items), compare);
    if (report->n == REPORT_MAX) {
        char *text = NULL;
        if (asprintf(&text, "these are the first %u messages; more follow", REPORT_MAX) < 0)
            text = NULL;
        add_item(report, UINT32_MAX, false, text);
    }
    struct config_message *items = calloc(report->n + 1, sizeof(*items));
    if (!items || report->no_memory) {
        free(items);
        return -ENOMEM;
    }
    for (size_t i = 0; i < report->n; i++) {
        items[i].is_error = report->items[i].is_error;
        items[i].text = report->items[i].text;
        report->items[i].text = NULL;
    }
    *ret = (struct config_messages){ items, report->n, report->n_errors };
    return 0;
}

void report_done(struct report *report)
{
    for (size_t i = 0; i < report->n; i++)
        free(report->items[i].text);
    free(report->items);
    *report = (struct report){ 0 };
}
