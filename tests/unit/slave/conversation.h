/* A slave, a clock, and steps of bytes in and bytes out. */
#ifndef TESTS_UNIT_SLAVE_CONVERSATION_H
#define TESTS_UNIT_SLAVE_CONVERSATION_H

#include "tests/unit/test.h"

#include "slave/slave.h"

/* 2400 baud, as the daemon sets a serial port. */
#define T_BIT11 ((usec_t)4584)
#define T_LATEST ((usec_t)187500)
#define T_GAP (20 * USEC_PER_MSEC)
#define T_REPEAT (10 * USEC_PER_SEC)

#define STOCK_0                                                                                    \
    "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 01 57 16"
#define STOCK_1                                                                                    \
    "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 01 00 00 00 02 FD 49 D2 04 02 16 C8 01 58 16"
#define STOCK_2                                                                                    \
    "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00 02 00 00 00 02 FD 49 D2 04 02 16 C8 01 59 16"

struct conversation {
    struct meter_def def;
    struct meter meter;
    struct slave slave;
};

static struct record conversation_records[] = {
    { { .data_field = DATA_FIELD_INT16 }, { { 0xFD, 0x49 }, 2 }, { .integer = 1234 } },
    { { .data_field = DATA_FIELD_INT16 }, { { 0x16 }, 1 }, { .integer = 456 } },
};

static inline void conversation_begin(struct conversation *c)
{
    const struct slave_timing timing = {
        .gap = T_GAP, .not_before = T_BIT11, .not_after = T_LATEST, .character = T_BIT11
    };

    *c = (struct conversation){
        .def = { .address = 3,
                 .ident = { 0x12345678, 0x5274, 1, 0 },
                 .repeat_time = T_REPEAT,
                 .records = conversation_records,
                 .n_records = 2 },
    };
    c->meter.def = &c->def;
    slave_init(&c->slave, &c->meter, &timing);
}

/* Gives the bytes to the slave at `now`; the last verdict. */
static inline struct slave_event hear(struct conversation *c, usec_t now, const char *text)
{
    struct slave_event event = { .verdict = SLAVE_NOTHING };
    uint8_t bytes[512];
    size_t n = test_hex(text, bytes, sizeof(bytes)), at = 0;

    while (at < n)
        at += slave_input(&c->slave, now, bytes + at, n - at, &event);
    return event;
}

/* Asks, expects this answer in its window, and sends it at once. */
static inline void expect_(struct conversation *c, usec_t now, const char *request,
                           const char *answer, const char *file, int line)
{
    const struct slave_answer *out;

    _assert_int_equal(hear(c, now, request).verdict, SLAVE_ANSWER, file, line);
    out = slave_output(&c->slave);
    _assert_true(out != NULL, "an answer waits", file, line);
    assert_hex_(out->bytes, out->n, answer, file, line);
    _assert_int_equal(out->not_before, now + T_BIT11, file, line);
    _assert_int_equal(out->not_after, now + T_LATEST, file, line);
    slave_settle(&c->slave, out->not_before, SLAVE_SENT);
}
#define EXPECT(c, now, request, answer) expect_(c, now, request, answer, __FILE__, __LINE__)

/* Expects silence, and why. */
static inline void silence_(struct conversation *c, usec_t now, const char *bytes,
                            enum slave_verdict verdict, const char *file, int line)
{
    _assert_int_equal(hear(c, now, bytes).verdict, verdict, file, line);
    _assert_true(slave_output(&c->slave) == NULL, "no answer waits", file, line);
}
#define SILENCE(c, now, bytes, verdict) silence_(c, now, bytes, verdict, __FILE__, __LINE__)

#endif
