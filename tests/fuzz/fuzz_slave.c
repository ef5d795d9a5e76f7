/* Sequences of bytes and times into a slave with three meters. Whatever comes: an answer waits only
 * for a good request, has that request's window and at most 261 bytes, and after idle a good
 * request is answered. Input: steps of (pause in ms, length, bytes). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slave/slave.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GAP (20 * USEC_PER_MSEC)
#define NOT_BEFORE 4584
#define NOT_AFTER 187500
#define METERS 3
#define RECORDS 3

static struct meter_record records[] = {
    { .wire = { { .data_field = DATA_FIELD_BCD8 }, { { 0x78 }, 1 }, { .integer = 11223344 } } },
    { .wire = { { .data_field = DATA_FIELD_INT16 }, { { 0xFD, 0x49 }, 2 }, { .integer = 1234 } } },
    { .wire = { { .data_field = DATA_FIELD_REAL32 }, { { 0x2B }, 1 }, { .real = 1.5F } } },
};

static const struct meter_def defs[METERS] = {
    { .address = 3,
      .ident = { 0x12345678, 0x5274, 1, 0 },
      .repeat_time = 10 * USEC_PER_SEC,
      .session_time = 120 * USEC_PER_SEC,
      .max_telegram = 64,
      .records = records,
      .n_records = sizeof(records) / sizeof(records[0]) },
    { .address = 0, .ident = { 0x1234567A, 0x5274, 1, 7 }, .max_telegram = 255 },
    { .address = 250,
      .ident = { 0x87654321, 0, 0, 4 },
      .structure = METER_FIXED,
      .max_telegram = 255,
      .nke_253 = METER_NKE_253_ALWAYS },
};

struct bus {
    struct meter meters[METERS];
    struct slave_meter members[METERS];
    struct ident idents[METERS];
    struct meter_cell cells[METERS][2 * RECORDS], snapshots[METERS + 1][RECORDS];
    struct slave slave;
};

static void begin(struct bus *b)
{
    const struct slave_timing timing = {
        .gap = GAP, .not_before = NOT_BEFORE, .not_after = NOT_AFTER, .character = 4584
    };

    memset(b, 0, sizeof(*b));
    for (size_t i = 0; i < METERS; i++) {
        meter_init(&b->meters[i], &defs[i], b->cells[i]);
        b->members[i].meter = &b->meters[i];
        b->members[i].path.readout.snapshot = b->snapshots[i];
    }
    slave_init(&b->slave,
               &(struct slave_roster){ b->members, b->idents, METERS, b->snapshots[METERS] },
               &timing);
}

/* Feeds all of it; whether the newest frame has an answer. */
static bool hear(struct bus *b, usec_t now, const uint8_t *bytes, size_t n, bool waiting)
{
    struct slave_event event;

    for (size_t at = 0; at < n;) {
        at += slave_input(&b->slave, now, bytes + at, n - at, &event);
        if (at > n)
            abort();
        if (event.frame == NULL || event.verdict == SLAVE_FOREIGN || event.verdict == SLAVE_ECHO ||
            event.verdict == SLAVE_COLLISION)
            continue;
        waiting = event.verdict == SLAVE_ANSWER || event.verdict == SLAVE_CLASH;
    }
    return waiting;
}

static void check_answer(struct bus *b, usec_t now, bool waiting)
{
    const struct slave_answer *out = slave_output(&b->slave);

    if ((out != NULL) != waiting)
        abort();
    if (out == NULL)
        return;
    if (out->n > FRAME_MAX || out->not_before != now + NOT_BEFORE ||
        out->not_after != now + NOT_AFTER)
        abort();
    slave_settle(&b->slave, now + NOT_BEFORE, (enum slave_fate)(now % SLAVE_REPLACED));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t reset[] = { 0x10, 0x40, 0x03, 0x43, 0x16 };
    static struct bus bus;
    usec_t now = USEC_PER_SEC;
    size_t at = 0;

    begin(&bus);
    while (at + 2 <= size) {
        size_t n = data[at + 1];

        now += data[at] * USEC_PER_MSEC;
        at += 2;
        if (n > size - at)
            n = size - at;
        check_answer(&bus, now, hear(&bus, now, data + at, n, false));
        at += n;
    }
    now += GAP;
    if (!hear(&bus, now, reset, sizeof(reset), false) || slave_output(&bus.slave) == NULL)
        abort();
    return 0;
}
