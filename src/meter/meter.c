#include "meter/meter.h"

#include "mbus/header.h"
#include "mbus/vife.h"

void meter_init(struct meter *meter, const struct meter_def *def, struct meter_cell *cells)
{
    *meter = (struct meter){
        .def = def,
        .is_fresh = true,
        .now = { .address = def->address, .ident = def->ident, .cells = cells },
        .draft = { .cells = def->n_records > 0 ? cells + def->n_records : NULL },
    };
    for (size_t i = 0; i < def->n_records; i++) {
        const struct meter_record *record = &def->records[i];

        cells[i] = (struct meter_cell){ .value = record->wire.value,
                                        .error = record->is_live ? RECORD_ERROR_NO_DATA : 0 };
        meter->n_errors += record->is_live;
    }
    if ((def->status & METER_STATUS_ALARM) == METER_STATUS_ALARM)
        meter_raise_alarm(meter, def->status);
}

void meter_raise_alarm(struct meter *meter, uint8_t alarm)
{
    meter->alarm = alarm;
    meter->n_alarms++;
}

size_t meter_record_size(const struct meter_record *record)
{
    const struct vib *vib = &record->wire.vib;

    return record_size(&record->wire) + (record->is_live && vib->n < sizeof(vib->bytes));
}

size_t meter_answer_size(const struct meter_def *def)
{
    size_t n = LONG_HEADER_SIZE + (def->n_tail > 0 ? def->n_tail + 1 : 0);

    if (def->structure == METER_FIXED)
        return FIXED_SIZE;
    for (size_t i = 0; i < def->n_records; i++)
        n += meter_record_size(&def->records[i]);
    return n;
}

uint8_t meter_status(const struct meter *meter)
{
    return (uint8_t)(meter->def->status | (meter->n_errors > 0 ? METER_STATUS_TEMPORARY_ERROR : 0));
}
