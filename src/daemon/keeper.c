#include "daemon/keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/macros.h"
#include "daemon/addresses.h"
#include "daemon/remembered.h"
#include "meter/draft.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

#define RETRY_ACCURACY USEC_PER_SEC
/* A sync, and room for another. */
#define JOBS_MAX 2

/* ---- beside the answers ---------------------------------------------------------------------- */

static void tell_store(struct keeper *k)
{
    if (k->failed == k->failed_told)
        return;
    k->failed_told = k->failed;
    if (k->failed < 0)
        log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
                  "what a master has set cannot be kept: %s; until it can, masters cannot change "
                  "anything",
                  strerror(-k->failed));
    else
        log_event(LOG_LEVEL_INFO, MESSAGE_STATE, NULL, "what masters set is kept again");
}

static void try_again_later(struct keeper *k)
{
    sd_event_source_set_time(k->retry, clock_now() + k->interval);
    sd_event_source_set_enabled(k->retry, SD_EVENT_ONESHOT);
}

static void on_synced(void *userdata, int result)
{
    struct keeper *k = userdata;

    if (result == -ECANCELED)
        return;
    if (result < 0)
        try_again_later(k);
    if (result == k->unsynced_told)
        return;
    k->unsynced_told = result;
    if (result < 0)
        log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
                  "what masters have set is written, but could not be forced to the disk: %s; a "
                  "power failure could lose it",
                  strerror(-result));
    else
        log_event(LOG_LEVEL_INFO, MESSAGE_STATE, NULL,
                  "what masters have set is on the disk again");
}

/* What a store was for: forced to the disk, and told. */
static int on_after(sd_event_source *source, void *userdata)
{
    struct keeper *k = userdata;

    (void)source;
    if (k->failed == 0 && state_sync(k->state, k->worker, on_synced, k) < 0)
        try_again_later(k);
    tell_store(k);
    if (k->failed == 0)
        remembered_tell_changes(k->told, k->meters);
    return 0;
}

static void set_busy(struct keeper *k, bool busy)
{
    if (k->is_busy == busy)
        return;
    k->is_busy = busy;
    for (size_t i = 0; i < k->meters->n; i++)
        k->meters->items[i]->busy = busy;
}

static int save(struct keeper *k);

/* Masters that take DFC for what it is send no write by which we could learn that there is room
 * again (mbus-protocol 5.6). */
static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)source;
    (void)usec;
    save(userdata);
    return 0;
}

/* Above the ports, which a busy master can keep from ever being idle: what was acknowledged is to
 * be on the disk soon. */
#define AFTER_PRIORITY ((int64_t)(2 * SD_EVENT_PRIORITY_IMPORTANT))

static int add_sources(struct keeper *k)
{
    int r = sd_event_add_defer(k->event, &k->after, on_after, k);

    if (r < 0)
        return r;
    sd_event_source_set_description(k->after, "state-after");
    sd_event_source_set_priority(k->after, AFTER_PRIORITY);
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
    set_busy(k, r < 0 && k->refusal == 0);
    if (k->is_busy)
        try_again_later(k);
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

int keeper_store(struct keeper *k, struct meter *writer)
{
    int64_t local = local_time();

    if (writer != NULL)
        meter_draft_set_clock(writer, local);
    for (size_t i = 0; writer == NULL && i < k->meters->n; i++) {
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
        meter->is_fresh = false;
    }
    return r;
}

/* Meters and ports get what was kept of them; what the file has overruled is dropped. */
static int restore(struct keeper *k, const struct config *config)
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
    save(k);
    return 0;
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
    k->failed_told = k->refusal;
    return 0;
}

int keeper_start(struct keeper *k, sd_event *event, const struct config *config,
                 const struct meters *meters)
{
    int r;

    *k = (struct keeper){ .event = event, .meters = meters, .interval = config->state_interval };
    r = open_state(k, config);
    if (r < 0)
        return r;
    if (k->refusal == -EBUSY)
        return -ECANCELED;
    r = add_sources(k);
    if (r >= 0)
        r = worker_new(event, JOBS_MAX, &k->worker);
    return r < 0 ? r : restore(k, config);
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
    sd_event_source_set_enabled(k->after, SD_EVENT_OFF);
    sd_event_source_set_enabled(k->retry, SD_EVENT_OFF);
    return r;
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
        r = restore(k, config);
    return r < 0 ? give_up(k, r) : 0;
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
    free(k->directory);
    *k = (struct keeper){ 0 };
}
