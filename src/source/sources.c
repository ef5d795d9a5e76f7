/* All sources of a daemon: their begin, their end, and what reaches them from outside. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source/set.h"
#include "source/shared.h"
#include "source/write_command.h"
#include "source/written_text.h"
#include "sys/clock.h"

/* As many files may hang at the same time before others have to wait. */
#define FILE_THREADS 64U
#define TEXT_THREADS 2U

static const struct source_ops *const kinds[SOURCE_KINDS] = {
    [SOURCE_CONSTANT] = &source_constant, [SOURCE_FILE] = &source_file,
    [SOURCE_COMMAND] = &source_command,   [SOURCE_PUSHED] = &source_pushed,
    [SOURCE_DERIVED] = &source_derived,   [SOURCE_CLOCK] = &source_clock,
    [SOURCE_INTERNAL] = &source_internal,
};

/* ---- finding them ---------------------------------------------------------------------------- */

size_t set_of_meter(const struct sources *set, const struct meter *meter, size_t *ret_first)
{
    *ret_first = set->ranges[meter->index].first;
    return set->ranges[meter->index].n;
}

void set_index(const struct config *config, struct set_range *ranges)
{
    for (size_t i = 0; i < config->n_sources; i++) {
        struct set_range *range = &ranges[config->sources[i].meter];

        if (range->n++ == 0)
            range->first = i;
        range->has_internal = range->has_internal || config->sources[i].kind == SOURCE_INTERNAL;
    }
}

static int by_record(const void *key, const void *item)
{
    size_t record = *(const size_t *)key;
    const struct source *s = *(struct source *const *)item;

    return (record > s->config->record) - (record < s->config->record);
}

static struct source *find(const struct sources *set, const struct meter *meter, size_t record)
{
    size_t first, n = set_of_meter(set, meter, &first);
    struct source **found =
        n > 0 ? bsearch(&record, set->items + first, n, sizeof(*set->items), by_record) : NULL;

    return found != NULL ? *found : NULL;
}

const struct source *sources_find(const struct sources *set, const struct meter *meter,
                                  size_t record)
{
    return find(set, meter, record);
}

const char *source_record_name(const struct source *s)
{
    return s->set->config->meters[s->config->meter].records[s->config->record].name;
}

bool source_is_first(const struct source *s, enum internal_counter counter)
{
    size_t first, n = set_of_meter(s->set, s->meter, &first);

    for (size_t i = first; i < first + n; i++) {
        const struct source_config *config = s->set->items[i]->config;

        if (config->kind == SOURCE_INTERNAL && config->counter == counter)
            return s->set->items[i] == s;
    }
    return false;
}

static struct pool *make_pool(struct sources *set, struct pool **pool, size_t n_threads)
{
    if (*pool == NULL && pool_new(set->host.event, SOURCE_PRIORITY, n_threads, pool) < 0)
        *pool = NULL;
    return *pool;
}

struct pool *sources_pool(struct sources *set)
{
    return make_pool(set, &set->pool, FILE_THREADS);
}

struct pool *sources_text_pool(struct sources *set)
{
    return make_pool(set, &set->text_pool, TEXT_THREADS);
}

sd_event *sources_event(const struct sources *set)
{
    return set->host.event;
}

/* ---- from outside ---------------------------------------------------------------------------- */

static bool is_finite(const struct number *number)
{
    return !number->is_real || __builtin_isfinite(number->real);
}

static void tell_together(const struct sources *set, bool begins)
{
    if (set->host.together != NULL)
        set->host.together(set->host.userdata, begins);
}

int sources_push(struct sources *set, const struct source_push *pushes, size_t n, size_t *ret_bad)
{
    for (size_t i = 0; i < n; i++) {
        const struct source *s = find(set, pushes[i].meter, pushes[i].record);

        *ret_bad = i;
        if (s == NULL || s->config->kind != SOURCE_PUSHED)
            return -ENOTSUP;
        if (!is_finite(&pushes[i].number))
            return -EDOM;
    }
    tell_together(set, true);
    for (size_t i = 0; i < n; i++)
        source_number(find(set, pushes[i].meter, pushes[i].record), &pushes[i].number);
    tell_together(set, false);
    return 0;
}

static void hand_on(struct sources *set, struct meter *meter, size_t record)
{
    struct source *s = find(set, meter, record);
    char value[NUMBER_TEXT_MAX];

    if (s != NULL) {
        source_take_written(s);
        schedule_arm(s);
    }
    set->host.changed(set->host.userdata, meter, record);
    set_tell_dependents(set, meter, record);
    if (s == NULL || s->config->write_command == NULL)
        return;
    written_text(meter, record, value);
    write_command_run(s, value);
}

