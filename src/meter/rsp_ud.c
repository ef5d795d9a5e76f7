#include "meter/rsp_ud.h"

#include "mbus/frame.h"
#include "mbus/header.h"
#include "mbus/link.h"

#define DIF_MANUFACTURER 0x0FU
#define DIF_MORE_FOLLOWS 0x1FU

/* What one telegram holds: the items from `first` to before `next`, and the tail if it is there. */
struct part {
    size_t next;
    bool has_tail;
    bool is_last;
    size_t
        need; /* when nothing fits: the bytes that the next item would take, with all around it */
};

size_t rsp_ud_room(const struct meter_def *def)
{
    return def->max_telegram - FRAME_L_MIN;
}

static size_t tail_size(const struct meter_def *def)
{
    return def->n_tail > 0 ? def->n_tail + 1 : 0;
}

/* Writes the items from `first` on that fit (mbus-protocol 12): none is split, and every telegram
 * but the last keeps room for the 1F. A tail that does not fit behind the last items gets a
 * telegram of its own, which begins behind them. */
static struct part write_items(const struct readout_source *s, size_t first, struct writer *w)
{
    size_t n = readout_items(s), i, newest = first;
    size_t limit = rsp_ud_room(s->meter->def), tail = tail_size(s->meter->def);
    struct writer before_newest = *w;
    struct part part = { 0 };

    for (i = first; i < n; i++) {
        struct writer before = *w;

        readout_encode(s, i, w);
        if (w->n > limit) {
            part.need = w->n + 1;
            *w = before;
            break;
        }
        if (w->n > before.n) {
            newest = i;
            before_newest = before;
        }
    }
    part.is_last = i == n && w->n + tail <= limit;
    part.has_tail = part.is_last && tail > 0;
    part.next = i;
    if (part.is_last)
        return part;
    if (i == n)
        part.need = LONG_HEADER_SIZE + tail;
    if (w->n + 1 > limit) {
        part.need = w->n + 1;
        part.next = newest;
        *w = before_newest;
    }
    return part;
}

/* Whether a part leads nowhere: the readout would never end. */
static bool is_stuck(const struct part *part, size_t first)
{
    return !part->is_last && part->next == first;
}

/* How many telegrams there are; 0 when it gets stuck, and then why. */
static size_t count_parts(const struct readout_source *s, size_t *ret_need)
{
    uint8_t scratch[FRAME_MAX];
    size_t n = 0, first = 0;

    for (;;) {
        struct writer w = writer_over(scratch, sizeof(scratch));
        struct part part;

        w.n = LONG_HEADER_SIZE;
        part = write_items(s, first, &w);
        if (is_stuck(&part, first)) {
            *ret_need = part.need;
            return 0;
        }
        n++;
        if (part.is_last)
            return n;
        first = part.next;
    }
}

size_t meter_telegrams(const struct meter_def *def, size_t *ret_need)
{
    const struct meter meter = { .def = def };
    const struct readout all = { .everything = true };

    if (def->structure == METER_FIXED)
        return 1;
    return count_parts(&(struct readout_source){ &meter, &all, NULL }, ret_need);
}

size_t rsp_ud_count(const struct readout_source *source)
{
    size_t need, n;

    if (source->meter->def->structure == METER_FIXED)
        return 1;
    n = count_parts(source, &need);
    return n > 0 ? n : 1;
}

/* The number of the one telegram that is wanted, 0 for all of them. */
static unsigned wanted_alone(const struct readout_source *s)
{
    return s->readout->n_list > 0 || s->readout->everything ? 0 : s->readout->application & 0x0F;
}

static size_t skip_to(const struct readout_source *s, unsigned number)
{
    uint8_t scratch[FRAME_MAX];
    size_t first = 0;

    while (--number > 0) {
        struct writer w = writer_over(scratch, sizeof(scratch));

        w.n = LONG_HEADER_SIZE;
        first = write_items(s, first, &w).next;
    }
    return first;
}

static size_t encode_variable(const struct readout_source *s, size_t first, struct writer *w)
{
    const struct meter *meter = s->meter;
    const struct meter_def *def = meter->def;
    unsigned alone = wanted_alone(s);
    struct part part;

    long_header_encode(&meter->now.ident, meter->access, meter_status(meter), w);
    if (alone > 0)
        first = skip_to(s, alone);
    part = write_items(s, first, w);
    if (part.has_tail) {
        write_u8(w, DIF_MANUFACTURER);
        write_bytes(w, def->tail, def->n_tail);
    }
    if (part.is_last || alone > 0)
        return 0;
    write_u8(w, DIF_MORE_FOLLOWS);
    w->failed = w->failed || is_stuck(&part, first);
    return part.next;
}

static void encode_fixed(const struct readout_source *s, struct writer *w)
{
    const struct meter_def *def = s->meter->def;
    struct fixed fixed = {
        .id = s->meter->now.ident.id,
        .access = s->meter->access,
        .status = (uint8_t)(meter_status(s->meter) | (def->fixed_binary ? FIXED_STATUS_BINARY : 0)),
        .medium = (uint8_t)fixed_medium(s->meter->now.ident.medium),
        .counters = { def->counters[0], def->counters[1] },
    };

    fixed_encode(&fixed, w);
}

size_t rsp_ud_encode(const struct readout_source *source, size_t first, uint8_t c, uint8_t *frame,
                     size_t capacity, size_t *ret_next)
{
    bool is_fixed = source->meter->def->structure == METER_FIXED;
    struct writer w;

    if (capacity < FRAME_MAX)
        return 0;
    w = writer_over(frame + FRAME_DATA_OFFSET, FRAME_MAX - FRAME_DATA_OFFSET - 2);
    *ret_next = 0;
    if (is_fixed)
        encode_fixed(source, &w);
    else
        *ret_next = encode_variable(source, first, &w);
    if (w.failed)
        return 0;
    return frame_seal_long(frame, c, source->meter->now.address, is_fixed ? CI_FIXED : CI_VARIABLE,
                           w.n);
}
