#include "tests/unit/slave/rich.h"

#include <stdlib.h>

/* A reload gives a bus other meters, or the same in other memory (slave_change_roster). */

#define SELECT_5 LONG(0x53, 0xFD, "52 78 56 34 12 74 52 01 00")
#define SELECT_6 LONG(0x53, 0xFD, "52 79 56 34 12 74 52 01 00")

/* Memory of a roster, from the heap: what is read after it was freed is seen by a sanitizer. */
struct memory {
    struct slave_meter members[METERS_MAX];
    struct ident idents[METERS_MAX];
    struct meter_cell snapshots[METERS_MAX + 1][CELLS_MAX];
};

struct fixture {
    struct conversation c;
    struct memory *memory;
};

/* A roster of these meters of the conversation, by their places. */
static struct slave_roster roster_of(struct fixture *f, struct memory *memory, const char *which)
{
    struct slave_roster roster = { memory->members, memory->idents, 0,
                                   memory->snapshots[METERS_MAX] };

    for (; *which != '\0'; which++, roster.n++) {
        memory->members[roster.n].meter = &f->c.meters[*which - '0'];
        memory->members[roster.n].path.readout.snapshot = memory->snapshots[roster.n];
    }
    return roster;
}

/* Meters 0 to 3 at 5 to 8, ids 12345678 and up; two telegrams each. */
static void begin(struct fixture *f, const char *which)
{
    struct meter_def defs[METERS_MAX];
    struct slave_timing timing;
    struct slave_roster roster;

    for (size_t i = 0; i < METERS_MAX; i++) {
        defs[i] = rich_def;
        defs[i].address = (uint8_t)(5 + i);
        defs[i].ident.id = (uint32_t)(0x12345678 + i);
        defs[i].max_telegram = 45;
    }
    conversation_with(&f->c, defs, METERS_MAX);
    timing = f->c.slave.timing;
    f->memory = calloc(1, sizeof(*f->memory));
    roster = roster_of(f, f->memory, which);
    slave_init(&f->c.slave, &roster, &timing);
}

static void change(struct fixture *f, const char *which)
{
    struct memory *old = f->memory;
    struct slave_roster roster;

    f->memory = calloc(1, sizeof(*f->memory));
    roster = roster_of(f, f->memory, which);
    slave_change_roster(&f->c.slave, &roster);
    free(old);
}

static void end(struct fixture *f)
{
    free(f->memory);
}

/* A request that is answered by a telegram with this access number. */
static void expect_access_(struct conversation *c, usec_t now, const char *request, uint8_t access,
                           const char *file, int line)
{
    _assert_int_equal(hear(c, now, request).verdict, SLAVE_ANSWER, file, line);
    _assert_int_equal(slave_output(&c->slave)->bytes[15], access, file, line);
    slave_settle(&c->slave, now, SLAVE_SENT);
}
#define ACCESS(c, now, request, access) expect_access_(c, now, request, access, __FILE__, __LINE__)

/* mbus-protocol 5.3, 5.4: a repeat is still the repeat, on both paths, at any place of the new
 * roster; and a sequence goes on with the values of its snapshot (mbus-protocol 12). */
static void what_is_remembered_moves_along(void **state)
{
    static const char *const rosters[] = { "0123", "3210", "0", "10", "30" };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rosters); i++) {
        struct fixture f;

        begin(&f, "0123");
        EXPECT(&f.c, 1 * SECOND, SELECT_5, "E5");
        ACCESS(&f.c, 2 * SECOND, SHORT(0x7B, 5), 0);
        ACCESS(&f.c, 3 * SECOND, SHORT(0x7B, 0xFD), 1);
        EXPECT(&f.c, 4 * SECOND, LONG(0x73, 5, "51 02 96 01 01 00"), "E5");
        ACCESS(&f.c, 5 * SECOND, SHORT(0x7B, 5), 2);
        ACCESS(&f.c, 5 * SECOND, SHORT(0x7B, 0xFD), 3);
        change(&f, rosters[i]);
        ACCESS(&f.c, 6 * SECOND, SHORT(0x7B, 5), 2);
        ACCESS(&f.c, 6 * SECOND, SHORT(0x7B, 0xFD), 3); /* still selected */
        EXPECT(&f.c, 7 * SECOND, LONG(0x73, 5, "51 02 96 01 01 00"), "E5");
        assert_int_equal(f.c.meters[0].now.cells[VOLUME].value.integer, 457); /* no second time */
        ACCESS(&f.c, 8 * SECOND, SHORT(0x5B, 5), 4);
        ACCESS(&f.c, 8 * SECOND, SHORT(0x5B, 0xFD), 5);
        end(&f);
    }
}

