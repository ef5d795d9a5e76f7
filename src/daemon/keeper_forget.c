#include "daemon/keeper_forget.h"

#include <errno.h>

#include "daemon/addresses.h"
#include "daemon/remembered.h"
#include "meter/draft.h"
#include "store/setting.h"
#include "sys/log.h"
#include "sys/messages.h"

/* Whether a draft differs from what is in force, in what a master can set. */
static bool has_settings(const struct meter *meter)
{
    const struct meter_content *now = &meter->now, *draft = &meter->draft;

    if (now->address != draft->address || !ident_equal(&now->ident, &draft->ident) ||
        now->clock_offset != draft->clock_offset)
        return true;
    for (size_t i = 0; i < meter->def->n_records; i++) {
        const struct meter_cell *a = &now->cells[i], *b = &draft->cells[i];

        if (a->unlisted != b->unlisted ||
            !values_equal(meter->def->records[i].wire.dib.data_field, &a->value, &b->value))
            return true;
    }
    return false;
}

/* A draft of the meter as its definition says. */
static void draft_definition(struct meter *meter)
{
    const struct meter_def *def = meter->def;

    meter_draft_begin(meter);
    meter->draft.address = def->address;
    meter->draft.ident = def->ident;
    meter->draft.clock_offset = 0;
    for (size_t i = 0; i < def->n_records; i++) {
        meter->draft.cells[i].unlisted = false;
        if (!def->records[i].is_live)
            meter_draft_set_value(meter, i, &def->records[i].wire.value);
    }
}

/* 1: there is something to be forgotten; 0: there is not; or a negative errno. */
static int drop_lines(struct keeper *k, const struct meter *meter)
{
    int r = k->refusal < 0 ? k->refusal : state_forget(k->state, meter->def->name);

    return r < 0 ? r : r > 0 || has_settings(meter);
}

static void say_forgotten(struct keeper *k, struct meter *meter)
{
    for (size_t i = 0; i < k->meters->n; i++) {
        if (k->meters->items[i] == meter)
            remembered_note(&k->told[i], meter);
    }
    log_event(LOG_LEVEL_INFO, MESSAGE_METER_CHANGED, LOG_FIELDS({ "MBUS_METER", meter->def->name }),
              "%s: what masters had set is forgotten; answers at address %u, id %08X, as the file "
              "says",
              meter->def->name, meter->now.address, meter->now.ident.id);
}

int keeper_forget(struct keeper *k, const struct config *config, struct meter *meter)
{
    int r;

    if (meter->drafting)
        return -EBUSY;
    draft_definition(meter);
    r = addresses_draft_is_free(config, k->meters, meter) ? drop_lines(k, meter) : -EADDRINUSE;
    if (r > 0) {
        int stored = keeper_store(k, meter);

        r = stored < 0 ? stored : r;
    }
    if (r <= 0) {
        meter_draft_abandon(meter);
        return r;
    }
    meter_draft_commit(meter);
    say_forgotten(k, meter);
    return 1;
}
