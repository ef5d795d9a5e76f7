/* Numbers that other programs push: mbus-slavectl, or whoever speaks D-Bus. */
#include "source/set.h"

/* What was kept of it comes first; `start` is for the first time. */
static int start(struct source *s)
{
    const struct meter_cell *cell = &s->meter->now.cells[s->config->record];
    const struct number kept = cell->number;

    if (cell->has_number && s->config->max_age > 0)
        source_is_of_unknown_age(s);
    else if (cell->has_number)
        source_number(s, &kept);
    else if (s->config->has_start)
        source_number(s, &s->config->start);
    return 0;
}

const struct source_ops source_pushed = { .name = "pushed", .start = start };