/* A selection leaves nothing of the sequence of the meter that was selected before: its snapshot
 * has another size. */
static void a_selection_ends_a_sequence(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "0123");
    EXPECT(&f.c, 1 * SECOND, SELECT_5, "E5");
    ACCESS(&f.c, 2 * SECOND, SHORT(0x7B, 0xFD), 0);
    assert_true(f.c.slave.selected_path.readout.n_snapshot > 0);
    EXPECT(&f.c, 3 * SECOND, SELECT_5, "E5");
    assert_int_equal(f.c.slave.selected_path.readout.n_snapshot, 0);
    f.c.meters[0].generation++; /* as of another meter that was redefined as often */
    change(&f, "0123");
    assert_int_equal(f.c.slave.selected_path.readout.n_snapshot, 0);
    end(&f);
}

static void a_snapshot_moves_along(void **state)
{
    static const uint8_t ways[] = { 5, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        struct fixture f;
        const struct slave_answer *out;

        begin(&f, "0123");
        EXPECT(&f.c, 1 * SECOND, SELECT_5, "E5");
        ACCESS(&f.c, 2 * SECOND, SHORT(0x7B, ways[i]), 0);
        f.c.meters[0].now.cells[PHASE].value.integer = 1; /* in the last telegram */
        change(&f, "3210");
        ACCESS(&f.c, 3 * SECOND, SHORT(0x5B, ways[i]), 1);
        out = &f.c.slave.sent;
        assert_hex(out->bytes + out->n - 4, 2, "08 09");
        end(&f);
    }
}

/* What a master has chosen, an error and alarms that wait (mbus-protocol 9, 13.5, 14). */
static void the_rest_moves_along(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "0123");
    f.c.defs[0].on_refused = METER_REFUSAL_ERROR;
    EXPECT(&f.c, 1 * SECOND, LONG(0x53, 5, "51 08 16"), "E5");
    EXPECT(&f.c, 2 * SECOND, LONG(0x53, 6, "50 10"), "E5");
    EXPECT(&f.c, 3 * SECOND, LONG(0x53, 5, "51 02 16 FF FF"), "E5");
    meter_raise_alarm(&f.c.meters[0], 5);
    EXPECT(&f.c, 4 * SECOND, SHORT(0x7A, 5), "68 04 04 68 08 05 71 05 83 16");
    change(&f, "1302");
    assert_int_equal(f.memory->members[2].readout.n_list, 2);
    assert_int_equal(f.memory->members[0].readout.application, 0x10);
    EXPECT(&f.c, 5 * SECOND, SHORT(0x7A, 5), "68 04 04 68 08 05 71 05 83 16");
    EXPECT(&f.c, 6 * SECOND, SHORT(0x5A, 5), "E5");
    EXPECT(&f.c, 7 * SECOND, SHORT(0x7B, 5), "68 04 04 68 08 05 70 12 8F 16");
    end(&f);
}

