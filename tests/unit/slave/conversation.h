/* A slave, a clock, and steps of bytes in and bytes out. */
#ifndef TESTS_UNIT_SLAVE_CONVERSATION_H
#define TESTS_UNIT_SLAVE_CONVERSATION_H

#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "mbus/frame.h"
#include "meter/draft.h"
#include "slave/slave.h"

/* 2400 baud, as the daemon sets a serial port. */
#define T_BIT11 ((usec_t)4584)
#define T_LATEST ((usec_t)187500)
#define T_GAP (20 * USEC_PER_MSEC)
#define T_REPEAT (10 * USEC_PER_SEC)
#define T_SESSION (120 * USEC_PER_SEC)
#define SECOND USEC_PER_SEC

#define STOCK_0                                                                                    \
    "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 01 57 16"
#define STOCK_1                                                                                    \
    "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 01 00 00 00 02 FD 49 D2 04 02 16 C8 01 58 16"
#define STOCK_2                                                                                    \
    "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 02 00 00 00 02 FD 49 D2 04 02 16 C8 01 59 16"

#define METERS_MAX 4
#define CELLS_MAX 64

struct conversation {
    struct meter_def defs[METERS_MAX];
    struct meter meters[METERS_MAX];
    struct slave_meter members[METERS_MAX];
    struct ident idents[METERS_MAX];
    struct meter_cell cells[METERS_MAX][2 * CELLS_MAX], snapshots[METERS_MAX + 1][CELLS_MAX];
    struct slave slave;

    bool store_fails;
    unsigned n_stores;
    int64_t local;            /* the system's clock, as SLAVE_STORE is done */
    unsigned n_rates, n_kept; /* how often the rate was changed, and found good */
};

static struct meter_record conversation_records[] = {
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0xFD, 0x49 }, .n = 2 },
                .value = { .integer = 1234 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0x16 }, .n = 1 },
                .value = { .integer = 456 } } },
};

static const struct meter_def conversation_def = {
    .address = 3,
    .ident = { 0x12345678, 0x5274, 1, 0 },
    .repeat_time = T_REPEAT,
    .session_time = T_SESSION,
    .max_telegram = 255,
    .records = conversation_records,
    .n_records = ARRAY_SIZE(conversation_records),
};

/* A bus with these meters; they are copied. */
static inline void conversation_with(struct conversation *c, const struct meter_def *defs, size_t n)
{
    const struct slave_timing timing = {
        .gap = T_GAP,
        .not_before = T_BIT11,
        .not_after = T_LATEST,
        .turn = T_BIT11,
        .character = T_BIT11,
    };
    struct slave_roster roster = { c->members, c->idents, n, c->snapshots[METERS_MAX] };

    *c = (struct conversation){ 0 };
    for (size_t i = 0; i < n; i++) {
        c->defs[i] = defs[i];
        meter_init(&c->meters[i], &c->defs[i], c->cells[i]);
        c->members[i].meter = &c->meters[i];
        c->members[i].path.readout.snapshot = c->snapshots[i];
    }
    slave_init(&c->slave, &roster, &timing);
}

static inline void conversation_begin(struct conversation *c)
{
    conversation_with(c, &conversation_def, 1);
}

/* A bus of its own with the meters of another. */
static inline void conversation_share(struct conversation *c, struct conversation *of)
{
    struct slave_roster roster = { c->members, c->idents, of->slave.roster.n,
                                   c->snapshots[METERS_MAX] };

    *c = (struct conversation){ 0 };
    for (size_t i = 0; i < roster.n; i++) {
        c->members[i].meter = &of->meters[i];
        c->members[i].path.readout.snapshot = c->snapshots[i];
    }
    slave_init(&c->slave, &roster, &of->slave.timing);
}

