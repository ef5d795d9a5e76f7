/* Another configuration: sources whose own settings are the same go on as they are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mbus/vife.h"
#include "meter/live.h"
#include "source/set.h"

/* A source and what finds it in the next configuration. */
struct known {
    struct source *source;
    const char *record;
    bool is_taken;
};

static int by_place(const void *a, const void *b)
{
    const struct known *x = a, *y = b;
    uintptr_t m = (uintptr_t)x->source->meter, n = (uintptr_t)y->source->meter;

    return m != n ? (m > n) - (m < n) : strcmp(x->record, y->record);
}

static const struct meter_record *record_of(const struct config *config,
                                            const struct source_config *source)
{
    return &config->meters[source->meter].records[source->record];
}

static const char *record_name(const struct config *config, const struct source_config *source)
{
    return record_of(config, source)->name;
}

static struct known *know(const struct sources *set)
{
    struct known *known = calloc(set->n + 1, sizeof(*known));

    for (size_t i = 0; known != NULL && i < set->n; i++)
        known[i] = (struct known){ .source = set->items[i],
                                   .record = record_name(set->config, set->items[i]->config) };
    if (known != NULL)
        qsort(known, set->n, sizeof(*known), by_place);
    return known;
}

/* The number that it has would be another in another unit. */
static bool can_go_on(const struct sources *set, const struct source *s,
                      const struct config *config, const struct source_config *wanted)
{
    return source_config_equal(s->config, wanted) &&
           record_counts_equal(record_of(set->config, s->config), record_of(config, wanted));
}

/* The source of the same meter and record, when it can go on; else NULL. */
static struct known *find_old(const struct sources *set, struct known *known,
                              const struct config *config, struct meter *const *meters,
                              const struct source_config *wanted)
{
    struct source probe = { .meter = meters[wanted->meter] };
    const struct known key = { &probe, record_name(config, wanted), false };
    struct known *found = bsearch(&key, known, set->n, sizeof(*known), by_place);

    return found != NULL && can_go_on(set, found->source, config, wanted) ? found : NULL;
}

/* What is to be: for each source of the configuration an old one or a new one. */
struct plan {
    struct source **items;
    bool *is_old;
    struct set_range *ranges;
};

static void plan_done(struct plan *plan)
{
    free(plan->items);
    free(plan->is_old);
    free(plan->ranges);
}

static int make_plan(struct sources *set, struct known *known, const struct config *config,
                     struct meter *const *meters, struct plan *plan)
{
    size_t n = config->n_sources, i;

    *plan = (struct plan){ calloc(n + 1, sizeof(*plan->items)), calloc(n + 1, sizeof(bool)),
                           calloc(config->n_meters, sizeof(*plan->ranges)) };
    if (plan->items == NULL || plan->is_old == NULL || plan->ranges == NULL)
        return -ENOMEM;
    set_index(config, plan->ranges);
    for (i = 0; i < n; i++) {
        const struct source_config *wanted = &config->sources[i];
        struct known *old = find_old(set, known, config, meters, wanted);

        plan->is_old[i] = old != NULL;
        if (old != NULL) {
            old->is_taken = true;
            plan->items[i] = old->source;
        } else {
            plan->items[i] = set_new_source(set, wanted, meters[wanted->meter]);
        }
        if (plan->items[i] == NULL)
            break;
    }
    if (i == n)
        return 0;
    while (i-- > 0) {
        if (!plan->is_old[i])
            free(plan->items[i]);
    }
    return -ENOMEM;
}

/* What is in its cell is its own: else it is another source's, where a meter reads the same but for
 * its sources. */
static bool is_restored(const struct source *s)
{
    const struct meter_record *record = &s->meter->def->records[s->config->record];

    return !record->is_live || record->is_kept;
}

static void carry_out(struct sources *set, const struct plan *plan)
{
    for (size_t i = 0; i < set->n; i++) {
        struct source *s = set->items[i];

        if (!plan->is_old[i])
            continue;
        s->config = &set->config->sources[i];
        set_take_settings(s);
    }
    for (size_t i = 0; i < set->n; i++) {
        if (!plan->is_old[i] && !is_restored(set->items[i]))
            meter_set_error(set->items[i]->meter, set->items[i]->config->record,
                            RECORD_ERROR_NO_DATA);
    }
    for (size_t i = 0; i < set->n; i++) {
        if (!plan->is_old[i])
            set_start(set->items[i]);
        else if (set->items[i]->ops->resume != NULL)
            set->items[i]->ops->resume(set->items[i]);
    }
}

int sources_reload(struct sources *set, const struct config *config, struct meter *const *meters)
{
    struct known *known = know(set);
    size_t n_old = set->n;
    struct plan plan = { 0 };
    int r = known != NULL ? make_plan(set, known, config, meters, &plan) : -ENOMEM;

    if (r == 0) {
        for (size_t i = 0; i < n_old; i++) {
            if (!known[i].is_taken)
                set_stop(known[i].source);
        }
        free(set->items);
        free(set->ranges);
        set->items = plan.items;
        set->ranges = plan.ranges;
        set->n = config->n_sources;
        set->config = config;
        set->meters = meters;
        plan.items = NULL;
        plan.ranges = NULL;
        carry_out(set, &plan);
        set_update_mute(set);
        r = set_arm_tick(set);
    }
    plan_done(&plan);
    free(known);
    return r;
}
