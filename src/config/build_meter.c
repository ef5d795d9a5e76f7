#include <stdlib.h>
#include <string.h>

#include "config/build_source.h"
#include "config/hex.h"
#include "config/names.h"
#include "config/read.h"
#include "meter/rsp_ud.h"
#include "mbus/frame.h"
#include "mbus/header.h"

/* Far more than any meter has; keeps a readout within what a master asks for. */
#define RECORDS_MAX 1000U

static void check_unique(struct report *report, struct node *records)
{
    size_t n = 0;
    struct name_entry *entries = calloc(records->n_children, sizeof(*entries));
    if (!entries) {
        report->no_memory = true;
        return;
    }
    for (size_t i = 0; i < records->n_children; i++) {
        struct node *group = &records->children[i];
        const struct node *name = node_child(group, "name");
        if (name && name->kind == NODE_STRING && !name->is_bad)
            entries[n++] = (struct name_entry){ name->string, group, i };
    }
    names_sort(entries, n);
    names_check(report, entries, n);
    free(entries);
}

/* Reads every record; false when one is not even a group. */
static bool read_specs(struct report *report, struct node *records, struct record_spec *ret)
{
    bool good = true;
    for (size_t i = 0; i < records->n_children; i++) {
        struct node *node = &records->children[i];
        if (build_is_group(report, node))
            build_record_spec(report, node, &ret[i]);
        else
            good = false;
    }
    check_unique(report, records);
    return good;
}

static bool build_named(struct report *report, struct node *node, const struct record_spec *spec,
                        struct source_config *source, struct meter_record *ret)
{
    const struct node *name = node_child(node, "name");
    if (name && name->kind == NODE_STRING) {
        ret->name = strdup(name->string);
        report->no_memory = report->no_memory || !ret->name;
    }
    build_source(report, node, spec, source);
    return build_record(report, node, spec, source, ret);
}

/* Record i of a meter, and its source, which stays in the list unless a mere constant has none. */
static bool build_listed(struct report *report, struct node *node, const struct record_spec *spec,
                         size_t meter, size_t i, struct meter_record *ret,
                         struct source_list *sources)
{
    struct source_config *source = source_list_add(report, sources);
    if (!source)
        return false;
    source->meter = meter;
    source->record = i;
    bool good = build_named(report, node, spec, source, ret);
    if (source->kind == SOURCE_CONSTANT && !source->write_command)
        sources->n--;
    return good;
}

static void build_variable(struct report *report, struct node *records,
                           const struct record_spec *specs, size_t index, struct meter_def *ret,
                           struct source_list *sources)
{
    size_t n = records ? records->n_children : 0, need = 0, before = sources->n;
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
            !build_listed(report, &records->children[i], &specs[i], index, i, &ret->records[i],
                          sources))
            good = false;
    build_derived(report, records, ret, sources, before);
    if (good && meter_telegrams(ret, &need) == 0)
        report_error(report, records, "the telegram needs %zu bytes; %zu fit", need,
                     rsp_ud_room(ret));
}

/* Manufacturer data stand behind a DIF 0F, and fit a telegram without any record. */
static void build_tail(struct report *report, struct node *meter, struct meter_def *ret)
{
    struct node *node = node_member(meter, "manufacturer_data");
    size_t most = rsp_ud_room(ret) - LONG_HEADER_SIZE - 1;

    if (!node || node->is_bad)
        return;
    if (ret->structure == METER_FIXED) {
        report_error(report, node, "does not fit the fixed structure, which has none");
        return;
    }
    size_t n = (size_t)hex_parse(node->string, NULL);
    if (n > most) {
        report_error(report, node, "%zu bytes; %zu fit a telegram", n, most);
        return;
    }
    ret->tail = malloc(n);
    if (!ret->tail) {
        report->no_memory = true;
        return;
    }
    ret->n_tail = (size_t)hex_parse(node->string, ret->tail);
}

/* The records of a meter whose own settings are read. */
static void build_records(struct report *report, struct node *node, struct node *records,
                          size_t index, struct meter_def *ret, struct source_list *sources)
{
    struct record_spec *specs = NULL;
    bool good = read_is_good(node, "structure");

    if (records && records->n_children > 0) {
        specs = calloc(records->n_children, sizeof(*specs));
        if (!specs) {
            report->no_memory = true;
            return;
        }
        good = read_specs(report, records, specs) && good;
    }
    if (good && ret->structure == METER_FIXED)
        build_fixed(report, node, records, specs, ret);
    else if (ret->structure == METER_VARIABLE)
        build_variable(report, records, specs, index, ret, sources);
    free(specs);
}

void build_meter(struct report *report, struct node *node, size_t index, struct meter_def *ret,
                 struct source_list *sources)
{
    if (!build_is_group(report, node))
        return;
    ret->max_telegram = METER_MAX_TELEGRAM; /* also when what is written is wrong */
    read_group(report, node, SCHEMA_METER, ret);
    build_tail(report, node, ret);
    struct node *records = node_member(node, "records");
    if (records && !build_is_list(report, records))
        return;
    if (records && records->n_children > RECORDS_MAX) {
        report_error(report, records, "%zu records; at most %u", records->n_children, RECORDS_MAX);
        return;
    }
    build_records(report, node, records, index, ret, sources);
}