/* Does what the slave wants done, as the daemon would. */
static inline void do_effects(struct conversation *c, usec_t now)
{
    struct slave_effect effect;

    while (slave_effect(&c->slave, now, &effect)) {
        bool ok = effect.task != SLAVE_STORE || !c->store_fails;

        c->n_stores += effect.task == SLAVE_STORE;
        c->n_rates += effect.task == SLAVE_CHANGE_RATE;
        c->n_kept += effect.task == SLAVE_RATE_IS_GOOD;
        for (size_t i = 0; i < METERS_MAX; i++) {
            if (c->meters[i].drafting)
                meter_draft_set_clock(&c->meters[i], c->local);
        }
        slave_effect_done(&c->slave, now, &effect, ok);
    }
}

/* A frame as text: a control or long frame of these bytes from the CI field on, and a short one. */
struct frame_text {
    char text[3 * FRAME_MAX + 1];
};

static inline struct frame_text text_of(const uint8_t *bytes, size_t n)
{
    struct frame_text ret = { "" };

    for (size_t i = 0; i < n; i++)
        snprintf(ret.text + 3 * i, 4, "%02X ", bytes[i]);
    return ret;
}

static inline struct frame_text long_frame(uint8_t c, uint8_t a, const char *from_ci)
{
    uint8_t data[FRAME_MAX], frame[FRAME_MAX];
    size_t n = test_hex(from_ci, data, sizeof(data));

    for (size_t i = 1; i < n; i++)
        frame[FRAME_DATA_OFFSET + i - 1] = data[i];
    return text_of(frame, frame_seal_long(frame, c, a, data[0], n - 1));
}
#define LONG(c, a, from_ci) (long_frame(c, a, from_ci).text)

static inline struct frame_text short_frame(uint8_t c, uint8_t a)
{
    uint8_t frame[FRAME_SHORT_SIZE];

    return text_of(frame, frame_build_short(frame, c, a));
}
#define SHORT(c, a) (short_frame(c, a).text)

/* Gives the bytes to the slave at `now`; what became of the last frame among them. */
static inline struct slave_event hear(struct conversation *c, usec_t now, const char *text)
{
    struct slave_event event, last = { .verdict = SLAVE_NOTHING };
    uint8_t bytes[512];
    size_t n = test_hex(text, bytes, sizeof(bytes)), at = 0;

    while (at < n) {
        at += slave_input(&c->slave, now, bytes + at, n - at, &event);
        do_effects(c, now);
        if (event.verdict != SLAVE_NOTHING)
            last = event;
    }
    return last;
}

/* Asks, expects this answer in its window, and sends it at once. */
static inline void expect_(struct conversation *c, usec_t now, const char *request,
                           const char *answer, enum slave_verdict verdict, const char *file,
                           int line)
{
    const struct slave_answer *out;

    _assert_int_equal(hear(c, now, request).verdict, verdict, file, line);
    out = slave_output(&c->slave);
    _assert_true(out != NULL, "an answer waits", file, line);
    assert_hex_(out->bytes, out->n, answer, file, line);
    _assert_int_equal(out->not_before, now + T_BIT11, file, line);
    _assert_int_equal(out->not_after, now + T_LATEST, file, line);
    slave_settle(&c->slave, out->not_before, SLAVE_SENT);
    do_effects(c, out->not_before);
}
#define EXPECT(c, now, request, answer)                                                            \
    expect_(c, now, request, answer, SLAVE_ANSWER, __FILE__, __LINE__)

/* Several meters answer: a master must take it for a collision. */
#define CLASH(c, now, request, burst)                                                              \
    expect_(c, now, request, burst, SLAVE_CLASH, __FILE__, __LINE__)

/* Expects silence, and why. */
static inline void silence_(struct conversation *c, usec_t now, const char *bytes,
                            enum slave_verdict verdict, const char *file, int line)
{
    _assert_int_equal(hear(c, now, bytes).verdict, verdict, file, line);
    _assert_true(slave_output(&c->slave) == NULL, "no answer waits", file, line);
}
#define SILENCE(c, now, bytes, verdict) silence_(c, now, bytes, verdict, __FILE__, __LINE__)

#endif
