#include "meter/meter.h"

#include "mbus/frame.h"
#include "mbus/header.h"
#include "mbus/link.h"

static void variable_encode(const struct meter_def *def, uint8_t access, struct writer *w)
{
    long_header_encode(&def->ident, access, def->status, w);
    for (size_t i = 0; i < def->n_records; i++)
        record_encode(&def->records[i], w);
}

static void fixed_structure_encode(const struct meter_def *def, uint8_t access, struct writer *w)
{
    struct fixed fixed = {
        .id = def->ident.id,
        .access = access,
        .status = (uint8_t)(def->status | (def->fixed_binary ? FIXED_STATUS_BINARY : 0)),
        .medium = (uint8_t)fixed_medium(def->ident.medium),
        .counters = { def->counters[0], def->counters[1] },
    };

    fixed_encode(&fixed, w);
}

static void answer_encode(const struct meter_def *def, uint8_t access, struct writer *w)
{
    if (def->structure == METER_FIXED)
        fixed_structure_encode(def, access, w);
    else
        variable_encode(def, access, w);
}

size_t meter_answer_size(const struct meter_def *def)
{
    struct writer measure = writer_over(NULL, 0);

    answer_encode(def, 0, &measure);
    return measure.n;
}

size_t meter_answer(struct meter *meter, uint8_t *frame, size_t capacity)
{
    const struct meter_def *def = meter->def;
    uint8_t ci = def->structure == METER_FIXED ? CI_FIXED : CI_VARIABLE;
    struct writer w;
    size_t size;

    if (capacity < FRAME_MAX)
        return 0;
    w = writer_over(frame + FRAME_DATA_OFFSET, FRAME_MAX - FRAME_DATA_OFFSET - 2);
    answer_encode(def, meter->access, &w);
    if (w.failed)
        return 0;
    size = frame_seal_long(frame, C_RSP_UD, def->address, ci, w.n);
    if (size > 0)
        meter->access++;
    return size;
}
