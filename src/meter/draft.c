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

void meter_draft_commit(struct meter *meter)
{
    meter->drafting = false;
    meter->n_delayed = meter->draft_n_delayed;
    copy_content(&meter->now, &meter->draft, meter->def->n_records);
    meter->generation++;
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
