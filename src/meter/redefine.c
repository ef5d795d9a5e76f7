#include "meter/redefine.h"

#include <string.h>

static bool same_ident(const struct ident *a, const struct ident *b)
{
    return a->id == b->id && a->manufacturer == b->manufacturer && a->version == b->version &&
           a->medium == b->medium;
}

static bool same_dib(const struct dib *a, const struct dib *b)
{
    return a->data_field == b->data_field && a->function == b->function &&
           a->storage == b->storage && a->tariff == b->tariff && a->subunit == b->subunit;
}

static bool same_name(const struct meter_record *a, const struct meter_record *b)
{
    return a->name != NULL && b->name != NULL && strcmp(a->name, b->name) == 0;
}

bool meter_record_is_same(const struct meter_record *a, const struct meter_record *b)
{
    return same_name(a, b) && same_dib(&a->wire.dib, &b->wire.dib) &&
           a->wire.vib.n == b->wire.vib.n &&
           memcmp(a->wire.vib.bytes, b->wire.vib.bytes, a->wire.vib.n) == 0 &&
           a->wire.value.integer == b->wire.value.integer &&
           memcmp(&a->wire.value.real, &b->wire.value.real, sizeof(float)) == 0;
}

/* Records stay in order mostly, so the search goes on where the last one ended. */
static void keep_cells(struct meter *meter, const struct meter_def *old,
                       const struct meter_cell *cells)
{
    size_t hint = 0;

    for (size_t i = 0; i < meter->def->n_records; i++) {
        for (size_t k = 0; k < old->n_records; k++) {
            size_t at = (hint + k) % old->n_records;

            if (!meter_record_is_same(&meter->def->records[i], &old->records[at]))
                continue;
            meter->now.cells[i] = cells[at];
            hint = at + 1;
            break;
        }
    }
}

void meter_redefine(struct meter *meter, const struct meter_def *def, struct meter_cell *cells)
{
    const struct meter_content old = meter->now;
    const struct meter_def *old_def = meter->def;
    struct meter anew;
    bool has_alarm;

    meter_init(&anew, def, cells);
    if (def->address == old_def->address)
        anew.now.address = old.address;
    if (same_ident(&def->ident, &old_def->ident))
        anew.now.ident = old.ident;
    anew.now.clock_offset = old.clock_offset;
    keep_cells(&anew, old_def, old.cells);
    anew.access = meter->access;
    anew.generation = meter->generation + 1;
    anew.busy = meter->busy;
    has_alarm = anew.n_alarms > 0 && def->status != old_def->status;
    anew.alarm = meter->alarm;
    anew.n_alarms = meter->n_alarms;
    if (has_alarm)
        meter_raise_alarm(&anew, def->status);
    *meter = anew;
}
