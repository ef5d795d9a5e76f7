#include "config/build_source.h"

#include <string.h>

#include "config/grow.h"
#include "config/read.h"

/* So many readings may fail before a value counts as old. */
#define READINGS_TO_AGE 3U

static const struct source_row {
    const char *name; /* of the setting */
    enum source_kind kind;
    enum schema_group group; /* SCHEMA_RECORD: the setting is no group */
} source_rows[] = {
    { "value", SOURCE_CONSTANT, SCHEMA_RECORD },      { "file", SOURCE_FILE, SCHEMA_FILE },
    { "command", SOURCE_COMMAND, SCHEMA_COMMAND },    { "pushed", SOURCE_PUSHED, SCHEMA_PUSHED },
    { "derived", SOURCE_DERIVED, SCHEMA_DERIVED },    { "clock", SOURCE_CLOCK, SCHEMA_CLOCK },
    { "internal", SOURCE_INTERNAL, SCHEMA_INTERNAL },
};

struct source_config *source_list_add(struct report *report, struct source_list *list)
{
    struct source_config *items =
        grow(list->items, &list->capacity, list->n + 1, sizeof(*list->items));
    if (!items) {
        report->no_memory = true;
        return NULL;
    }
    list->items = items;
    items[list->n] = (struct source_config){ 0 };
    return &items[list->n++];
}

/* The first in the file that is one of them. */
static const struct source_row *find_row(const struct node *record, struct node **ret)
{
    const struct source_row *found = NULL;
    *ret = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(source_rows); i++) {
        struct node *node = node_child(record, source_rows[i].name);
        if (!node || (*ret && (*ret)->order < node->order))
            continue;
        *ret = node;
        found = &source_rows[i];
    }
    return found;
}

struct node *source_node(const struct node *record, enum source_kind *ret)
{
    struct node *node;
    const struct source_row *row = find_row(record, &node);
    *ret = row ? row->kind : SOURCE_CONSTANT;
    return node;
}

bool source_is_later(const struct node *record)
{
    return node_child(record, "pulses") || node_child(record, "output");
}

static void check_single(struct report *report, const struct node *record, const struct node *first)
{
    for (size_t i = 0; i < ARRAY_SIZE(source_rows); i++) {
        struct node *node = node_child(record, source_rows[i].name);
        if (node && node != first)
            report_error(report, node, "stands beside \"%s\"; one of the two", first->name);
    }
}

static bool can_age(enum source_kind kind)
{
    return kind == SOURCE_FILE || kind == SOURCE_COMMAND || kind == SOURCE_PUSHED;
}

void build_source_check(struct report *report, struct node *record)
{
    struct node *max_age = node_child(record, "max_age"),
                *on_error = node_child(record, "on_error");
    struct phrase what = { 0 };
    enum source_kind kind;
    struct node *node = source_node(record, &kind);

    if (node)
        check_single(report, record, node);
    if (!node && source_is_later(record))
        return;
    if (!node || kind == SOURCE_CONSTANT)
        phrase_add(&what, "a constant");
    else
        phrase_add(&what, "\"%s\"", node->name);
    if (max_age && !can_age(kind))
        report_error(report, max_age,
                     "does not go with %s; \"file\", \"command\" and \"pushed\" alone", what.text);
    if (on_error && (kind == SOURCE_CONSTANT || kind == SOURCE_CLOCK))
        report_error(report, on_error, "does not go with %s, which does not fail; leave it out",
                     what.text);
}

static void check_path(struct report *report, struct node *file, const struct source_config *source)
{
    struct node *path = node_child(file, "path");
    struct phrase found = { 0 };
    size_t stars = 0;

    build_required(report, file, "path",
                   "the file, such as \"/sys/class/thermal/thermal_zone0/temp\"");
    if (!path || path->is_bad)
        return;
    node_value(path, &found);
    for (const char *p = source->path; *p != '\0'; p++)
        stars += *p == '*';
    if (source->path[0] != '/')
        report_error(report, path, "%s does not begin with \"/\"; a whole path", found.text);
    else if (stars > 1)
        report_error(report, path, "%s holds %zu \"*\"; at most one", found.text, stars);
}

/* What a group must hold, and what its settings make of one another. */
static void finish_group(struct report *report, struct node *group, struct source_config *ret)
{
    switch (ret->kind) {
    case SOURCE_FILE:
        check_path(report, group, ret);
        break;
    case SOURCE_COMMAND:
        build_required(report, group, "argv",
                       "a program and its arguments, such as [ \"/usr/bin/sensor\", \"-v\" ]");
        break;
    case SOURCE_PUSHED:
        ret->has_start = node_child(group, "start") != NULL;
        break;
    case SOURCE_DERIVED:
        build_derived_group(report, group, ret);
        break;
    case SOURCE_INTERNAL:
        build_required(report, group, "counter", "what is counted, such as \"operating_time\"");
        break;
    default:
        break;
    }
}

void build_source(struct report *report, struct node *record, const struct record_spec *spec,
                  struct source_config *ret)
{
    struct node *group;
    const struct source_row *row = find_row(record, &group);

    if (!row || row->kind == SOURCE_CONSTANT)
        return;
    ret->kind = row->kind;
    ret->on_error = spec->on_error;
    if (!build_is_group(report, group))
        return;
    read_group(report, group, row->group, ret);
    finish_group(report, group, ret);
    ret->max_age = node_child(record, "max_age") ? spec->max_age : READINGS_TO_AGE * ret->interval;
}
