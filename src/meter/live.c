#include "meter/live.h"

#include "mbus/vife.h"

/* A draft is a copy of what was before: it must not bring back an older value. */
static struct meter_cell *other_cell(struct meter *meter, size_t i)
{
    return meter->drafting ? &meter->draft.cells[i] : NULL;
}

static void set_cell(struct meter *meter, size_t i, struct meter_cell cell)
{
    struct meter_cell *now = &meter->now.cells[i], *other = other_cell(meter, i);

    cell.unlisted = now->unlisted;
    meter->n_errors -= now->error != 0;
    meter->n_errors += cell.error != 0;
    *now = cell;
    if (other != NULL) {
        cell.unlisted = other->unlisted;
        *other = cell;
    }
}

void meter_set_value(struct meter *meter, size_t i, const struct value *value)
{
    set_cell(meter, i, (struct meter_cell){ .value = *value });
}

void meter_set_error(struct meter *meter, size_t i, uint8_t error)
{
    struct meter_cell cell = meter->now.cells[i];

    cell.error = error;
    set_cell(meter, i, cell);
}

uint8_t meter_set_number(struct meter *meter, size_t i, const struct number *number)
{
    static const uint8_t errors[] = {
        [QUANTITY_OK] = RECORD_ERROR_NONE,
        [QUANTITY_NOT_FINITE] = RECORD_ERROR_DATA,
        [QUANTITY_TOO_SMALL] = RECORD_ERROR_UNDERFLOW,
        [QUANTITY_TOO_LARGE] = RECORD_ERROR_OVERFLOW,
    };
    struct meter_cell cell = meter->now.cells[i];
    struct value value;
    enum quantity_verdict verdict =
        quantity_count(number, &meter->def->records[i].counting, &value);

    cell.error = errors[verdict];
    cell.is_instead = false;
    if (verdict == QUANTITY_OK)
        cell.value = value;
    if (verdict != QUANTITY_NOT_FINITE) {
        cell.number = *number;
        cell.has_number = true;
    }
    set_cell(meter, i, cell);
    return cell.error;
}

void meter_show_instead(struct meter *meter, size_t i, const struct number *number)
{
    struct meter_cell cell = meter->now.cells[i];

    quantity_count(number, &meter->def->records[i].counting, &cell.value);
    cell.error = RECORD_ERROR_NONE;
    cell.is_instead = true;
    set_cell(meter, i, cell);
}

struct number meter_cell_number(const struct meter_record *record, const struct meter_cell *cell)
{
    return record->is_live && !cell->is_instead ? cell->number
                                                : quantity_number(&cell->value, &record->counting);
}

static bool is_number(const struct record *wire)
{
    return wire->dib.data_field != DATA_FIELD_VARIABLE && wire->dib.data_field != DATA_FIELD_NONE &&
           wire->coding != CODING_TIME;
}

bool meter_get_number(const struct meter *meter, size_t i, struct number *ret)
{
    const struct meter_record *record = &meter->def->records[i];
    const struct meter_cell *cell = &meter->now.cells[i];

    if (cell->error != 0 || !is_number(&record->wire))
        return false;
    *ret = meter_cell_number(record, cell);
    return true;
}
