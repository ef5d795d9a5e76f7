/* Sequences of bytes and times into two slaves with the same meters, whose masters may change
 * everything. What has to hold, whatever comes, is in the functions named check_.
 *
 * Input: steps of (pause in ms, length, bytes). With the highest bit of the length the bytes are a
 * frame from its C field on, which gets the rest here: no fuzzer has to guess a checksum. A step of
 * length 0 has one more byte and says what becomes of the next: see struct plan. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "meter/draft.h"
#include "slave/slave.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GAP (20 * USEC_PER_MSEC)
#define NOT_BEFORE 4584
#define NOT_AFTER 187500
#define METERS 4
#define RECORDS 8
#define BUSES 2

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

static struct meter_record records[RECORDS] = {
    { .wire = { .dib = { .data_field = DATA_FIELD_BCD8 },
                .vib = { .bytes = { 0x78 }, .n = 1 },
                .value = { .integer = 11223344 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0xFD, 0x49 }, .n = 2 },
                .value = { .integer = 1234 } },
      .sets = 0x0003,
      .writable = true,
      .min = { .integer = -1000 },
      .max = { .integer = 2000 } },
    { .wire = { .dib = { .data_field = DATA_FIELD_REAL32 },
                .vib = { .bytes = { 0x2B }, .n = 1 },
                .value = { .real = 1.5F } },
      .writable = true,
      .min = { .real = -100 },
      .max = { .real = 100 } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0x5A }, .n = 1 },
                .value = { .integer = 512 } },
      .writable = true,
      .min = { .integer = -32767 },
      .max = { .integer = 32767 } },
    { .wire = { .dib = { .data_field = DATA_FIELD_BCD4, .storage = 1 },
                .vib = { .bytes = { 0x5A }, .n = 1 },
                .value = { .integer = 3 } },
      .writable = true,
      .min = { .integer = -999 },
      .max = { .integer = 600 } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT64, .tariff = 1 },
                .vib = { .bytes = { 0x06 }, .n = 1 },
                .value = { .integer = 9 } },
      .writable = true,
      .min = { .integer = -INT64_MAX },
      .max = { .integer = INT64_MAX } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT8 },
                .vib = { .bytes = { 0xFD, 0x1A }, .n = 2 },
                .value = { .integer = 0x0A } },
      .sets = 0x2002,
      .writable = true,
      .max = { .integer = 127 } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                .vib = { .bytes = { 0xFD, 0xC8, 0xFC, 0x01 }, .n = 4 },
                .value = { .integer = 2312 } } },
};

static const struct meter_def defs[METERS] = {
    { .address = 3,
      .ident = { 0x12345678, 0x5274, 1, 0 },
      .allow = 0xFF,
      .on_refused = METER_REFUSAL_ERROR,
      .repeat_time = 10 * USEC_PER_SEC,
      .session_time = 120 * USEC_PER_SEC,
      .max_telegram = 64,
      .records = records,
      .n_records = RECORDS },
    { .address = 0,
      .ident = { 0x1234567A, 0x5274, 1, 7 }, /* not decimal: as configured */
      .allow = 0xFF,
      .max_telegram = 255,
      .records = records,
      .n_records = 3 },
    { .address = 250,
      .ident = { 0x87654321, 0, 0, 4 },
      .structure = METER_FIXED,
      .allow = 0xFF,
      .repeat_time = USEC_PER_SEC,
      .max_telegram = 255,
      .nke_253 = METER_NKE_253_ALWAYS },
    { .address = 4, .ident = { 0x12345679, 0x5274, 1, 0 }, .max_telegram = 255 },
};

struct memory {
    struct slave_meter members[METERS];
    struct ident idents[METERS];
    struct meter_cell snapshots[METERS + 1][RECORDS];
};

/* What becomes of the next step; a byte of the input. */
struct plan {
    bool fails;           /* bit 0: what is to be stored cannot be, nor the rate be changed */
    enum slave_fate fate; /* bits 1 to 3: of its answer; beyond the last, it waits on */
    unsigned bus;         /* bit 4: who hears it */
};

struct world {
    struct meter meters[METERS];
    struct meter_cell cells[METERS][2 * RECORDS];
    struct memory *memory[BUSES]; /* from the heap: nobody may look at it when it was freed */
    struct slave slaves[BUSES];
    bool waiting[BUSES]; /* an answer does */
    struct plan plan;
};

