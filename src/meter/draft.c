#include "meter/draft.h"

#include <string.h>

static void copy_content(struct meter_content *to, const struct meter_content *from, size_t n)
{
    struct meter_cell *cells = to->cells;

    *to = *from;
    to->cells = cells;
    if (n > 0)
        memcpy(cells, from->cells, n * sizeof(*cells));
}

void meter_draft_begin(struct meter *meter)
{
    if (meter->drafting)
        return;
    meter->drafting = true;
    meter->draft_n_delayed = meter->n_delayed;
    meter->draft_clock = (struct datetime){ 0 };
    copy_content(&meter->draft, &meter->now, meter->def->n_records);
}

/* A master's write makes a value good. */
static size_t count_errors(const struct meter *meter)
{
    size_t n = 0;

    for (size_t i = 0; i < meter->def->n_records; i++)
        n += meter->now.cells[i].error != 0;
    return n;
}

void meter_draft_commit(struct meter *meter)
{
    meter->drafting = false;
    meter->n_delayed = meter->draft_n_delayed;
    copy_content(&meter->now, &meter->draft, meter->def->n_records);
    meter->n_errors = count_errors(meter);
    meter->generation++;
}

void meter_draft_set_value(struct meter *meter, size_t i, const struct value *value)
{
    struct meter_cell *cell = &meter->draft.cells[i];

    cell->value = *value;
    cell->number = quantity_number(value, &meter->def->records[i].counting);
    cell->has_number = true;
    cell->is_instead = false;
    cell->error = 0;
    cell->written = true;
}

void meter_draft_abandon(struct meter *meter)
{
    meter->drafting = false;
}

void meter_draft_set_clock(struct meter *meter, int64_t local)
{
    const struct datetime *to = &meter->draft_clock;
    int64_t own = local + meter->draft.clock_offset;
    int64_t second = (own % SECONDS_PER_DAY + SECONDS_PER_DAY) % SECONDS_PER_DAY;
    int64_t day = (own - second) / SECONDS_PER_DAY;

    if (!to->has_date && !to->has_time)
        return;
    if (to->has_date)
        day = to->day;
    if (to->has_time)
        second = to->second;
    meter->draft.clock_offset = day * SECONDS_PER_DAY + second - local;
    meter->draft_clock = (struct datetime){ 0 };
}
