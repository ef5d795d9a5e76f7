#include <stdlib.h>
#include <string.h>

#include "config/build.h"
#include "config/read.h"

/* More than any telegram holds; keeps the look for twins short. */
#define RECORDS_MAX 1000U

static void check_unique(struct report *report, struct node *records, size_t i)
{
    struct node *name = node_member(&records->children[i], "name");
    if (!name || name->kind != NODE_STRING || name->is_bad)
        return;
    for (size_t j = 0; j < i; j++) {
        const struct node *other = node_member(&records->children[j], "name");
        struct phrase path = { 0 };
        if (!other || other->kind != NODE_STRING || strcmp(name->string, other->string) != 0)
            continue;
        node_path(&records->children[j], &path);
        report_error(report, name, "\"%s\" is the name of %s; a name of its own", name->string,
                     path.text);
        return;
    }
}

/* Reads every record; false when one is not even a group. */
static bool read_specs(struct report *report, struct node *records, struct record_spec *ret)
{
    bool good = true;
    for (size_t i = 0; i < records->n_children; i++) {
        struct node *node = &records->children[i];
        if (!build_is_group(report, node)) {
            good = false;
            continue;
        }
        build_record_spec(report, node, &ret[i]);
        check_unique(report, records, i);
    }
    return good;
}

static void build_variable(struct report *report, struct node *records,
                           const struct record_spec *specs, struct meter_def *ret)
{
    size_t n = records ? records->n_children : 0;
    bool good = true;

    if (n == 0)
        return;
    ret->records = calloc(n, sizeof(*ret->records));
    if (!ret->records) {
        report->no_memory = true;
        return;
    }
    ret->n_records = n;
    for (size_t i = 0; i < n; i++)
        if (records->children[i].kind != NODE_GROUP ||
            !build_record(report, &records->children[i], &specs[i], &ret->records[i].wire))
            good = false;
    size_t size = good ? meter_answer_size(ret) : 0;
    if (size > CONFIG_TELEGRAM_MAX)
        report_error(report, records, "the telegram needs %zu bytes; %u fit", size,
                     CONFIG_TELEGRAM_MAX);
}

void build_meter(struct report *report, struct node *node, struct meter_def *ret)
{
    struct record_spec *specs = NULL;
    bool good = true;

    if (!build_is_group(report, node))
        return;
    ret->max_telegram = METER_MAX_TELEGRAM;
    ret->session_time = METER_SESSION_TIME;
    read_group(report, node, SCHEMA_METER, ret);
    struct node *records = node_member(node, "records");
    if (records && !build_is_list(report, records))
        return;
    if (records && records->n_children > RECORDS_MAX) {
        report_error(report, records, "%zu records; no telegram holds more than a few dozen",
                     records->n_children);
        return;
    }
    if (records && records->n_children > 0) {
        specs = calloc(records->n_children, sizeof(*specs));
        if (!specs) {
            report->no_memory = true;
            return;
        }
        good = read_specs(report, records, specs);
    }
    if (!read_is_good(node, "structure"))
        good = false;
    if (good && ret->structure == METER_FIXED)
        build_fixed(report, node, records, specs, ret);
    else if (ret->structure == METER_VARIABLE)
        build_variable(report, records, specs, ret);
    free(specs);
}
