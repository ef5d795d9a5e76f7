#include "meter/meter.h"

#include "mbus/header.h"

void meter_init(struct meter *meter, const struct meter_def *def, struct meter_cell *cells)
{
    *meter = (struct meter){
        .def = def,
        .is_fresh = true,
        .now = { .address = def->address, .ident = def->ident, .cells = cells },
        .draft = { .cells = def->n_records > 0 ? cells + def->n_records : NULL },
    };
    for (size_t i = 0; i < def->n_records; i++)
        cells[i] = (struct meter_cell){ .value = def->records[i].wire.value };
    if ((def->status & METER_STATUS_ALARM) == METER_STATUS_ALARM)
        meter_raise_alarm(meter, def->status);
}

void meter_raise_alarm(struct meter *meter, uint8_t alarm)
{
    meter->alarm = alarm;
    meter->n_alarms++;
}

size_t meter_answer_size(const struct meter_def *def)
{
    size_t n = LONG_HEADER_SIZE + (def->n_tail > 0 ? def->n_tail + 1 : 0);

    if (def->structure == METER_FIXED)
        return FIXED_SIZE;
    for (size_t i = 0; i < def->n_records; i++)
        n += record_size(&def->records[i].wire);
    return n;
}
