#include "daemon/keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/macros.h"
#include "daemon/remembered.h"
#include "meter/draft.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

#define RETRY_ACCURACY USEC_PER_SEC
/* A sync, and room for another. */
#define JOBS_MAX 2

/* ---- beside the answers ---------------------------------------------------------------------- */

static void complain(struct keeper *k, int error, const char *what)
{
    if (error == k->failed_told)
        return;
    k->failed_told = error;
    if (error < 0)
        log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
                  "%s: %s; until it can be kept, masters cannot change anything", what,
                  strerror(-error));
    else
        log_event(LOG_LEVEL_INFO, MESSAGE_STATE, NULL, "what masters set is kept again");
}

static void on_synced(void *userdata, int result)
{
    struct keeper *k = userdata;

    if (result < 0 && result != -ECANCELED)
        complain(k, result, "what masters have set is not on the disk");
}

/* What a store was for: told, and forced to the disk. */
static int on_after(sd_event_source *source, void *userdata)
{
    struct keeper *k = userdata;

    (void)source;
    complain(k, k->failed, "what a master has set cannot be kept");
    if (k->failed == 0) {
        remembered_tell_changes(k->told, k->meters);
        state_sync(k->state, k->worker, on_synced, k);
    }
    return 0;
}

static void set_busy(const struct keeper *k, bool busy)
{
    for (size_t i = 0; i < k->meters->n; i++)
        k->meters->items[i]->busy = busy;
}

/* Masters that take DFC for what it is send no write by which we could learn that there is room
 * again (mbus-protocol 5.6). */
static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct keeper *k = userdata;

    (void)source;
    (void)usec;
    set_busy(k, false);
    return 0;
}

static int add_sources(struct keeper *k)
{
    int r = sd_event_add_defer(k->event, &k->after, on_after, k);

    if (r < 0)
        return r;
    sd_event_source_set_description(k->after, "state-after");
    sd_event_source_set_priority(k->after, SD_EVENT_PRIORITY_IDLE);
    r = sd_event_source_set_enabled(k->after, SD_EVENT_OFF);
    if (r >= 0)
        r = sd_event_add_time(k->event, &k->retry, CLOCK_MONOTONIC, 0, RETRY_ACCURACY, on_retry, k);
    if (r < 0)
        return r;
    sd_event_source_set_description(k->retry, "state-retry");
    return sd_event_source_set_enabled(k->retry, SD_EVENT_OFF);
}

/* ---- stores ---------------------------------------------------------------------------------- */

static int save(struct keeper *k)
{
    int r = k->refusal < 0 ? k->refusal : state_save(k->state);

    k->failed = r;
    sd_event_source_set_enabled(k->after, SD_EVENT_ONESHOT);
    if (r < 0 && k->refusal == 0) {
        set_busy(k, true);
        sd_event_source_set_time(k->retry, clock_now() + k->interval);
        sd_event_source_set_enabled(k->retry, SD_EVENT_ONESHOT);
    }
    return r;
}

/* The system's local time, as a clock on the wall shows it, in seconds. */
static int64_t local_time(void)
{
    time_t now = time(NULL);
    struct tm tm;

    localtime_r(&now, &tm);
    return (int64_t)now + tm.tm_gmtoff;
}

int keeper_store(struct keeper *k)
{
    int64_t local = local_time();

    for (size_t i = 0; i < k->meters->n; i++) {
        if (k->meters->items[i]->drafting)
            meter_draft_set_clock(k->meters->items[i], local);
    }
    return save(k);
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
    save(k);
}

/* ---- life ------------------------------------------------------------------------------------ */

static int restore_rates(struct keeper *k, const struct config *config)
{
    int r = 0;

    free(k->rates);
    k->n_rates = 0;
    k->rates = calloc(config->n_ports, sizeof(*k->rates));
    if (k->rates == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < config->n_ports && r >= 0; i++) {
        const struct port_config *port = &config->ports[i];
        struct state_rate *rate = &k->rates[k->n_rates];

        if (port->kind != PORT_SERIAL)
            continue;
        *rate = (struct state_rate){ port->device, port->baud, port->baud };
        k->n_rates++;
        if (k->state != NULL)
            r = state_restore_rate(k->state, port->device, port->baud, remembered_tell, NULL,
                                   &rate->baud);
    }
    return r;
}

static int restore_meters(struct keeper *k)
{
    int r = 0;

    for (size_t i = 0; i < k->meters->n && r >= 0; i++) {
        struct meter *meter = k->meters->items[i];

        if (meter->is_fresh && k->state != NULL)
            r = state_restore(k->state, meter, remembered_tell, NULL);
        meter->is_fresh = false;
    }
    return r;
}

/* Meters and ports get what was kept of them; what the file has overruled is dropped. */
static int restore(struct keeper *k, const struct config *config)
{
    int r = restore_rates(k, config);

    if (r >= 0)
        r = restore_meters(k);
    if (r >= 0)
        r = remembered_new(k->meters, &k->told);
    if (r >= 0 && k->state != NULL)
        r = state_reserve(k->state, k->meters->items, k->meters->n, k->rates, k->n_rates);
    if (r < 0)
        return r;
    save(k);
    return 0;
}

int keeper_start(struct keeper *k, sd_event *event, const struct config *config,
                 const struct meters *meters)
{
    struct state_verdict verdict;
    int r;

    *k = (struct keeper){ .event = event, .meters = meters, .interval = config->state_interval };
    r = state_open(config->state_directory, &k->state, &verdict);
    if (r == -ENOMEM)
        return r;
    k->refusal = remembered_tell_directory(&verdict, r);
    k->failed_told = k->refusal;
    if (k->refusal == -EBUSY)
        return -ECANCELED;
    r = add_sources(k);
    if (r >= 0)
        r = worker_new(event, JOBS_MAX, &k->worker);
    return r < 0 ? r : restore(k, config);
}

int keeper_reload(struct keeper *k, const struct config *config)
{
    int r;

    k->interval = config->state_interval;
    r = restore(k, config);
    if (r < 0)
        k->refusal = r;
    return r;
}

void keeper_stop(struct keeper *k)
{
    bool keeps = k->state != NULL && k->refusal == 0 && k->worker != NULL;

    if (keeps)
        state_save(k->state);
    worker_free(k->worker);
    if (keeps)
        state_flush(k->state);
    state_close(k->state);
    k->after = sd_event_source_disable_unref(k->after);
    k->retry = sd_event_source_disable_unref(k->retry);
    free(k->rates);
    free(k->told);
    *k = (struct keeper){ 0 };
}
