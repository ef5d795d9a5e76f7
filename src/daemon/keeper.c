#include "daemon/keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/macros.h"
#include "daemon/addresses.h"
#include "daemon/keeper_save.h"
#include "daemon/ledgers.h"
#include "daemon/remembered.h"
#include "meter/draft.h"
#include "sys/local_time.h"
#include "sys/log.h"
#include "sys/messages.h"

/* ---- changes --------------------------------------------------------------------------------- */

/* What a master sets is read in the zone in which the meter shows it. */
static void set_clock(struct meter *meter)
{
    if (meter->draft_clock.has_date || meter->draft_clock.has_time)
        meter_draft_set_clock(meter, local_seconds(time(NULL), meter->def->clock_zone));
}

int keeper_store(struct keeper *k, struct meter *writer)
{
    int r;

    if (writer != NULL)
        set_clock(writer);
    for (size_t i = 0; writer == NULL && i < k->meters->n; i++) {
        if (k->meters->items[i]->drafting)
            set_clock(k->meters->items[i]);
    }
    r = keeper_save(k, KEEPER_WRITES_ARE_REFUSED);
    /* At the next start the ledger is believed before the state. */
    if (r == 0)
        ledgers_put_drafts(&k->ledger, k->meters, writer);
    return r;
}

void keeper_number_changed(struct keeper *k, struct meter *meter, size_t record)
{
    const struct meter_cell *cell = &meter->now.cells[record];

    if (!meter->def->records[record].is_kept || !cell->has_number)
        return;
    ledger_put_number(&k->ledger, meter, record, &cell->number);
    keeper_save_later(k);
}

void keeper_changes_begin(struct keeper *k)
{
    ledger_begin(&k->ledger);
}

void keeper_changes_end(struct keeper *k)
{
    ledger_commit(&k->ledger);
}

void keeper_tally_changed(struct keeper *k, struct meter *meter)
{
    ledger_put_meter(&k->ledger, meter);
    keeper_save_later(k);
}

/* ---- rates ----------------------------------------------------------------------------------- */

static struct state_rate *find_rate(const struct keeper *k, const struct port_config *port)
{
    for (size_t i = 0; i < k->n_rates; i++) {
        if (strcmp(k->rates[i].device, port->device) == 0)
            return &k->rates[i];
    }
    return NULL;
}

unsigned keeper_rate(const struct keeper *k, const struct port_config *port)
{
    const struct state_rate *rate = find_rate(k, port);

    return rate != NULL ? rate->baud : port->baud;
}

void keeper_rate_is_good(struct keeper *k, const struct port_config *port, unsigned baud)
{
    struct state_rate *rate = find_rate(k, port);

    if (rate == NULL)
        return;
    rate->baud = baud;
    keeper_save(k, KEEPER_WRITES_ARE_REFUSED);
}

/* ---- life ------------------------------------------------------------------------------------ */

static int restore_rates(struct keeper *k, const struct config *config, struct remembered *log)
{
    struct state_rate *rates = calloc(config->n_ports, sizeof(*rates));
    size_t n = 0;
    int r = rates != NULL ? 0 : -ENOMEM;

    for (size_t i = 0; i < config->n_ports && r >= 0; i++) {
        const struct port_config *port = &config->ports[i];

        if (port->kind != PORT_SERIAL)
            continue;
        rates[n] = (struct state_rate){ port->device, port->baud, port->baud };
        if (k->state != NULL)
            r = state_restore_rate(k->state, port->device, port->baud, remembered_tell, log,
                                   &rates[n].baud);
        n++;
    }
    if (r < 0) {
        free(rates);
        return r;
    }
    free(k->rates);
    k->rates = rates;
    k->n_rates = n;
    return 0;
}

static int restore_meters(struct keeper *k, struct remembered *log)
{
    int r = 0;

    for (size_t i = 0; i < k->meters->n && r >= 0; i++) {
        struct meter *meter = k->meters->items[i];

        if (meter->is_fresh && k->state != NULL)
            r = state_restore(k->state, meter, remembered_tell, log);
    }
    return r;
}

/* What happened since the newest save. A meter has begun to work when all do (`is_start`), or when
 * it was not there before. */
