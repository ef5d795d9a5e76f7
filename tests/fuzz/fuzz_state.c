/* Any bytes as a state file or as a ledger: afterwards a meter is as configured, or as something
 * that could have been written says; and what is written of it then gives the same meter again.
 * Input: `s` and a state file, `t` and the lines of one, `l` and a ledger, `c` and what is put into
 * the copies of a good one. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "mbus/vife.h"
#include "store/crc32.h"
#include "store/entries.h"
#include "store/ledger_past.h"
#include "store/restore.h"
#include "store/setting.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS 5U
#define STATE_KEY 4711U

/* A counter, a real and a bcd that keep their numbers, a constant that is writable, a text. */
struct subject {
    char names[RECORDS][2]; /* "a" to "e" */
    struct meter_record records[RECORDS];
    struct meter_def def;
    struct meter_cell cells[2 * RECORDS];
    struct meter meter;
};

static void subject_begin(struct subject *s)
{
    static char meter[] = "water";
    static const enum data_field fields[RECORDS] = { DATA_FIELD_INT32, DATA_FIELD_REAL32,
                                                     DATA_FIELD_BCD8, DATA_FIELD_INT16,
                                                     DATA_FIELD_VARIABLE };

    *s = (struct subject){ 0 };
    for (size_t i = 0; i < RECORDS; i++) {
        s->names[i][0] = (char)('a' + i);
        s->records[i] = (struct meter_record){
            .name = s->names[i],
            .wire = { .dib = { .data_field = fields[i] }, .vib = { .bytes = { 0x13 }, .n = 1 } },
            .counting = { .resolution = i == 1 ? -2 : 0, .field = fields[i] },
            .is_live = i < 3,
            .is_kept = i < 3,
            .writable = i == 3,
            .min = { .integer = -100 },
            .max = { .integer = 100 },
        };
    }
    s->def = (struct meter_def){ .name = meter,
                                 .address = 3,
                                 .ident = { 0x12345678, 0x5274, 1, 4 },
                                 .records = s->records,
                                 .n_records = RECORDS };
    meter_init(&s->meter, &s->def, s->cells);
}

/* ---- what may be ---- */

static bool is_whole_meter(const struct subject *s)
{
    size_t n_errors = 0;

    for (size_t i = 0; i < RECORDS; i++) {
        const struct meter_cell *cell = &s->cells[i];

        n_errors += cell->error != 0;
        if (!__builtin_isfinite(cell->number.real))
            return false;
        /* A live record without a number is fresh; only what does not fit is not good with one. */
        if (keeps_number(&s->records[i]) && !cell->has_number &&
            cell->error != RECORD_ERROR_NO_DATA)
            return false;
        if (!s->records[i].is_live && (cell->has_number || cell->error != 0))
            return false;
    }
    return n_errors == s->meter.n_errors && s->meter.now.address <= 250 &&
           s->cells[3].value.integer >= -100 && s->cells[3].value.integer <= 100;
}

static bool is_same_number(const struct meter_cell *a, const struct meter_cell *b)
{
    return a->has_number == b->has_number && a->number.is_real == b->number.is_real &&
           a->number.integer == b->number.integer &&
           double_bits(a->number.real) == double_bits(b->number.real);
}

static bool is_same(const struct subject *a, const struct subject *b)
{
    const struct meter *x = &a->meter, *y = &b->meter;

    for (size_t i = 0; i < RECORDS; i++) {
        if (!is_same_number(&a->cells[i], &b->cells[i]) || a->cells[i].error != b->cells[i].error ||
            !values_equal(a->records[i].wire.dib.data_field, &a->cells[i].value,
                          &b->cells[i].value) ||
            a->cells[i].unlisted != b->cells[i].unlisted)
            return false;
    }
    return x->now.address == y->now.address && ident_equal(&x->now.ident, &y->now.ident) &&
           x->now.clock_offset == y->now.clock_offset && x->access == y->access &&
           memcmp(&x->tally, &y->tally, sizeof(x->tally)) == 0;
}

static void restore(struct subject *s, const char *lines, size_t n)
{
    struct lines sorted;

    subject_begin(s);
    if (lines_init(&sorted, lines, n) < 0)
        abort();
    restore_meter(lines_all(&sorted), &s->meter, NULL, NULL);
    lines_done(&sorted);
}