/* An answer that waits leaves as it was; so does each kind of short one. */
static void a_waiting_answer_moves_along(void **state)
{
    static const struct {
        uint8_t c, a;
        const char *bytes; /* NULL: a telegram */
    } requests[] = {
        { 0x7B, 5, NULL },
        { 0x7B, 0xFD, NULL },
        { 0x40, 5, "E5" },
        { 0x49, 5, "10 2B 05 30 16" },
        { 0x7A, 5, "68 04 04 68 08 05 71 05 83 16" },
        { 0x7A, 0xFD, "68 04 04 68 08 05 71 05 83 16" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
        struct fixture f;
        uint8_t before[FRAME_MAX];
        size_t n;

        begin(&f, "0123");
        meter_raise_alarm(&f.c.meters[0], 5);
        EXPECT(&f.c, 1 * SECOND, SELECT_5, "E5");
        hear(&f.c, 2 * SECOND, SHORT(requests[i].c, requests[i].a));
        n = slave_output(&f.c.slave)->n;
        memcpy(before, slave_output(&f.c.slave)->bytes, n);
        change(&f, "10");
        assert_int_equal(slave_output(&f.c.slave)->n, n);
        assert_memory_equal(slave_output(&f.c.slave)->bytes, before, n);
        if (requests[i].bytes != NULL)
            assert_hex(before, n, requests[i].bytes);
        /* And its echo is known again (mbus-protocol 2.4). */
        slave_settle(&f.c.slave, 2 * SECOND + T_BIT11, SLAVE_SENT);
        change(&f, "0123");
        SILENCE(&f.c, 2 * SECOND + 2 * T_BIT11, text_of(before, n).text, SLAVE_ECHO);
        end(&f);
    }
}

/* A meter that goes takes its answer along, and answers no more; the others do. */
static void meters_that_go(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "0123");
    EXPECT(&f.c, 1 * SECOND, SELECT_5, "E5");
    ACCESS(&f.c, 2 * SECOND, SHORT(0x7B, 6), 0);
    hear(&f.c, 3 * SECOND, SHORT(0x7B, 5));
    change(&f, "12");
    assert_null(slave_output(&f.c.slave));
    SILENCE(&f.c, 4 * SECOND, SHORT(0x40, 5), SLAVE_OTHER_ADDRESS);
    SILENCE(&f.c, 5 * SECOND, SHORT(0x7B, 0xFD), SLAVE_OTHER_ADDRESS);
    SILENCE(&f.c, 6 * SECOND, SELECT_5, SLAVE_SILENT);
    ACCESS(&f.c, 7 * SECOND, SHORT(0x7B, 6), 0);
    EXPECT(&f.c, 8 * SECOND, SELECT_6, "E5");
    /* Back again it is a new one: virgin, and not selected. */
    change(&f, "012");
    assert_true(f.memory->members[0].path.readout.fcb.virgin);
    EXPECT(&f.c, 9 * SECOND, SHORT(0x40, 5), "E5");
    EXPECT(&f.c, 10 * SECOND, SHORT(0x40, 0xFD), "E5"); /* meter 1 alone */
    end(&f);
}

/* The echo of an answer whose meter went is nobody's, and nobody looks for it in freed memory. */
static void the_echo_of_one_that_went(void **state)
{
    struct fixture f;
    uint8_t sent[FRAME_MAX];
    size_t n;

    (void)state;
    begin(&f, "01");
    hear(&f.c, 1 * SECOND, SHORT(0x7B, 5));
    n = slave_output(&f.c.slave)->n;
    memcpy(sent, slave_output(&f.c.slave)->bytes, n);
    slave_settle(&f.c.slave, 1 * SECOND + T_BIT11, SLAVE_SENT);
    change(&f, "1");
    SILENCE(&f.c, 1 * SECOND + 2 * T_BIT11, text_of(sent, n).text, SLAVE_FOREIGN);
    end(&f);
}

/* Of two that were selected one goes: the other is it alone (mbus-protocol 7.6). */
static void one_of_two_selected_goes(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "01");
    CLASH(&f.c, 1 * SECOND, LONG(0x53, 0xFD, "52 FF FF FF FF FF FF FF FF"), "FE FC");
    change(&f, "1");
    assert_int_equal(hear(&f.c, 2 * SECOND, SHORT(0x7B, 0xFD)).verdict, SLAVE_ANSWER);
    assert_int_equal(slave_output(&f.c.slave)->bytes[5], 6);
    end(&f);
}

/* New meters, and other addresses, hold at once. */
static void meters_that_come(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, "0");
    EXPECT(&f.c, 1 * SECOND, SHORT(0x40, 0xFE), "E5");
    f.c.meters[0].now.address = 20;
    change(&f, "03");
    EXPECT(&f.c, 2 * SECOND, SHORT(0x40, 20), "E5");
    EXPECT(&f.c, 3 * SECOND, SHORT(0x40, 8), "E5");
    SILENCE(&f.c, 4 * SECOND, SHORT(0x40, 5), SLAVE_OTHER_ADDRESS);
    CLASH(&f.c, 5 * SECOND, SHORT(0x40, 0xFE), "FE FC");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_remembered_moves_along),
        cmocka_unit_test(a_selection_ends_a_sequence),
        cmocka_unit_test(a_snapshot_moves_along),
        cmocka_unit_test(the_rest_moves_along),
        cmocka_unit_test(a_waiting_answer_moves_along),
        cmocka_unit_test(meters_that_go),
        cmocka_unit_test(the_echo_of_one_that_went),
        cmocka_unit_test(one_of_two_selected_goes),
        cmocka_unit_test(meters_that_come),
    };

    return cmocka_run_group_tests_name("roster", tests, NULL, NULL);
}
