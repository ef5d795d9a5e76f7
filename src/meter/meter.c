#include "meter/meter.h"

#include "mbus/frame.h"
#include "mbus/header.h"
#include "mbus/link.h"

#define DIF_MANUFACTURER 0x0FU
#define DIF_MORE_FOLLOWS 0x1FU

/* What may stand behind the CI field at this L field. */
static size_t room(const struct meter_def *def)
{
    return def->max_telegram - FRAME_L_MIN;
}

static size_t tail_size(const struct meter_def *def)
{
    return def->n_tail > 0 ? def->n_tail + 1 : 0;
}

size_t meter_answer_size(const struct meter_def *def)
{
    size_t n = LONG_HEADER_SIZE + tail_size(def);

    if (def->structure == METER_FIXED)
        return FIXED_SIZE;
    for (size_t i = 0; i < def->n_records; i++)
        n += record_size(&def->records[i].wire);
    return n;
}

/* The first record that does not fit behind the header any more; all of them when the tail fits too
 * (`ret_whole`). Room for the 1F is kept in every telegram but the last (mbus-protocol 12). A tail
 * that does not fit behind the last records gets a telegram of its own, which begins behind them.
 */
static size_t end_of_telegram(const struct meter_def *def, size_t first, bool *ret_whole)
{
    size_t n = LONG_HEADER_SIZE, i;

    for (i = first; i < def->n_records; i++) {
        bool last = i + 1 == def->n_records && def->n_tail == 0;
        size_t size = record_size(&def->records[i].wire);

        if (n + size + !last > room(def))
            break;
        n += size;
    }
    *ret_whole = i == def->n_records && n + tail_size(def) <= room(def);
    return i;
}

size_t meter_telegrams(const struct meter_def *def, size_t *ret_need)
{
    size_t n = 0, first = 0, end;
    bool whole = false;

    if (def->structure == METER_FIXED)
        return 1;
    do {
        end = end_of_telegram(def, first, &whole);
        if (end == first && !whole) {
            *ret_need =
                LONG_HEADER_SIZE +
                (end < def->n_records ? record_size(&def->records[end].wire) + 1 : tail_size(def));
            return 0;
        }
        first = end;
        n++;
    } while (!whole);
    return n;
}

static size_t variable_encode(const struct meter *meter, size_t first, struct writer *w)
{
    const struct meter_def *def = meter->def;
    bool whole;
    size_t end = end_of_telegram(def, first, &whole);

    long_header_encode(&def->ident, meter->access, def->status, w);
    for (size_t i = first; i < end; i++)
        record_encode(&def->records[i].wire, w);
    if (!whole) {
        write_u8(w, DIF_MORE_FOLLOWS);
    } else if (def->n_tail > 0) {
        write_u8(w, DIF_MANUFACTURER);
        write_bytes(w, def->tail, def->n_tail);
    }
    return whole ? 0 : end;
}

static void fixed_structure_encode(const struct meter *meter, struct writer *w)
{
    const struct meter_def *def = meter->def;
    struct fixed fixed = {
        .id = def->ident.id,
        .access = meter->access,
        .status = (uint8_t)(def->status | (def->fixed_binary ? FIXED_STATUS_BINARY : 0)),
        .medium = (uint8_t)fixed_medium(def->ident.medium),
        .counters = { def->counters[0], def->counters[1] },
    };

    fixed_encode(&fixed, w);
}

size_t meter_telegram(struct meter *meter, size_t first, uint8_t *frame, size_t capacity,
                      size_t *ret_next)
{
    const struct meter_def *def = meter->def;
    bool is_fixed = def->structure == METER_FIXED;
    struct writer w;
    size_t size;

    if (capacity < FRAME_MAX)
        return 0;
    w = writer_over(frame + FRAME_DATA_OFFSET, FRAME_MAX - FRAME_DATA_OFFSET - 2);
    *ret_next = 0;
    if (is_fixed)
        fixed_structure_encode(meter, &w);
    else
        *ret_next = variable_encode(meter, first, &w);
    if (w.failed)
        return 0;
    size = frame_seal_long(frame, C_RSP_UD, def->address, is_fixed ? CI_FIXED : CI_VARIABLE, w.n);
    if (size > 0)
        meter->access++;
    return size;
}