static int catch_up(struct keeper *k, bool is_start)
{
    struct ledger_past past;
    size_t n = 0;
    int r = ledgers_read(&k->ledger, &past);

    if (r < 0)
        return r;
    for (size_t i = 0; i < k->meters->n; i++) {
        struct meter *meter = k->meters->items[i];
        bool is_new = meter->is_fresh && (is_start || meter->tally.restarts == 0);

        if (meter->is_fresh)
            n += ledger_past_restore(&past, meter);
        meter->is_fresh = false;
        meter->tally.restarts += is_new;
    }
    ledger_past_done(&past);
    if (is_start && n > 0)
        log_event(LOG_LEVEL_INFO, MESSAGE_STATE, NULL,
                  "the last run did not end as it should; counters go on where it left them");
    ledgers_build(&k->ledger, k->meters, k->interval);
    keeper_save_later(k);
    return 0;
}

/* Meters and ports get what was kept of them; what the file has overruled is dropped. */
static int restore(struct keeper *k, const struct config *config, bool is_start)
{
    struct remembered log = { 0 };
    int r = restore_rates(k, config, &log);

    if (r >= 0)
        r = restore_meters(k, &log);
    remembered_tell_rest(&log);
    addresses_settle(config, k->meters);
    if (r >= 0)
        r = remembered_new(k->meters, &k->told);
    if (r >= 0 && k->state != NULL)
        r = state_reserve(k->state, k->meters->items, k->meters->n, k->rates, k->n_rates);
    if (r < 0)
        return r;
    keeper_save(k, KEEPER_COUNTS_ARE_LOST);
    return catch_up(k, is_start);
}

/* Opens the state of a configuration, and says what is found. */
static int open_state(struct keeper *k, const struct config *config)
{
    struct state_verdict verdict;
    int r = state_open(config->state_directory, &k->state, &verdict);

    free(k->directory);
    k->directory = config->state_directory != NULL ? strdup(config->state_directory) : NULL;
    if (r == -ENOMEM || (config->state_directory != NULL && k->directory == NULL))
        return -ENOMEM;
    k->refusal = remembered_tell_directory(&verdict, r);
    k->is_nowhere = k->refusal == 0 && verdict.origin == DIRECTORY_NONE;
    if (!k->is_nowhere && k->refusal != -EBUSY && k->ledger.directory < 0)
        ledgers_open(verdict.directory, config->state_interval, &k->ledger);
    return 0;
}

int keeper_start(struct keeper *k, sd_event *event, const struct config *config,
                 const struct meters *meters)
{
    int r;

    *k = (struct keeper){ .event = event,
                          .meters = meters,
                          .interval = config->state_interval,
                          .ledger = LEDGER_CLOSED };
    r = open_state(k, config);
    if (r < 0)
        return r;
    if (k->refusal == -EBUSY)
        return -ECANCELED;
    r = keeper_save_begin(k);
    return r < 0 ? r : restore(k, config, true);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Nothing of the state can be looked at any more: it may point to meters that are gone. */
static int give_up(struct keeper *k, int r)
{
    k->refusal = r;
    free(k->told);
    k->told = NULL;
    keeper_save_no_more(k);
    ledger_close(&k->ledger);
    return r;
}

void keeper_before_reload(struct keeper *k)
{
    if (k->state != NULL && k->told != NULL)
        state_note(k->state);
    ledgers_put_all(&k->ledger, k->meters);
}

int keeper_reload(struct keeper *k, const struct config *config)
{
    int r = 0;

    k->interval = config->state_interval;
    if (k->state == NULL)
        r = open_state(k, config); /* somebody may have mended it */
    else if (!same_text(k->directory, config->state_directory))
        log_event(LOG_LEVEL_WARNING, MESSAGE_STATE, NULL,
                  "another state.directory takes a restart; until then all stays where it is");
    if (k->refusal == -ENOMEM)
        k->refusal = 0;
    if (r >= 0)
        r = restore(k, config, false);
    return r < 0 ? give_up(k, r) : 0;
}

void keeper_stop(struct keeper *k)
{
    if (k->event == NULL)
        return;
    if (keeper_save_last(k) == 0)
        ledger_remove(&k->ledger);
    ledger_close(&k->ledger);
    state_close(k->state);
    free(k->rates);
    free(k->told);
    free(k->directory);
    *k = (struct keeper){ 0 };
}
