/* Numbers that other programs push: mbus-slavectl, or whoever speaks D-Bus. */
#include "mbus/vife.h"
#include "source/source.h"

/* What was kept of it comes first; `start` is for the first time. */
static int start(struct source *s)
{
    const struct meter_cell *cell = &s->meter->now.cells[s->config->record];

    if (cell->error == RECORD_ERROR_NONE) {
        s->number = cell->number;
        s->has_number = true;
    } else if (s->config->has_start) {
        source_number(s, &s->config->start);
    }
    return 0;
}

const struct source_ops source_pushed = { .name = "pushed", .start = start };