static void refresh_clocks(struct sources *set, struct meter *meter)
{
    size_t first, n = set_of_meter(set, meter, &first);

    for (size_t i = first; i < first + n; i++) {
        if (set->items[i]->config->kind == SOURCE_CLOCK)
            source_refresh_at(set->items[i], clock_now());
    }
}

void sources_written(struct sources *set, struct meter *meter)
{
    for (size_t i = 0; i < meter->def->n_records; i++) {
        if (!meter->now.cells[i].written)
            continue;
        meter->now.cells[i].written = false;
        hand_on(set, meter, i);
    }
    refresh_clocks(set, meter);
}

void sources_forgotten(struct sources *set, struct meter *meter)
{
    for (size_t i = 0; i < meter->def->n_records; i++) {
        meter->now.cells[i].written = false;
        if (meter->def->records[i].is_live)
            continue;
        set->host.changed(set->host.userdata, meter, i);
        set_tell_dependents(set, meter, i);
    }
    refresh_clocks(set, meter);
}

void sources_answered(struct sources *set, struct meter *meter)
{
    const struct set_range *range = &set->ranges[meter->index];

    for (size_t i = range->first; range->has_internal && i < range->first + range->n; i++) {
        struct source *s = set->items[i];

        if (s->config->kind == SOURCE_INTERNAL)
            s->ops->tick(s);
    }
}

void write_command_failed(struct source *s, const char *why)
{
    s->set->host.not_handed_on(s->set->host.userdata, s, why);
}

/* ---- life ------------------------------------------------------------------------------------ */

void set_start(struct source *s)
{
    int r;

    s->good_at = clock_now();
    s->next_refresh = s->ops->refresh != NULL ? s->good_at : USEC_NEVER;
    r = s->ops->start != NULL ? s->ops->start(s) : 0;
    if (r >= 0)
        r = schedule_arm(s);
    if (r < 0) {
        s->next_refresh = USEC_NEVER; /* it has nothing to be refreshed with */
        source_failed(s, "%s", strerror(-r));
    }
}

void set_stop(struct source *s)
{
    if (s == NULL)
        return;
    schedule_drop(s);
    write_command_stop(s);
    if (s->ops->stop != NULL)
        s->ops->stop(s);
    free(s->trouble);
    free(s);
}

struct source *set_new_source(struct sources *set, const struct source_config *config,
                              struct meter *meter)
{
    struct source *s = calloc(1, sizeof(*s));

    if (s != NULL)
        *s = (struct source){
            .config = config, .ops = kinds[config->kind], .set = set, .meter = meter
        };
    return s;
}

static void sources_freep(struct sources **set)
{
    sources_free(*set);
}

static int make_all(struct sources *set)
{
    set->items = calloc(set->config->n_sources + 1, sizeof(*set->items));
    set->ranges = calloc(set->config->n_meters, sizeof(*set->ranges));
    if (set->items == NULL || set->ranges == NULL)
        return -ENOMEM;
    set_index(set->config, set->ranges);
    for (size_t i = 0; i < set->config->n_sources; i++) {
        const struct source_config *config = &set->config->sources[i];
        struct source *s = set_new_source(set, config, set->meters[config->meter]);

        if (s == NULL)
            return -ENOMEM;
        set->items[set->n++] = s;
    }
    return 0;
}

int sources_new(const struct sources_host *host, const struct config *config,
                struct meter *const *meters, struct sources **ret)
{
    CLEANUP(sources_freep) struct sources *set = calloc(1, sizeof(*set));
    int r;

    if (set == NULL)
        return -ENOMEM;
    set->host = *host;
    set->config = config;
    set->meters = meters;
    r = make_all(set);
    if (r < 0)
        return r;
    for (size_t i = 0; i < config->n_sources; i++)
        set_start(set->items[i]);
    r = set_arm_tick(set);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(set);
    return 0;
}

void sources_free(struct sources *set)
{
    if (set == NULL)
        return;
    sd_event_source_disable_unref(set->tick);
    for (size_t i = 0; i < set->n; i++)
        set_stop(set->items[i]);
    agenda_done(&set->agenda);
    pool_free(set->pool);
    pool_free(set->text_pool);
    free(set->items);
    free(set->ranges);
    free(set);
}
