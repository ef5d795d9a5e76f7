#include "ctl/feed_names.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/daemon_data.h"

#define SLOTS_MIN 256U

/* FNV-1a. */
static uint32_t hash_more(uint32_t hash, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (uint8_t)text[i]) * 16777619U;
    return hash;
}

static bool is_same(const struct feed_name *name, uint32_t hash, const char *meter, size_t n_meter,
                    const char *record, size_t n_record)
{
    return name->hash == hash && name->n == n_meter + 1 + n_record &&
           memcmp(name->text, meter, n_meter) == 0 && name->text[n_meter] == '.' &&
           memcmp(name->text + n_meter + 1, record, n_record) == 0;
}

/* The first free place for a hash. */
static struct feed_name **free_slot(struct feed_name **slots, size_t n_slots, uint32_t hash)
{
    size_t at = hash & (n_slots - 1);

    while (slots[at] != NULL)
        at = (at + 1) & (n_slots - 1);
    return &slots[at];
}

/* At most half of the places are taken. */
static bool make_room(struct feed_names *names)
{
    size_t wanted = names->n_slots ? 2 * names->n_slots : SLOTS_MIN;
    struct feed_name **slots;

    if (names->n_slots > 0 && names->n < names->n_slots / 2)
        return true;
    slots = calloc(wanted, sizeof(struct feed_name *));
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < names->n_slots; i++) {
        if (names->slots[i])
            *free_slot(slots, wanted, names->slots[i]->hash) = names->slots[i];
    }
    free(names->slots);
    names->slots = slots;
    names->n_slots = wanted;
    return true;
}

struct feed_name *feed_names_take(struct feed_names *names, const char *meter, size_t n_meter,
                                  const char *record, size_t n_record)
{
    uint32_t hash = hash_more(hash_more(2166136261U, meter, n_meter) * 31, record, n_record);
    struct feed_name *name;

    if (!make_room(names))
        return NULL;
    for (size_t at = hash & (names->n_slots - 1); names->slots[at] != NULL;
         at = (at + 1) & (names->n_slots - 1)) {
        if (is_same(names->slots[at], hash, meter, n_meter, record, n_record))
            return names->slots[at];
    }
    if (names->n >= FEED_NAMES_MAX)
        return NULL;
    name = calloc(1, sizeof(*name) + n_meter + n_record + 2);
    if (name == NULL)
        return NULL;
    *name = (struct feed_name){ .hash = hash, .n = n_meter + 1 + n_record };
    memcpy(name->text, meter, n_meter);
    name->text[n_meter] = '.';
    memcpy(name->text + n_meter + 1, record, n_record);
    *free_slot(names->slots, names->n_slots, hash) = name;
    names->n++;
    return name;
}

static void forget_kinds(struct feed_names *names)
{
    for (size_t i = 0; i < names->n_slots; i++) {
        if (names->slots[i])
            names->slots[i]->kind = FEED_UNKNOWN;
    }
}

static bool read_records(struct feed_names *names, struct daemon *d, const char *meter)
{
    struct daemon_list list;
    struct record_entry record;

    if (!daemon_list_begin(d, "ListRecords", meter, &list))
        return false;
    while (daemon_next_record(&list, &record)) {
        struct feed_name *name =
            feed_names_take(names, meter, strlen(meter), record.name, strlen(record.name));

        if (name == NULL)
            continue;
        name->kind = strcmp(record.kind, "pushed") == 0 ? FEED_PUSHED : FEED_OTHER;
        if (name->kind == FEED_PUSHED)
            name->was_reported = false;
    }
    return daemon_list_end(&list);
}

bool feed_names_read(struct feed_names *names, struct daemon *d)
{
    struct daemon_list list;
    struct meter_entry meter;
    bool ok = true;

    if (!daemon_list_begin(d, "ListMeters", NULL, &list))
        return false;
    forget_kinds(names);
    while (ok && daemon_next_meter(&list, &meter))
        ok = read_records(names, d, meter.name);
    return daemon_list_end(&list) && ok;
}

void feed_names_done(struct feed_names *names)
{
    for (size_t i = 0; i < names->n_slots; i++)
        free(names->slots[i]);
    free(names->slots);
    *names = (struct feed_names){ 0 };
}
