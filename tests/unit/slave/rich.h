/* A meter that may be changed in every way, as the slave's tests of writes want it: at address 5
 * (mbus-protocol 16). */
#ifndef TESTS_UNIT_SLAVE_RICH_H
#define TESTS_UNIT_SLAVE_RICH_H

#include "tests/unit/slave/conversation.h"

#define ALLOW_ALL 0xFF

enum rich_cell { VOLTAGE, ENERGY, FLOW, FLOW_STORED, REAL, BITS, VOLUME, PHASE, RICH_CELLS };

static struct meter_record rich_records[RICH_CELLS] = {
    [VOLTAGE] = { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                            .vib = { .bytes = { 0xFD, 0x49 }, .n = 2 },
                            .value = { .integer = 1234 } },
                  .writable = true,
                  .min = { .integer = 0 },
                  .max = { .integer = 2000 } },
    [ENERGY] = { .wire = { .dib = { .data_field = DATA_FIELD_BCD8 },
                           .vib = { .bytes = { 0x06 }, .n = 1 },
                           .value = { .integer = 97 } },
                 .writable = true,
                 .min = { .integer = -9999999 },
                 .max = { .integer = 99999999 } },
    [FLOW] = { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                         .vib = { .bytes = { 0x5A }, .n = 1 },
                         .value = { .integer = 512 } } },
    [FLOW_STORED] = { .wire = { .dib = { .data_field = DATA_FIELD_INT32, .storage = 1 },
                                .vib = { .bytes = { 0x5A }, .n = 1 },
                                .value = { .integer = 300 } } },
    [REAL] = { .wire = { .dib = { .data_field = DATA_FIELD_REAL32 },
                         .vib = { .bytes = { 0x2B }, .n = 1 },
                         .value = { .real = 1.5F } },
               .writable = true,
               .min = { .real = -10 },
               .max = { .real = 10 } },
    [BITS] = { .wire = { .dib = { .data_field = DATA_FIELD_INT8 },
                         .vib = { .bytes = { 0xFD, 0x1A }, .n = 2 },
                         .value = { .integer = 0x0A } },
               .writable = true,
               .min = { .integer = 0 },
               .max = { .integer = 127 } },
    [VOLUME] = { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                           .vib = { .bytes = { 0x16 }, .n = 1 },
                           .value = { .integer = 456 } },
                 .writable = true,
                 .min = { .integer = 0 },
                 .max = { .integer = 32767 } },
    [PHASE] = { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                          .vib = { .bytes = { 0xFD, 0xC8, 0xFC, 0x01 }, .n = 4 },
                          .value = { .integer = 2312 } },
                .writable = true,
                .min = { .integer = 0 },
                .max = { .integer = 4000 } },
};

static const struct meter_def rich_def = {
    .address = 5,
    .ident = { 0x12345678, 0x5274, 1, 0 },
    .allow = ALLOW_ALL,
    .repeat_time = T_REPEAT,
    .session_time = T_SESSION,
    .max_telegram = 255,
    .records = rich_records,
    .n_records = RICH_CELLS,
};

static inline void rich_begin(struct conversation *c)
{
    conversation_with(c, &rich_def, 1);
}

static inline int64_t rich_value(const struct conversation *c, enum rich_cell cell)
{
    return c->meters[0].now.cells[cell].value.integer;
}

/* A SND_UD of these bytes from the CI field on, which changes nothing and is not answered. */
static inline void refused_(struct conversation *c, usec_t now, uint8_t a, const char *from_ci,
                            const char *file, int line)
{
    struct meter_content before = c->meters[0].now;
    struct meter_cell cells[CELLS_MAX];
    unsigned n_stores = c->n_stores;
    size_t n = c->meters[0].def->n_records;

    for (size_t i = 0; i < n; i++)
        cells[i] = before.cells[i];
    silence_(c, now, LONG(0x73, a, from_ci), SLAVE_REFUSED, file, line);
    _assert_int_equal(c->n_stores, n_stores, file, line);
    _assert_true(!c->meters[0].drafting, "no draft", file, line);
    _assert_int_equal(c->meters[0].now.address, before.address, file, line);
    _assert_true(c->meters[0].now.clock_offset == before.clock_offset, "the clock", file, line);
    _assert_memory_equal(&c->meters[0].now.ident, &before.ident, sizeof(before.ident), file, line);
    for (size_t i = 0; i < n; i++) {
        const struct meter_cell *own = &c->meters[0].now.cells[i];

        _assert_true(own->value.integer == cells[i].value.integer, "a value", file, line);
        _assert_memory_equal(&own->value.real, &cells[i].value.real, sizeof(float), file, line);
        _assert_int_equal(own->unlisted, cells[i].unlisted, file, line);
    }
}
#define REFUSED(c, now, a, from_ci) refused_(c, now, a, from_ci, __FILE__, __LINE__)

/* One that is carried out, kept and acknowledged. */
#define DONE(c, now, a, from_ci) EXPECT(c, now, LONG(0x73, a, from_ci), "E5")

#endif
