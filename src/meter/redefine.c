#include "meter/redefine.h"

#include <string.h>

void meter_redefine(struct meter *meter, const struct meter_def *def, struct meter_cell *cells)
{
    const struct meter old = *meter;
    bool has_alarm;

    meter_init(meter, def, cells);
    has_alarm = meter->n_alarms > 0 && def->status != old.def->status;
    meter->index = old.index;
    meter->access = old.access;
    meter->generation = old.generation + 1;
    meter->busy = old.busy;
    meter->is_mute = old.is_mute;
    meter->tally = old.tally;
    meter->n_delayed = old.n_delayed;
    memcpy(meter->delayed, old.delayed, old.n_delayed);
    meter->alarm = old.alarm;
    meter->n_alarms = old.n_alarms;
    if (has_alarm)
        meter_raise_alarm(meter, def->status);
}