/* ---- rosters --------------------------------------------------------------------------------- */

/* The meters of a bit set, but for addresses that are there already; the first at least. */
static struct slave_roster make_roster(struct world *w, struct memory *memory, unsigned which)
{
    struct slave_roster roster = { memory->members, memory->idents, 0, memory->snapshots[METERS] };
    bool taken[ADDRESS_PRIMARY_MAX + 1] = { false };

    for (size_t i = 0; i < METERS; i++) {
        uint8_t address = w->meters[i].now.address;

        if ((which >> i & 1) == 0 && (i < METERS - 1 || roster.n > 0))
            continue;
        if (address != 0 && taken[address])
            continue;
        taken[address] = true;
        memory->members[roster.n].meter = &w->meters[i];
        memory->members[roster.n].path.readout.snapshot = memory->snapshots[roster.n];
        roster.n++;
    }
    return roster;
}

static void change_rosters(struct world *w, unsigned which)
{
    for (size_t i = 0; i < BUSES; i++) {
        struct memory *old = w->memory[i];
        struct slave_roster roster;

        w->memory[i] = calloc(1, sizeof(**w->memory));
        roster = make_roster(w, w->memory[i], which);
        slave_change_roster(&w->slaves[i], &roster);
        free(old);
        /* An answer goes with its meter. */
        w->waiting[i] = w->waiting[i] && slave_output(&w->slaves[i]) != NULL;
    }
}

static void begin(struct world *w)
{
    const struct slave_timing timing = {
        .gap = GAP, .not_before = NOT_BEFORE, .not_after = NOT_AFTER, .character = 4584
    };

    memset(w, 0, sizeof(*w));
    for (size_t i = 0; i < METERS; i++)
        meter_init(&w->meters[i], &defs[i], defs[i].n_records > 0 ? w->cells[i] : NULL);
    for (size_t i = 0; i < BUSES; i++) {
        struct slave_roster roster;

        w->memory[i] = calloc(1, sizeof(**w->memory));
        roster = make_roster(w, w->memory[i], 0x7);
        slave_init(&w->slaves[i], &roster, &timing);
        rate_init(&w->slaves[i].rate, 2400, true, i == 1, USEC_PER_SEC, 0);
    }
}

static void end(struct world *w)
{
    for (size_t i = 0; i < BUSES; i++)
        free(w->memory[i]);
}

/* ---- what always holds ----------------------------------------------------------------------- */

static bool is_decimal(uint32_t id)
{
    for (; id != 0; id >>= 4) {
        if ((id & 0xF) > 9)
            return false;
    }
    return true;
}

static void check_value(const struct meter_record *record, const struct value *value)
{
    int64_t min, max;

    if (record->wire.dib.data_field == DATA_FIELD_REAL32) {
        REQUIRE(value->real >= record->min.real && value->real <= record->max.real);
        return;
    }
    REQUIRE(value_range(record->wire.dib.data_field, record->wire.coding, &min, &max));
    REQUIRE(value->integer >= min && value->integer <= max);
    if (record->writable)
        REQUIRE(value->integer >= record->min.integer && value->integer <= record->max.integer);
}

static void check_meters(const struct world *w)
{
    for (size_t i = 0; i < METERS; i++) {
        const struct meter *m = &w->meters[i];

        REQUIRE(!m->drafting);
        REQUIRE(m->now.address <= ADDRESS_PRIMARY_MAX);
        REQUIRE(is_decimal(m->now.ident.id) || m->now.ident.id == m->def->ident.id);
        REQUIRE(m->now.ident.medium != MEDIUM_WILDCARD);
        REQUIRE(m->n_delayed <= METER_DELAYED_MAX);
        for (size_t j = 0; j < m->def->n_records; j++)
            check_value(&m->def->records[j], &m->now.cells[j].value);
    }
}

/* An address other than 0 is that of one meter of a bus. */
static void check_addresses(const struct slave *s)
{
    bool taken[ADDRESS_PRIMARY_MAX + 1] = { false };

    for (size_t i = 0; i < s->roster.n; i++) {
        uint8_t address = s->roster.meters[i].meter->now.address;

        REQUIRE(address == 0 || !taken[address]);
        taken[address] = true;
        REQUIRE(s->by_address[address] > 0);
    }
}

