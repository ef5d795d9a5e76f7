#include "tests/unit/slave/rich.h"

#include "mbus/link.h"

/* The frame count bit (mbus-protocol 5.2). */

#define ADD "51 0C 86 01 10 00 00 00" /* 10 kWh */
#define SELECT LONG(0x53, 0xFD, "52 78 56 34 12 74 52 01 00")

/* The function bits with FCB 0 or 1 and FCV. */
#define SND_UD(fcb) ((fcb) ? 0x73 : 0x53)

/* ---- REQ_UD2 (mbus-protocol 5.4) on both paths ---- */

/* What is sent, and the access number of the telegram that comes: the same is a repeat. */
struct reading {
    unsigned second;
    uint8_t c;
    uint8_t access;
};

static const struct {
    struct reading readings[8];
} sequences[] = {
    /* virgin: either FCB is telegram 1 */
    { { { 1, 0x5B, 0 }, { 2, 0x5B, 0 }, { 3, 0x7B, 1 }, { 4, 0x7B, 1 }, { 5, 0x5B, 2 } } },
    { { { 1, 0x7B, 0 }, { 2, 0x7B, 0 }, { 3, 0x5B, 1 }, { 4, 0x5B, 1 }, { 5, 0x7B, 2 } } },
    /* FCV = 0: fresh, and the memory stays */
    { { { 1, 0x4B, 0 }, { 2, 0x6B, 1 }, { 3, 0x7B, 2 }, { 4, 0x4B, 3 }, { 5, 0x5B, 4 } } },
    /* T_repeat counts from the answer; after it the master is one that never toggles */
    { { { 1, 0x7B, 0 }, { 11, 0x7B, 0 }, { 12, 0x7B, 1 }, { 22, 0x7B, 1 }, { 23, 0x7B, 2 } } },
    { { { 1, 0x5B, 0 }, { 100, 0x5B, 1 }, { 200, 0x5B, 2 } } },
};

static void a_readout_is_repeated_or_fresh(void **state)
{
    static const uint8_t ways[] = { 5, 0xFE, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sequences) * ARRAY_SIZE(ways); i++) {
        const struct reading *r = sequences[i / 3].readings;
        struct conversation c;

        rich_begin(&c);
        EXPECT(&c, SECOND / 2, SELECT, "E5");
        for (size_t j = 0; j < 8 && r[j].c != 0; j++) {
            assert_int_equal(hear(&c, r[j].second * SECOND, SHORT(r[j].c, ways[i % 3])).verdict,
                             SLAVE_ANSWER);
            assert_int_equal(slave_output(&c.slave)->bytes[15], r[j].access);
            slave_settle(&c.slave, r[j].second * SECOND, SLAVE_SENT);
        }
    }
}

/* Stored bytes are the same to the last, whatever has changed beside a write
 * (mbus-protocol 5.4, 10.3). */
static void a_repeat_is_identical(void **state)
{
    struct conversation c;
    uint8_t first[FRAME_MAX];
    size_t n;

    (void)state;
    rich_begin(&c);
    hear(&c, 1 * SECOND, SHORT(0x7B, 5));
    n = slave_output(&c.slave)->n;
    memcpy(first, slave_output(&c.slave)->bytes, n);
    c.meters[0].now.cells[VOLUME].value.integer = 7;
    meter_raise_alarm(&c.meters[0], 1);
    hear(&c, 2 * SECOND, SHORT(0x7B, 5));
    assert_int_equal(slave_output(&c.slave)->n, n);
    assert_memory_equal(slave_output(&c.slave)->bytes, first, n);
}

/* ---- SND_UD (mbus-protocol 5.5) on both paths ---- */

/* What is sent and how much energy there is then; it begins with 97. */
struct adding {
    unsigned second;
    uint8_t c;
    const char *write;
    int64_t energy;
};

static const struct {
    struct adding adding[8];
} additions[] = {
    /* the same frame is a repeat, however often */
    { { { 1, 0x73, ADD, 107 }, { 2, 0x73, ADD, 107 }, { 3, 0x73, ADD, 107 } } },
    { { { 1, 0x53, ADD, 107 }, { 2, 0x53, ADD, 107 }, { 3, 0x53, ADD, 107 } } },
    /* toggled it is a new one */
    { { { 1, 0x73, ADD, 107 }, { 2, 0x53, ADD, 117 }, { 3, 0x73, ADD, 127 } } },
    /* other content is, too: masters that never toggle */
    { { { 1, 0x73, ADD, 107 },
        { 2, 0x73, "51 0C 86 01 11 00 00 00", 118 },
        { 3, 0x73, ADD, 128 },
        { 4, 0x73, ADD, 128 } } },
    { { { 1, 0x73, ADD, 107 }, { 2, 0x73, "50", 107 }, { 3, 0x73, ADD, 117 } } },
    { { { 1, 0x73, ADD, 107 }, { 2, 0x73, ADD " 2F", 117 }, { 3, 0x73, ADD " 2F", 117 } } },
    /* T_repeat after it was executed, not after it was repeated */
    { { { 1, 0x73, ADD, 107 }, { 11, 0x73, ADD, 107 }, { 12, 0x73, ADD, 117 } } },
    /* FCV = 0: never a repeat, and what comes behind it is new */
    { { { 1, 0x43, ADD, 107 }, { 2, 0x43, ADD, 117 }, { 3, 0x63, ADD, 127 } } },
    { { { 1, 0x73, ADD, 107 },
        { 2, 0x43, "51 0C 86 01 11 00 00 00", 118 },
        { 3, 0x73, ADD, 128 } } },
    { { { 1, 0x43, ADD, 107 }, { 2, 0x53, ADD, 117 }, { 3, 0x53, ADD, 117 } } },
    /* a refused one is not remembered, and leaves the one before */
    { { { 1, 0x73, ADD, 107 }, { 2, 0x53, "51 02 5A 00 00", 107 }, { 3, 0x73, ADD, 107 } } },
};

