/* Records that are made of others of their meter. */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "config/build_source.h"
#include "config/names.h"
#include "config/read.h"

/* So many names of a circle are shown. */
#define CIRCLE_SHOWN 8U

static const struct {
    const char *name;
    enum derived_kind kind;
    size_t least;
    bool is_single; /* takes no more than one */
} derived_rows[] = {
    { "sum", DERIVED_SUM, 1, false },         { "difference", DERIVED_DIFFERENCE, 2, false },
    { "product", DERIVED_PRODUCT, 1, false }, { "integral", DERIVED_INTEGRAL, 1, true },
    { "copy", DERIVED_COPY, 1, true },
};

/* Where a group says what is done with which records: the first of them in the file, or NULL. */
static struct node *find_names(const struct node *group, size_t *ret_row)
{
    struct node *names = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(derived_rows); i++) {
        struct node *node = node_child(group, derived_rows[i].name);
        if (!node || (names && names->order < node->order))
            continue;
        names = node;
        *ret_row = i;
    }
    return names;
}

static void check_number(struct report *report, struct node *names, size_t row)
{
    const char *name = derived_rows[row].name;
    size_t n = names->n_children;
    if (names->is_bad)
        return;
    if (derived_rows[row].is_single && n > 1)
        report_error(report, names, "%zu records; \"%s\" takes one", n, name);
    else if (n < derived_rows[row].least)
        report_error(report, names, "%zu record; \"%s\" takes two or more", n, name);
}

void build_derived_group(struct report *report, struct node *group, struct source_config *ret)
{
    size_t row = 0;
    struct node *names = find_names(group, &row);

    if (!names) {
        report_error(report, group,
                     "names no records; one of \"sum\", \"difference\", \"product\", \"integral\" "
                     "and \"copy\"");
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(derived_rows); i++) {
        struct node *other = node_child(group, derived_rows[i].name);
        if (other && other != names)
            report_error(report, other, "stands beside \"%s\"; one of the two", names->name);
    }
    ret->derived.kind = derived_rows[row].kind;
    check_number(report, names, row);
}

/* ---- names become indices -------------------------------------------------------------------- */

/* The records of one meter. */
struct records {
    struct node *nodes;
    const struct meter_def *def;
    struct name_entry *names; /* sorted */
    size_t n_names;
};

static void report_unknown(struct report *report, const struct records *records,
                           struct node *element)
{
    struct nearest nearest = { .wanted = element->string };
    struct phrase found = { 0 };

    for (size_t i = 0; i < records->n_names; i++)
        nearest_offer(&nearest, records->names[i].name);
    const char *hint = nearest_result(&nearest);
    node_value(element, &found);
    if (hint)
        report_error(report, element, "%s is no record of this meter; did you mean \"%s\"?",
                     found.text, hint);
    else
        report_error(report, element, "%s is no record of this meter; the name of one that is",
                     found.text);
}

/* Whether a record carries a number, or is itself so wrong that nobody knows. */
static bool is_number(const struct meter_record *record)
{
    enum data_field field = record->wire.dib.data_field;
    return record->wire.vib.n == 0 || (field != DATA_FIELD_NONE && field != DATA_FIELD_VARIABLE &&
                                       record->wire.coding != CODING_TIME);
}

/* An input by its name; false when it is none. */
static bool find_input(struct report *report, const struct records *records, struct node *element,
                       size_t own, size_t *ret)
{
    if (element->kind != NODE_STRING || element->is_bad)
        return false;
    const struct name_entry *entry = names_find(records->names, records->n_names, element->string);
    if (!entry) {
        report_unknown(report, records, element);
        return false;
    }
    *ret = entry->index;
    if (entry->index == own)
        report_error(report, element, "\"%s\" is this record itself; others of the meter",
                     entry->name);
    else if (!is_number(&records->def->records[entry->index]))
        report_error(report, element, "\"%s\" is no number; records that are", entry->name);
    return !element->is_bad;
}

static struct node *names_of(const struct records *records, size_t record)
{
    const struct node *group = node_child(&records->nodes[record], "derived");
    size_t row;
    return group && group->kind == NODE_GROUP ? find_names(group, &row) : NULL;
}

static void find_inputs(struct report *report, const struct records *records,
                        struct source_config *source)
{
    struct node *names = names_of(records, source->record);
    struct derived_config *derived = &source->derived;

    if (source->kind != SOURCE_DERIVED || !names ||
        (names->kind != NODE_ARRAY && names->kind != NODE_LIST) || names->n_children == 0)
        return;
    derived->inputs = calloc(names->n_children, sizeof(*derived->inputs));
    if (!derived->inputs) {
        report->no_memory = true;
        return;
    }
    for (size_t i = 0; i < names->n_children; i++)
        if (find_input(report, records, &names->children[i], source->record,
                       &derived->inputs[derived->n_inputs]))
            derived->n_inputs++;
}