/* Everything that a store which fails must leave as it was. */
struct lasting {
    struct meter_content now[METERS];
    struct meter_cell cells[METERS][RECORDS];
    uint32_t generations[METERS];
    uint8_t n_delayed[METERS];
    struct readout readouts[METERS];
    uint8_t addresses[METERS]; /* of the roster */
};

static void remember(const struct world *w, const struct slave *s, struct lasting *ret)
{
    for (size_t i = 0; i < METERS; i++) {
        ret->now[i] = w->meters[i].now;
        memcpy(ret->cells[i], w->cells[i], sizeof(ret->cells[i]));
        ret->generations[i] = w->meters[i].generation;
        ret->n_delayed[i] = w->meters[i].n_delayed;
    }
    for (size_t i = 0; i < s->roster.n; i++) {
        ret->readouts[i] = s->roster.meters[i].readout;
        ret->addresses[i] = s->roster.meters[i].meter->now.address;
    }
}

static void check_nothing_changed(const struct world *w, const struct slave *s,
                                  const struct lasting *before)
{
    for (size_t i = 0; i < METERS; i++) {
        REQUIRE(w->meters[i].now.address == before->now[i].address);
        REQUIRE(memcmp(&w->meters[i].now.ident, &before->now[i].ident, sizeof(struct ident)) == 0);
        REQUIRE(w->meters[i].now.clock_offset == before->now[i].clock_offset);
        REQUIRE(w->meters[i].generation == before->generations[i]);
        REQUIRE(w->meters[i].n_delayed == before->n_delayed[i]);
        for (size_t j = 0; j < w->meters[i].def->n_records; j++) {
            const struct meter_cell *now = &w->cells[i][j], *was = &before->cells[i][j];

            REQUIRE(now->value.integer == was->value.integer && now->unlisted == was->unlisted);
            REQUIRE(now->value.real >= was->value.real && now->value.real <= was->value.real);
        }
    }
    for (size_t i = 0; i < s->roster.n; i++) {
        const struct readout *now = &s->roster.meters[i].readout, *was = &before->readouts[i];

        REQUIRE(now->application == was->application && now->everything == was->everything);
        REQUIRE(now->n_list == was->n_list && memcmp(now->list, was->list, now->n_list) == 0);
    }
}

/* Only a good frame from a master that means one of us has an answer. */
static void check_request(const struct slave *s, const struct lasting *before,
                          const struct slave_event *event)
{
    struct frame frame;
    bool is_ours;

    REQUIRE(event->frame != NULL);
    REQUIRE(frame_parse(event->frame, event->n, &frame) == FRAME_GOOD);
    REQUIRE(frame.kind != FRAME_KIND_ACK && (frame.c & C_PRM) && !(frame.c & 0x80));
    is_ours = frame.a == ADDRESS_SELECTED || frame.a == ADDRESS_TEST;
    for (size_t i = 0; i < s->roster.n; i++)
        is_ours = is_ours || before->addresses[i] == frame.a;
    REQUIRE(is_ours);
}

/* An E5, a burst, or a good frame from one of us. */
static void check_answer(const struct slave *s, usec_t now)
{
    const struct slave_answer *out = slave_output(s);
    struct frame frame;
    bool is_ours = false;

    REQUIRE(out != NULL && out->n >= 1 && out->n <= FRAME_MAX);
    REQUIRE(out->not_before == now + NOT_BEFORE && out->not_after == now + NOT_AFTER);
    if (out->bytes[0] == 0xFE || (out->n == 1 && out->bytes[0] == FRAME_ACK))
        return;
    REQUIRE(frame_parse(out->bytes, out->n, &frame) == FRAME_GOOD && !(frame.c & C_PRM));
    for (size_t i = 0; i < s->roster.n; i++)
        is_ours = is_ours || s->roster.meters[i].meter->now.address == frame.a;
    REQUIRE(is_ours);
}

/* ---- one step -------------------------------------------------------------------------------- */