static void an_addition_is_executed_once(void **state)
{
    static const uint8_t ways[] = { 5, 0xFE, 0xFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(additions) * ARRAY_SIZE(ways); i++) {
        const struct adding *a = additions[i / 3].adding;
        struct conversation c;

        rich_begin(&c);
        EXPECT(&c, SECOND / 2, SELECT, "E5");
        for (size_t j = 0; j < 8 && a[j].c != 0; j++) {
            hear(&c, a[j].second * SECOND, LONG(a[j].c, ways[i % 3], a[j].write));
            assert_true(rich_value(&c, ENERGY) == a[j].energy);
            if (slave_output(&c.slave) != NULL)
                slave_settle(&c.slave, a[j].second * SECOND, SLAVE_SENT);
        }
    }
}

/* Whatever becomes of the E5: the repeat is acknowledged and not executed (mbus-protocol 4, 5.5).
 */
static void an_e5_that_was_lost(void **state)
{
    static const enum slave_fate fates[] = { SLAVE_SENT, SLAVE_LATE, SLAVE_UNSENT };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(fates); i++) {
        struct conversation c;

        rich_begin(&c);
        hear(&c, 1 * SECOND, LONG(0x73, 5, ADD));
        slave_settle(&c.slave, 1 * SECOND, fates[i]);
        EXPECT(&c, 2 * SECOND, LONG(0x73, 5, ADD), "E5");
        assert_int_equal(rich_value(&c, ENERGY), 107);
        assert_int_equal(c.n_stores, 1);
    }
}

/* 254 and 255 are the path of the primary address, 253 is one of its own (mbus-protocol 5.3). */
static void paths_of_a_write(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    EXPECT(&c, 1 * SECOND, SELECT, "E5");
    EXPECT(&c, 2 * SECOND, LONG(0x73, 5, ADD), "E5");
    EXPECT(&c, 3 * SECOND, LONG(0x73, 0xFE, ADD), "E5");
    SILENCE(&c, 4 * SECOND, LONG(0x73, 0xFF, ADD), SLAVE_SILENT);
    assert_int_equal(rich_value(&c, ENERGY), 107);
    EXPECT(&c, 5 * SECOND, LONG(0x73, 0xFD, ADD), "E5");
    assert_int_equal(rich_value(&c, ENERGY), 117);
    EXPECT(&c, 6 * SECOND, LONG(0x73, 0xFD, ADD), "E5");
    EXPECT(&c, 7 * SECOND, LONG(0x73, 5, ADD), "E5");
    assert_int_equal(rich_value(&c, ENERGY), 117);
}

/* ---- one memory each (mbus-protocol 5.3, 5.5) ---- */

static void the_functions_do_not_disturb_each_other(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    EXPECT(&c, 1 * SECOND, LONG(0x73, 5, ADD), "E5");
    hear(&c, 2 * SECOND, SHORT(0x7B, 5)); /* the same FCB, and a first one */
    assert_int_equal(slave_output(&c.slave)->bytes[15], 0);
    slave_settle(&c.slave, 2 * SECOND, SLAVE_SENT);
    EXPECT(&c, 3 * SECOND, SHORT(0x7A, 5), "E5");
    EXPECT(&c, 4 * SECOND, LONG(0x73, 5, ADD), "E5"); /* still the repeat */
    assert_int_equal(rich_value(&c, ENERGY), 107);
    hear(&c, 5 * SECOND,
         SHORT(0x7B, 5)); /* a repeated write drops no telegram (mbus-protocol 12) */
    assert_int_equal(slave_output(&c.slave)->bytes[15], 0);
    slave_settle(&c.slave, 5 * SECOND, SLAVE_SENT);
    EXPECT(&c, 6 * SECOND, SHORT(0x49, 5), "10 0B 05 10 16");
    hear(&c, 7 * SECOND, SHORT(0x7B, 5)); /* mbus-protocol 5.1: REQ_SKE has no effect on it */
    assert_int_equal(slave_output(&c.slave)->bytes[15], 0);
}

/* mbus-protocol 5.3: what resets the memory of which path; the other keeps its own. */
static const struct {
    uint8_t a;
    bool primary, selected;
} resets[] = {
    { 5, true, false },   { 0xFE, true, false }, { 0xFF, true, true },
    { 0xFD, true, true }, { 6, false, false },
};