/* ---- circles --------------------------------------------------------------------------------- */

enum visit { VISIT_NOT, VISIT_UNDER_WAY, VISIT_DONE };

/* A way from record to input, as far as it goes. */
struct walk {
    const struct records *records;
    struct source_config **sources; /* by record; NULL: not derived */
    enum visit *visits;             /* by record */
    struct step {
        size_t record, next; /* the input that comes next */
    } * way;
    size_t n;
};

/* The record of a circle whose place is `i` behind the one that is first in the file. */
static size_t circle_record(const struct walk *w, size_t begin, size_t first, size_t i)
{
    return w->way[begin + (first - begin + i) % (w->n - begin)].record;
}

static void report_circle(struct report *report, const struct walk *w, size_t begin)
{
    const struct meter_record *defs = w->records->def->records;
    size_t n = w->n - begin, first = begin;
    struct phrase circle = { 0 };

    for (size_t i = begin; i < w->n; i++)
        if (w->way[i].record < w->way[first].record)
            first = i;
    for (size_t i = 0; i < n && i < CIRCLE_SHOWN; i++)
        phrase_add(&circle, "%s -> ", defs[circle_record(w, begin, first, i)].name);
    size_t record = w->way[first].record;
    report_error(report, names_of(w->records, record),
                 "%s%s%s is a circle; records that do not need this one", circle.text,
                 n > CIRCLE_SHOWN ? "... -> " : "", defs[record].name);
}

/* Goes on to an input, or finds that the way has been there. */
static void enter(struct report *report, struct walk *w, size_t record)
{
    if (w->visits[record] == VISIT_UNDER_WAY) {
        size_t begin = w->n - 1;
        while (w->way[begin].record != record)
            begin--;
        report_circle(report, w, begin);
    } else if (w->visits[record] == VISIT_NOT) {
        w->visits[record] = VISIT_UNDER_WAY;
        w->way[w->n++] = (struct step){ record, 0 };
    }
}

static void walk_from(struct report *report, struct walk *w, size_t record)
{
    enter(report, w, record);
    while (w->n > 0) {
        struct step *step = &w->way[w->n - 1];
        const struct source_config *source = w->sources[step->record];
        if (source && step->next < source->derived.n_inputs) {
            enter(report, w, source->derived.inputs[step->next++]);
        } else {
            w->visits[step->record] = VISIT_DONE;
            w->n--;
        }
    }
}

static void check_circles(struct report *report, const struct records *records,
                          struct source_list *sources, size_t first)
{
    size_t n = records->def->n_records;
    struct walk w = {
        .records = records,
        .sources = calloc(n, sizeof(*w.sources)),
        .visits = calloc(n, sizeof(*w.visits)),
        .way = calloc(n, sizeof(*w.way)),
    };
    if (w.sources && w.visits && w.way) {
        for (size_t i = first; i < sources->n; i++)
            if (sources->items[i].kind == SOURCE_DERIVED)
                w.sources[sources->items[i].record] = &sources->items[i];
        for (size_t i = 0; i < n; i++)
            if (w.sources[i] && w.visits[i] == VISIT_NOT)
                walk_from(report, &w, i);
    } else {
        report->no_memory = true;
    }
    free((void *)w.sources);
    free(w.visits);
    free(w.way);
}

/* The names of the records of a meter, sorted; false without memory. */
static bool sort_names(struct report *report, struct records *records)
{
    const struct meter_def *def = records->def;
    records->names = calloc(def->n_records, sizeof(*records->names));
    if (!records->names) {
        report->no_memory = true;
        return false;
    }
    for (size_t i = 0; i < def->n_records; i++)
        if (def->records[i].name)
            records->names[records->n_names++] =
                (struct name_entry){ def->records[i].name, &records->nodes[i], i };
    names_sort(records->names, records->n_names);
    return true;
}

void build_derived(struct report *report, struct node *list, const struct meter_def *def,
                   struct source_list *sources, size_t first)
{
    struct records records = { .nodes = list->children, .def = def };
    size_t n = 0;

    for (size_t i = first; i < sources->n; i++)
        n += sources->items[i].kind == SOURCE_DERIVED;
    if (n == 0 || !sort_names(report, &records))
        return;
    for (size_t i = first; i < sources->n; i++)
        if (sources->items[i].kind == SOURCE_DERIVED)
            find_inputs(report, &records, &sources->items[i]);
    check_circles(report, &records, sources, first);
    free(records.names);
}