/* Counters that no file takes are far beyond what any meter reaches. */
static void limit_tally(struct meter_tally *tally)
{
    tally->requests &= INT64_MAX;
    tally->answers &= INT64_MAX;
    tally->errors &= INT64_MAX;
    tally->restarts &= INT64_MAX;
    tally->operating_time &= INT64_MAX;
}

static void check(struct subject *s)
{
    char text[4096];
    struct text_out longest = { 0 }, out = text_begin(text, sizeof(text));
    struct text_body body;
    struct subject again;

    limit_tally(&s->meter.tally);
    if (!is_whole_meter(s))
        abort();
    entries_write_meter(&out, &s->meter, &s->meter.now);
    text_end(&out);
    if (out.w.failed || text_check(text, out.w.n, &body) != TEXT_GOOD)
        abort();
    entries_write_longest_meter(&longest, &s->def);
    if (body.n > longest.w.n)
        abort();
    restore(&again, body.bytes, body.n);
    if (!is_same(s, &again))
        abort();
}

/* ---- the four ways ---- */

static void try_state(const uint8_t *data, size_t size)
{
    struct text_body body;
    struct subject s;

    if (text_check((const char *)data, size, &body) != TEXT_GOOD)
        return;
    restore(&s, body.bytes, body.n);
    check(&s);
}

/* Random bytes seldom have the checksum that they should. */
static void try_lines(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 128);
    struct text_out out;

    if (text == NULL)
        abort();
    out = text_begin(text, size + 128);
    text_copy(&out, (const char *)data, size);
    if (size > 0 && data[size - 1] != '\n')
        text_end_line(&out);
    text_end(&out);
    try_state((const uint8_t *)text, out.w.n);
    free(text);
}

static void try_ledger(const uint8_t *bytes, size_t size)
{
    struct ledger_past past;
    struct subject s;

    subject_begin(&s);
    if (ledger_past_parse(bytes, size, STATE_KEY, &past) < 0)
        abort();
    if (ledger_past_restore(&past, &s.meter) && past.verdict != LEDGER_GOOD &&
        past.verdict != LEDGER_SOME_DAMAGED)
        abort();
    ledger_past_done(&past);
    check(&s);
}

/* One slot for the meter, one for each record; what is in their copies, and whether the checksum is
 * right, the data say. */
static void try_copies(const uint8_t *data, size_t size)
{
    struct {
        struct ledger_header header;
        struct ledger_slot slots[1 + RECORDS];
    } file = { .header = { .magic = LEDGER_MAGIC,
                           .version = LEDGER_VERSION,
                           .slot_size = sizeof(struct ledger_slot),
                           .n_slots = 1 + RECORDS,
                           .state = STATE_KEY,
                           .committed = size % 3 == 0 ? 4 : UINT64_MAX } };
    struct subject s;

    subject_begin(&s);
    file.header.check = ledger_check_of_header(&file.header);
    for (size_t i = 0; i < 2 * ARRAY_SIZE(file.slots); i++) {
        struct ledger_slot *slot = &file.slots[i / 2];
        struct ledger_copy *copy = &slot->copies[i % 2];
        size_t n = size < sizeof(*copy) ? size : sizeof(*copy);

        slot->key = i / 2 == 0 ? ledger_key_of_meter(&s.def)
                               : ledger_key_of_record(&s.def, &s.records[i / 2 - 1]);
        if (n > 0)
            memcpy(copy, data, n);
        if (copy->check % 4 != 3)
            copy->check = ledger_check_of(slot->key, copy);
        data += n;
        size -= n;
    }
    try_ledger((const uint8_t *)&file, sizeof(file));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        char letter;
        void (*try)(const uint8_t *data, size_t size);
    } ways[] = { { 's', try_state }, { 't', try_lines }, { 'l', try_ledger }, { 'c', try_copies } };

    for (size_t i = 0; size > 0 && i < ARRAY_SIZE(ways); i++) {
        if (data[0] == (uint8_t)ways[i].letter)
            ways[i].try(data + 1, size - 1);
    }
    return 0;
}