/* Whether a store failed. */
static bool do_effects(struct world *w, struct slave *s, usec_t now, const struct lasting *before)
{
    struct slave_effect effect;
    bool failed = false;

    while (slave_effect(s, now, &effect)) {
        for (size_t i = 0; i < METERS; i++) {
            if (w->meters[i].drafting)
                meter_draft_set_clock(&w->meters[i], (int64_t)(now / USEC_PER_SEC));
        }
        slave_effect_done(s, now, &effect, !w->plan.fails);
        if (effect.task != SLAVE_STORE)
            continue;
        failed = w->plan.fails;
        if (failed)
            check_nothing_changed(w, s, before);
        for (size_t i = 0; i < BUSES; i++)
            slave_update_addresses(&w->slaves[i]);
    }
    return failed;
}

static void hear(struct world *w, usec_t now, const uint8_t *bytes, size_t n)
{
    struct slave *s = &w->slaves[w->plan.bus];
    bool *waiting = &w->waiting[w->plan.bus];

    for (size_t at = 0; at < n;) {
        struct slave_event event;
        struct lasting before;
        bool is_answer, failed;

        remember(w, s, &before);
        at += slave_input(s, now, bytes + at, n - at, &event);
        REQUIRE(at <= n);
        failed = do_effects(w, s, now, &before);
        check_meters(w);
        check_addresses(s);
        if (event.frame == NULL || event.verdict == SLAVE_FOREIGN || event.verdict == SLAVE_ECHO ||
            event.verdict == SLAVE_COLLISION)
            continue;
        is_answer = event.verdict == SLAVE_ANSWER || event.verdict == SLAVE_CLASH;
        *waiting = is_answer && !failed;
        if (is_answer)
            check_request(s, &before, &event);
        if (*waiting)
            check_answer(s, now);
    }
    REQUIRE((slave_output(s) != NULL) == *waiting);
}

static void settle(struct world *w, usec_t now)
{
    struct slave *s = &w->slaves[w->plan.bus];
    struct lasting before;

    if (!w->waiting[w->plan.bus] || w->plan.fate >= SLAVE_FATES)
        return;
    remember(w, s, &before);
    slave_settle(s, now + NOT_BEFORE, w->plan.fate);
    w->waiting[w->plan.bus] = false;
    do_effects(w, s, now + NOT_BEFORE, &before);
}

#define SEALED 0x80U

/* C and A make a short frame, more a long one. */
static void hear_sealed(struct world *w, usec_t now, const uint8_t *bytes, size_t n)
{
    uint8_t frame[FRAME_MAX];

    if (n == 2) {
        hear(w, now, frame, frame_build_short(frame, bytes[0], bytes[1]));
    } else if (n >= FRAME_L_MIN) {
        memcpy(frame + FRAME_DATA_OFFSET, bytes + FRAME_L_MIN, n - FRAME_L_MIN);
        hear(w, now, frame, frame_seal_long(frame, bytes[0], bytes[1], bytes[2], n - FRAME_L_MIN));
    }
}

/* A step of length 0: what happens beside the bus, and what becomes of the next step. */
static void plan(struct world *w, uint8_t what, uint8_t rest)
{
    w->plan = (struct plan){ .fails = what & 1,
                             .fate = (enum slave_fate)(what >> 1 & 7),
                             .bus = what >> 4 & 1 };
    if (what & 0x20)
        change_rosters(w, rest);
    if (what & 0x40)
        meter_raise_alarm(&w->meters[rest % METERS], rest);
    if (what & 0x80)
        w->meters[rest % METERS].busy = !w->meters[rest % METERS].busy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t reset[] = { 0x10, 0x40, 0xFE, 0x3E, 0x16 };
    static struct world world;
    usec_t now = USEC_PER_SEC;
    size_t at = 0;

    begin(&world);
    while (at + 2 <= size) {
        size_t n = data[at + 1] & ~SEALED;
        bool is_sealed = data[at + 1] & SEALED;

        at += 2;
        if (n == 0 && !is_sealed) {
            plan(&world, data[at - 2], at < size ? data[at] : 0);
            at++;
            continue;
        }
        now += data[at - 2] * USEC_PER_MSEC;
        if (n > size - at)
            n = size - at;
        if (is_sealed)
            hear_sealed(&world, now, data + at, n);
        else
            hear(&world, now, data + at, n);
        settle(&world, now);
        at += n;
    }
    /* After idle a good request is answered. */
    for (world.plan = (struct plan){ 0 }; world.plan.bus < BUSES; world.plan.bus++) {
        hear(&world, now + GAP, reset, sizeof(reset));
        REQUIRE(world.waiting[world.plan.bus]);
    }
    end(&world);
    return 0;
}
