#include "daemon/keeper_save.h"

#include <errno.h>
#include <string.h>

#include "daemon/remembered.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

/* A power cut may take what changed within the interval and one second, fsync() included. */
#define DUE_ACCURACY (100 * USEC_PER_MSEC)
/* A sync, and room for another. */
#define JOBS_MAX 2

/* ---- beside the answers ---------------------------------------------------------------------- */

static void tell_changed(const struct keeper *k)
{
    if (k->changed != NULL)
        k->changed(k->userdata);
}

static void tell_save(struct keeper *k)
{
    if (k->refusal < 0 || (k->failed == k->failed_told && k->trouble == k->trouble_told))
        return;
    k->failed_told = k->failed;
    k->trouble_told = k->trouble;
    tell_changed(k);
    if (k->trouble == KEEPER_WRITES_ARE_REFUSED)
        log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
                  "what a master has set cannot be kept: %s; until it can, masters cannot change "
                  "anything",
                  strerror(-k->failed));
    else if (k->trouble == KEEPER_COUNTS_ARE_LOST)
        log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
                  "counters and numbers cannot be kept: %s; this is tried again every %llu s",
                  strerror(-k->failed), (unsigned long long)(k->interval / USEC_PER_SEC));
    else
        log_event(LOG_LEVEL_INFO, MESSAGE_STATE, NULL,
                  "what masters set is kept again, and counters too");
}

void keeper_save_later(struct keeper *k)
{
    if (k->is_due || k->is_nowhere || k->refusal < 0)
        return;
    k->is_due = true;
    sd_event_source_set_time(k->due, clock_now() + k->interval);
    sd_event_source_set_enabled(k->due, SD_EVENT_ONESHOT);
}

static void is_due_no_more(struct keeper *k)
{
    k->is_due = false;
    sd_event_source_set_enabled(k->due, SD_EVENT_OFF);
}

void keeper_save_no_more(struct keeper *k)
{
    sd_event_source_set_enabled(k->after, SD_EVENT_OFF);
    is_due_no_more(k);
}

static void on_synced(void *userdata, int result)
{
    struct keeper *k = userdata;

    if (result == -ECANCELED)
        return;
    if (result < 0)
        keeper_save_later(k);
    if (result == k->unsynced_told)
        return;
    k->unsynced_told = result;
    tell_changed(k);
    if (result < 0)
        log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
                  "the state is written, but could not be forced to the disk: %s; a power failure "
                  "could lose it",
                  strerror(-result));
    else
        log_event(LOG_LEVEL_INFO, MESSAGE_STATE, NULL, "the state is on the disk again");
}

/* What follows a save: it is forced to the disk, and told. */
static int on_after(sd_event_source *source, void *userdata)
{
    struct keeper *k = userdata;

    (void)source;
    if (k->failed == 0 && state_sync(k->state, k->worker, on_synced, k) < 0)
        keeper_save_later(k);
    tell_save(k);
    if (k->failed == 0)
        remembered_tell_changes(k->told, k->meters);
    return 0;
}

static void set_busy(struct keeper *k, bool busy)
{
    if (!busy && !k->is_busy)
        return;
    k->is_busy = busy;
    for (size_t i = 0; i < k->meters->n; i++)
        k->meters->items[i]->busy = busy;
}

/* Also for masters: those that take DFC for what it is send no write by which we could learn that
 * there is room again (mbus-protocol 5.6). */
static int on_due(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct keeper *k = userdata;

    (void)source;
    (void)usec;
    k->is_due = false;
    keeper_save(k, KEEPER_COUNTS_ARE_LOST);
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
        r = sd_event_add_time(k->event, &k->due, CLOCK_MONOTONIC, 0, DUE_ACCURACY, on_due, k);
    if (r < 0)
        return r;
    sd_event_source_set_description(k->due, "state-due");
    sd_event_source_set_priority(k->due, AFTER_PRIORITY);
    return sd_event_source_set_enabled(k->due, SD_EVENT_OFF);
}

/* ---- saves ----------------------------------------------------------------------------------- */

/* Writes what masters have asked for, if it is for that, and all that is in force. */
static int write_state(struct keeper *k, enum keeper_trouble if_it_fails)
{
    if (k->refusal < 0)
        return k->refusal;
    return if_it_fails == KEEPER_WRITES_ARE_REFUSED ? state_save(k->state)
                                                    : state_save_now(k->state);
}

int keeper_save(struct keeper *k, enum keeper_trouble if_it_fails)
{
    int r = write_state(k, if_it_fails);

    k->failed = r;
    if (r == 0)
        k->trouble = KEEPER_ALL_IS_KEPT;
    else if (k->trouble < if_it_fails)
        k->trouble = if_it_fails;
    sd_event_source_set_enabled(k->after, SD_EVENT_ONESHOT);
    /* That counters are not kept is no reason to refuse a write, which may yet find room. */
    set_busy(k, k->trouble == KEEPER_WRITES_ARE_REFUSED && k->refusal == 0);
    if (r == 0)
        is_due_no_more(k);
    else
        keeper_save_later(k);
    return r;
}

/* ---- life ------------------------------------------------------------------------------------ */

int keeper_save_begin(struct keeper *k)
{
    int r = add_sources(k);

    return r < 0 ? r : worker_new(k->event, JOBS_MAX, &k->worker);
}

int keeper_save_last(struct keeper *k)
{
    bool keeps = k->state != NULL && k->refusal == 0 && k->worker != NULL;
    int r = -ENODEV;

    worker_free(k->worker);
    k->worker = NULL;
    k->after = sd_event_source_disable_unref(k->after);
    k->due = sd_event_source_disable_unref(k->due);
    if (!keeps)
        return r;
    /* What the disk has for certain becomes the generation before. */
    state_flush(k->state);
    r = state_save_now(k->state);
    return r < 0 ? r : state_flush(k->state);
}