static void a_link_reset_clears_the_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(resets); i++) {
        struct conversation c;

        rich_begin(&c);
        EXPECT(&c, 1 * SECOND, SELECT, "E5");
        EXPECT(&c, 2 * SECOND, LONG(0x73, 5, ADD), "E5");
        EXPECT(&c, 3 * SECOND, LONG(0x73, 0xFD, ADD), "E5");
        hear(&c, 4 * SECOND, SHORT(0x7B, 5));
        hear(&c, 5 * SECOND, SHORT(0x7B, 0xFD));
        hear(&c, 6 * SECOND, SHORT(0x40, resets[i].a));
        assert_int_equal(c.members[0].path.readout.fcb.virgin, resets[i].primary);
        assert_int_equal(c.members[0].path.write.fcb.virgin, resets[i].primary);
        assert_int_equal(c.slave.selected_path.readout.fcb.virgin, resets[i].selected);
        assert_int_equal(c.slave.selected_path.write.fcb.virgin, resets[i].selected);
        assert_int_equal(rich_value(&c, ENERGY), 117);
        hear(&c, 7 * SECOND, LONG(0x73, 5, ADD));
        assert_int_equal(rich_value(&c, ENERGY), resets[i].primary ? 127 : 117);
    }
}

/* mbus-protocol 5.3: the rule for the master that resets by 253 alone, where nobody is selected. */
static void a_reset_of_253_without_a_selection(void **state)
{
    struct conversation c;

    (void)state;
    rich_begin(&c);
    hear(&c, 1 * SECOND, SHORT(0x7B, 5));
    slave_settle(&c.slave, 1 * SECOND, SLAVE_SENT);
    SILENCE(&c, 2 * SECOND, SHORT(0x40, 0xFD), SLAVE_SILENT);
    hear(&c, 3 * SECOND, SHORT(0x7B, 5));
    assert_int_equal(slave_output(&c.slave)->bytes[15], 1);
}

/* mbus-protocol 5.3: a matching selection clears the 253 path, and its own FCB is not looked at. */
static void a_selection_clears_its_path(void **state)
{
    static const uint8_t c_fields[] = { 0x53, 0x73, 0x43, 0x63 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(c_fields); i++) {
        struct conversation c;

        rich_begin(&c);
        EXPECT(&c, 1 * SECOND, SELECT, "E5");
        EXPECT(&c, 2 * SECOND, LONG(0x73, 0xFD, ADD), "E5");
        EXPECT(&c, 3 * SECOND, LONG(0x73, 5, ADD), "E5");
        EXPECT(&c, 4 * SECOND, LONG(c_fields[i], 0xFD, "52 78 56 34 12 74 52 01 00"), "E5");
        EXPECT(&c, 5 * SECOND, LONG(0x73, 0xFD, ADD), "E5");
        assert_int_equal(rich_value(&c, ENERGY), 127);
        EXPECT(&c, 6 * SECOND, LONG(0x73, 5, ADD), "E5");
        assert_int_equal(rich_value(&c, ENERGY), 127);
    }
}

/* Bits and paths at random, against the words of 5.5. */
static void random_additions(void **state)
{
    struct conversation c;
    int64_t energy = 97;
    struct {
        bool virgin, fcb;
        unsigned kwh;
        usec_t time;
    } last[2] = { { .virgin = true }, { .virgin = true } };
    usec_t now = SECOND;
    uint32_t random = 1;

    (void)state;
    rich_begin(&c);
    EXPECT(&c, now, SELECT, "E5");
    for (unsigned i = 0; i < 5000; i++) {
        unsigned path, kwh;
        bool fcb;
        char write[32];

        random = random * 1664525 + 1013904223;
        path = random >> 31, fcb = random >> 30 & 1, kwh = 1 + (random >> 29 & 1);
        now += (random >> 16 & 0xFF) == 0 ? T_REPEAT + 1 : SECOND / 100;
        snprintf(write, sizeof(write), "51 0C 86 01 0%u 00 00 00", kwh);
        if (last[path].virgin || fcb != last[path].fcb || kwh != last[path].kwh ||
            now - last[path].time > T_REPEAT) {
            energy += kwh;
            last[path].virgin = false;
            last[path].fcb = fcb;
            last[path].kwh = kwh;
            last[path].time = now;
        }
        EXPECT(&c, now, LONG(SND_UD(fcb), path ? 0xFD : 5, write), "E5");
        assert_true(rich_value(&c, ENERGY) == energy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_readout_is_repeated_or_fresh),
        cmocka_unit_test(a_repeat_is_identical),
        cmocka_unit_test(an_addition_is_executed_once),
        cmocka_unit_test(an_e5_that_was_lost),
        cmocka_unit_test(paths_of_a_write),
        cmocka_unit_test(the_functions_do_not_disturb_each_other),
        cmocka_unit_test(a_link_reset_clears_the_memory),
        cmocka_unit_test(a_reset_of_253_without_a_selection),
        cmocka_unit_test(a_selection_clears_its_path),
        cmocka_unit_test(random_additions),
    };

    return cmocka_run_group_tests_name("fcb", tests, NULL, NULL);
}
