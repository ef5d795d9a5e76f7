/* When sources are asked, and when their newest number is too old: one timer for all. */
#include <errno.h>

#include "source/set.h"
#include "source/shared.h"
#include "sys/clock.h"

/* Timers may fire together within this part of the interval, so that a Pi sleeps longer. */
#define ACCURACY_PART 20U
#define ACCURACY_MAX (250 * USEC_PER_MSEC)
#define ACCURACY_MIN USEC_PER_MSEC

static usec_t stale_at(const struct source *s)
{
    if (s->config->max_age == 0 || s->is_stale)
        return USEC_NEVER;
    return s->good_at + s->config->max_age;
}

static usec_t held_until(const struct source *s)
{
    return s->is_holding ? source_held_until(s) : USEC_NEVER;
}

static usec_t refresh_at(const struct source *s)
{
    return s->ops->refresh == NULL || s->is_refreshing ? USEC_NEVER : s->next_refresh;
}

static usec_t accuracy(const struct source *s)
{
    usec_t a = s->config->interval / ACCURACY_PART;

    return a < ACCURACY_MIN ? ACCURACY_MIN : a > ACCURACY_MAX ? ACCURACY_MAX : a;
}

static usec_t earlier(usec_t a, usec_t b)
{
    return a < b ? a : b;
}

static int set_timer(struct sources *set);

static void begin_refresh(struct source *s)
{
    s->is_refreshing = true;
    s->next_refresh = USEC_NEVER;
    s->ops->refresh(s);
}

/* One at a time: whatever goes before sources in the loop may go between two of them. */
static int on_timer(sd_event_source *timer, uint64_t usec, void *userdata)
{
    struct sources *set = userdata;
    struct source *s = agenda_first(&set->agenda);
    usec_t now = clock_now();

    (void)timer;
    (void)usec;
    if (s != NULL && s->due <= now) {
        if (stale_at(s) <= now)
            source_is_stale(s);
        if (held_until(s) <= now)
            source_holds_no_more(s);
        if (refresh_at(s) <= now)
            begin_refresh(s);
        schedule_arm(s);
    }
    return set_timer(set);
}

/* At what comes first. */
static int set_timer(struct sources *set)
{
    const struct source *s = agenda_first(&set->agenda);
    sd_event_source **timer = &set->agenda.timer;
    int r;

    if (s == NULL)
        return *timer != NULL ? sd_event_source_set_enabled(*timer, SD_EVENT_OFF) : 0;
    if (*timer == NULL) {
        r = sd_event_add_time(set->host.event, timer, CLOCK_MONOTONIC, s->due, accuracy(s),
                              on_timer, set);
        return r < 0 ? r : sd_event_source_set_priority(*timer, SOURCE_PRIORITY);
    }
    r = sd_event_source_set_time(*timer, s->due);
    if (r >= 0)
        r = sd_event_source_set_time_accuracy(*timer, accuracy(s));
    return r < 0 ? r : sd_event_source_set_enabled(*timer, SD_EVENT_ONESHOT);
}

/* The timer need not move when another stays first. */
static int put(struct source *s, usec_t at)
{
    struct agenda *agenda = &s->set->agenda;
    bool was_first = agenda_first(agenda) == s;
    int r = agenda_put(agenda, s, at);

    return r < 0 || (!was_first && agenda_first(agenda) != s) ? r : set_timer(s->set);
}

int schedule_arm(struct source *s)
{
    usec_t at = earlier(earlier(stale_at(s), held_until(s)), refresh_at(s));
    bool is_there = s->place != 0;

    return (is_there ? s->due : USEC_NEVER) == at ? 0 : put(s, at);
}

void schedule_drop(struct source *s)
{
    (void)put(s, USEC_NEVER);
}

void schedule_after_refresh(struct source *s)
{
    if (s->is_refreshing && s->config->interval > 0)
        s->next_refresh = clock_now() + s->config->interval;
    s->is_refreshing = false;
    schedule_arm(s);
}

void source_refresh_at(struct source *s, usec_t at)
{
    s->next_refresh = at;
    schedule_arm(s);
}

/* ---- the tick -------------------------------------------------------------------------------- */

static bool wants_tick(const struct source *s)
{
    return s->ops->tick != NULL && (s->ops->wants_tick == NULL || s->ops->wants_tick(s));
}

static int on_tick(sd_event_source *tick, uint64_t usec, void *userdata)
{
    struct sources *set = userdata;
    /* Seconds in which we were stopped are not made up for. */
    usec_t now = clock_now(), next = usec + USEC_PER_SEC;
    int r = sd_event_source_set_time(tick, next > now ? next : now + USEC_PER_SEC);

    for (size_t i = 0; i < set->n; i++) {
        if (wants_tick(set->items[i]))
            set->items[i]->ops->tick(set->items[i]);
    }
    return r < 0 ? r : sd_event_source_set_enabled(tick, SD_EVENT_ONESHOT);
}

static bool any_wants_tick(const struct sources *set)
{
    for (size_t i = 0; i < set->n; i++) {
        if (wants_tick(set->items[i]))
            return true;
    }
    return false;
}

int set_arm_tick(struct sources *set)
{
    int r;

    if (!any_wants_tick(set)) {
        set->tick = sd_event_source_disable_unref(set->tick);
        return 0;
    }
    if (set->tick != NULL)
        return 0;
    r = sd_event_add_time(set->host.event, &set->tick, CLOCK_MONOTONIC, clock_now() + USEC_PER_SEC,
                          ACCURACY_MAX, on_tick, set);
    return r < 0 ? r : sd_event_source_set_priority(set->tick, SOURCE_PRIORITY);
}
