#include "source/written_text.h"

#include "mbus/time_text.h"
#include "meter/live.h"

static void write_time(const struct meter *meter, size_t record, char ret[static NUMBER_TEXT_MAX])
{
    const struct record *wire = &meter->def->records[record].wire;
    uint8_t bytes[sizeof(uint64_t)];
    struct writer w = writer_over(bytes, sizeof(bytes));
    struct time_point time;
    enum time_kind kind;

    value_encode(wire->dib.data_field, &meter->now.cells[record].value, &w);
    if (!time_kind_of(w.n, &kind))
        return;
    time_decode(kind, bytes, &time);
    time_text(kind, &time, ret);
}

void written_text(const struct meter *meter, size_t record, char ret[static NUMBER_TEXT_MAX])
{
    const struct meter_record *own = &meter->def->records[record];
    struct number number;

    ret[0] = '\0';
    if (meter_get_number(meter, record, &number))
        number_text(&number, own->counting.field == DATA_FIELD_REAL32, ret);
    else if (own->wire.coding == CODING_TIME)
        write_time(meter, record, ret);
}
