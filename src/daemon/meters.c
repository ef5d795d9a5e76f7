#include "daemon/meters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "meter/redefine.h"

/* A meter and the memory that is its own. */
struct box {
    struct meter meter;
    struct meter_cell *cells;
    bool is_kept; /* over the reload under way */
};

static struct box *box_of(struct meter *meter)
{
    return (struct box *)((char *)meter - offsetof(struct box, meter));
}

static void box_free(struct box *box)
{
    if (box == NULL)
        return;
    free(box->cells);
    free(box);
}

static struct meter_cell *new_cells(const struct meter_def *def)
{
    return calloc(2 * def->n_records + 1, sizeof(struct meter_cell));
}

static struct box *box_new(const struct meter_def *def)
{
    struct box *box = calloc(1, sizeof(*box));

    if (box == NULL)
        return NULL;
    box->cells = new_cells(def);
    if (box->cells == NULL) {
        free(box);
        return NULL;
    }
    meter_init(&box->meter, def, box->cells);
    return box;
}

void meters_done(struct meters *meters)
{
    for (size_t i = 0; i < meters->n; i++) {
        if (meters->items[i] != NULL)
            box_free(box_of(meters->items[i]));
    }
    free(meters->items);
    *meters = (struct meters){ 0 };
}

int meters_new(const struct config *config, struct meters *ret)
{
    struct meters meters = { .items = calloc(config->n_meters, sizeof(struct meter *)) };

    if (meters.items == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < config->n_meters; i++) {
        struct box *box = box_new(&config->meters[i]);

        if (box == NULL) {
            meters_done(&meters);
            return -ENOMEM;
        }
        box->meter.index = i;
        meters.items[meters.n++] = &box->meter;
    }
    *ret = meters;
    return 0;
}

size_t meters_count_on(const struct port_config *port, const struct meters *meters)
{
    return port->meters != NULL ? port->n_meters : meters->n;
}

struct meter *meters_on(const struct port_config *port, const struct meters *meters, size_t i)
{
    return meters->items[port->meters != NULL ? port->meters[i] : i];
}

/* ---- reload ---------------------------------------------------------------------------------- */

/* A meter as it is to be: a new one, or an old one that gets a definition and, where that reads
 * otherwise, cells. */
struct plan {
    struct box *box;
    struct meter_cell *cells;
    bool is_new;
};

static int by_name(const void *a, const void *b)
{
    const struct meter *const *x = a, *const *y = b;

    return strcmp((*x)->def->name, (*y)->def->name);
}

static struct meter *find(struct meter *const *sorted, size_t n, const struct meter_def *def)
{
    const struct meter wanted = { .def = def }, *key = &wanted;
    struct meter *const *found = bsearch(&key, sorted, n, sizeof(struct meter *), by_name);

    return found != NULL ? *found : NULL;
}

static int make_plan(struct meter *const *sorted, size_t n, const struct meter_def *def,
                     struct plan *ret)
{
    struct meter *old = find(sorted, n, def);

    *ret = (struct plan){ .is_new = old == NULL };
    if (old == NULL) {
        ret->box = box_new(def);
        return ret->box != NULL ? 0 : -ENOMEM;
    }
    ret->box = box_of(old);
    if (meter_def_equal(old->def, def))
        return 0;
    ret->cells = new_cells(def);
    return ret->cells != NULL ? 0 : -ENOMEM;
}

/* Undoes plans that will not come true. */
static void drop_plans(struct plan *plans, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(plans[i].cells);
        if (plans[i].is_new)
            box_free(plans[i].box);
    }
}

/* Whether the meter reads or is addressed otherwise now. */
static bool carry_out(struct plan *plan, const struct meter_def *def)
{
    struct box *box = plan->box;

    if (plan->cells == NULL) {
        box->meter.def = def;
        return plan->is_new;
    }
    meter_redefine(&box->meter, def, plan->cells);
    free(box->cells);
    box->cells = plan->cells;
    return true;
}

static int plan_all(const struct meters *old, const struct config *config, struct plan *plans,
                    struct meter **sorted)
{
    int r = 0;
    size_t i;

    memcpy(sorted, old->items, old->n * sizeof(*sorted));
    qsort(sorted, old->n, sizeof(*sorted), by_name);
    for (i = 0; i < config->n_meters && r == 0; i++)
        r = make_plan(sorted, old->n, &config->meters[i], &plans[i]);
    if (r < 0)
        drop_plans(plans, i);
    return r;
}

/* Takes out of the old list what lives on in the new one. */
static void leave_old(struct meters *old, const struct meters *kept)
{
    for (size_t i = 0; i < kept->n; i++)
        box_of(kept->items[i])->is_kept = true;
    for (size_t i = 0; i < old->n; i++) {
        if (box_of(old->items[i])->is_kept)
            old->items[i] = NULL;
    }
    for (size_t i = 0; i < kept->n; i++)
        box_of(kept->items[i])->is_kept = false;
}

int meters_reload(struct meters *old, const struct config *config, struct meters *ret,
                  bool *ret_changed)
{
    size_t n = config->n_meters;
    struct meters meters = { .items = calloc(n, sizeof(struct meter *)), .n = n };
    struct meter **sorted = calloc(old->n, sizeof(*sorted));
    struct plan *plans = calloc(n, sizeof(*plans));
    bool changed = n != old->n;
    int r = -ENOMEM;

    if (meters.items != NULL && sorted != NULL && plans != NULL)
        r = plan_all(old, config, plans, sorted);
    for (size_t i = 0; i < n && r == 0; i++) {
        changed |= carry_out(&plans[i], &config->meters[i]);
        meters.items[i] = &plans[i].box->meter;
        meters.items[i]->index = i;
        changed |= i < old->n && old->items[i] != meters.items[i];
    }
    free(plans);
    free(sorted);
    if (r < 0) {
        free(meters.items);
        return r;
    }
    leave_old(old, &meters);
    *ret = meters;
    *ret_changed = changed;
    return 0;
}
