#include "control/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* So many names are looked through faster than they are sorted. */
#define FEW_RECORDS 16U

/* strcmp() with a name that ends after n characters. */
static int compare(const char *own, const char *name, size_t n)
{
    int order = strncmp(own, name, n);

    return order != 0 ? order : own[n] != '\0';
}

static int by_meter_name(const void *a, const void *b, void *userdata)
{
    const struct meter_def *defs = userdata;
    const uint32_t *x = a, *y = b;

    return strcmp(defs[*x].name, defs[*y].name);
}

static int by_record_name(const void *a, const void *b, void *userdata)
{
    const struct meter_record *records = userdata;
    const uint32_t *x = a, *y = b;

    return strcmp(records[*x].name, records[*y].name);
}

static uint32_t *count_up(size_t n)
{
    uint32_t *numbers = calloc(n + 1, sizeof(*numbers));

    for (size_t i = 0; numbers != NULL && i < n; i++)
        numbers[i] = (uint32_t)i;
    return numbers;
}

/* Constants that no master may write stay what they are. */
static bool can_change(const struct meter_def *def)
{
    for (size_t i = 0; i < def->n_records; i++) {
        if (def->records[i].is_live || def->records[i].writable)
            return true;
    }
    return false;
}

/* The records of a meter of which one can change are numbered in a row. */
static void number_records(struct index *index)
{
    size_t next = 0;

    for (size_t i = 0; i < index->n; i++) {
        const struct meter_def *def = &index->defs[i];

        index->entries[i].first = (uint32_t)next;
        next += can_change(def) ? def->n_records : 0;
    }
    index->entries[index->n].first = (uint32_t)next;
}

int index_new(const struct meter_def *defs, struct meter *const *meters, size_t n,
              struct index *ret)
{
    struct index index = { .defs = defs, .meters = meters, .n = n };

    index.sorted = count_up(n);
    index.entries = calloc(n + 1, sizeof(*index.entries));
    if (index.sorted == NULL || index.entries == NULL) {
        index_done(&index);
        return -ENOMEM;
    }
    qsort_r(index.sorted, n, sizeof(*index.sorted), by_meter_name, (void *)(uintptr_t)defs);
    number_records(&index);
    *ret = index;
    return 0;
}

void index_done(struct index *index)
{
    for (size_t i = 0; index->entries != NULL && i < index->n; i++)
        free(index->entries[i].sorted);
    free(index->entries);
    free(index->sorted);
    *index = (struct index){ 0 };
}

const struct meter_def *index_definition(const struct index *index, const char *name, size_t n)
{
    size_t low = 0, high = index->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct meter_def *def = &index->defs[index->sorted[middle]];
        int order = compare(def->name, name, n);

        if (order == 0)
            return def;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

struct meter *index_meter(const struct index *index, const char *name, size_t n)
{
    const struct meter_def *def = index_definition(index, name, n);

    return def != NULL ? index->meters[def - index->defs] : NULL;
}

bool index_has(const struct index *index, const struct meter *meter)
{
    return meter->index < index->n && index->meters[meter->index] == meter;
}

static size_t find_among_few(const struct meter_def *def, const char *name, size_t n)
{
    for (size_t i = 0; i < def->n_records; i++) {
        if (compare(def->records[i].name, name, n) == 0)
            return i;
    }
    return INDEX_NONE;
}

static size_t find_sorted(const struct meter_def *def, const uint32_t *sorted, const char *name,
                          size_t n)
{
    size_t low = 0, high = def->n_records;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(def->records[sorted[middle]].name, name, n);

        if (order == 0)
            return sorted[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return INDEX_NONE;
}

static const uint32_t *sort_records(const struct meter_def *def, struct index_meter *entry)
{
    if (entry->sorted == NULL && def->n_records > FEW_RECORDS) {
        entry->sorted = count_up(def->n_records);
        if (entry->sorted != NULL)
            qsort_r(entry->sorted, def->n_records, sizeof(*entry->sorted), by_record_name,
                    def->records);
    }
    return entry->sorted;
}

size_t index_record(struct index *index, const struct meter *meter, const char *name, size_t n)
{
    const struct meter_def *def = meter->def;
    const uint32_t *sorted = sort_records(def, &index->entries[meter->index]);

    return sorted != NULL ? find_sorted(def, sorted, name, n) : find_among_few(def, name, n);
}

bool index_find(struct index *index, const char *name, struct subject *ret)
{
    size_t n = strcspn(name, "./");

    *ret = (struct subject){ .kind = SUBJECT_RECORD, .meter = index_meter(index, name, n) };
    if (ret->meter == NULL)
        return false;
    if (name[n] == '\0')
        return false;
    name += n + 1;
    ret->record = index_record(index, ret->meter, name, strlen(name));
    return ret->record != INDEX_NONE;
}

size_t index_n_changing(const struct index *index)
{
    return index->entries[index->n].first;
}

size_t index_number(const struct index *index, const struct meter *meter, size_t record)
{
    const struct index_meter *entry = &index->entries[meter->index];

    return entry[0].first == entry[1].first ? INDEX_NONE : entry->first + record;
}

void index_of_number(const struct index *index, size_t number, struct subject *ret)
{
    size_t low = 0, high = index->n;

    /* The last meter that begins at or before it: those without numbers begin where the next does.
     */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (index->entries[middle].first <= number)
            low = middle;
        else
            high = middle;
    }
    ret->kind = SUBJECT_RECORD;
    ret->meter = index->meters[low];
    ret->record = number - index->entries[low].first;
}
