#include "tests/unit/test.h"

#include "meter/draft.h"

static struct meter_record records[] = {
    { .wire = { .dib = { .data_field = DATA_FIELD_INT8 },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 1 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT8 },
                .vib = { .bytes = { 0x14 }, .n = 1 },
                .value = { .integer = 2 } } },
};

static const struct meter_def def = {
    .address = 3,
    .ident = { 0x12345678, 0x5274, 1, 0 },
    .records = records,
    .n_records = ARRAY_SIZE(records),
};

static struct meter_cell cells[2 * ARRAY_SIZE(records)];

static void change_all(struct meter *meter)
{
    meter_draft_begin(meter);
    meter->draft.address = 8;
    meter->draft.ident.id = 0x01020304;
    meter->draft.clock_offset = 60;
    meter->draft.cells[1].value.integer = 7;
    meter->draft.cells[0].unlisted = true;
    meter->draft_n_delayed = 5;
}

static void expect_old(const struct meter *meter)
{
    assert_int_equal(meter->now.address, 3);
    assert_int_equal(meter->now.ident.id, 0x12345678);
    assert_int_equal(meter->now.clock_offset, 0);
    assert_int_equal(meter->now.cells[1].value.integer, 2);
    assert_false(meter->now.cells[0].unlisted);
    assert_int_equal(meter->n_delayed, 0);
    assert_int_equal(meter->generation, 0);
}

/* mbus-protocol 13.7: a draft is a copy, and nothing of it is seen before it is in force. */
static void a_draft_begins_as_a_copy(void **state)
{
    struct meter meter;

    (void)state;
    meter_init(&meter, &def, cells);
    meter_draft_begin(&meter);
    assert_true(meter.drafting);
    assert_int_equal(meter.draft.address, 3);
    assert_int_equal(meter.draft.ident.id, 0x12345678);
    assert_int_equal(meter.draft.cells[1].value.integer, 2);
    change_all(&meter); /* goes on with the one that was begun */
    assert_int_equal(meter.draft.cells[0].value.integer, 1);
    meter_draft_begin(&meter);
    assert_int_equal(meter.draft.address, 8);
    expect_old(&meter);
}

static void a_commit_takes_all_of_it(void **state)
{
    struct meter meter;

    (void)state;
    meter_init(&meter, &def, cells);
    change_all(&meter);
    meter_draft_commit(&meter);
    assert_false(meter.drafting);
    assert_int_equal(meter.now.address, 8);
    assert_int_equal(meter.now.ident.id, 0x01020304);
    assert_int_equal(meter.now.clock_offset, 60);
    assert_int_equal(meter.now.cells[0].value.integer, 1);
    assert_int_equal(meter.now.cells[1].value.integer, 7);
    assert_true(meter.now.cells[0].unlisted);
    assert_int_equal(meter.n_delayed, 5);
    assert_int_equal(meter.generation, 1); /* mbus-protocol 12: stored copies are out of date */
    assert_ptr_equal(meter.now.cells, cells);
}

static void an_abandoned_draft_leaves_nothing(void **state)
{
    struct meter meter;

    (void)state;
    meter_init(&meter, &def, cells);
    change_all(&meter);
    meter_draft_abandon(&meter);
    assert_false(meter.drafting);
    expect_old(&meter);
    meter_draft_begin(&meter); /* the next one knows nothing of it */
    assert_int_equal(meter.draft.address, 3);
    assert_int_equal(meter.draft.cells[1].value.integer, 2);
    assert_int_equal(meter.draft_n_delayed, 0);
}

static void a_meter_without_records_can_be_changed(void **state)
{
    const struct meter_def bare = { .address = 3 };
    struct meter meter;

    (void)state;
    meter_init(&meter, &bare, NULL);
    meter_draft_begin(&meter);
    meter.draft.address = 4;
    meter_draft_commit(&meter);
    assert_int_equal(meter.now.address, 4);
}

/* ---- the clock, mbus-protocol 13.3 ---- */

#define DAY ((int64_t)SECONDS_PER_DAY)

/* The system says `local`; what a master sets, and what the meter's clock shows then. */
static const struct {
    int64_t local, offset;
    bool has_date, has_time;
    int64_t day;
    int32_t second;
    int64_t shown;
} clocks[] = {
    { 100 * DAY + 3600, 0, true, true, 200, 7200, 200 * DAY + 7200 },
    { 100 * DAY + 3600, 0, true, false, 200, 0, 200 * DAY + 3600 },        /* time unchanged */
    { 100 * DAY + 3600, 0, false, true, 0, 7200, 100 * DAY + 7200 },       /* date unchanged */
    { 100 * DAY + 3600, 0, true, true, 50, 0, 50 * DAY },                  /* back */
    { 100 * DAY + 3600, DAY + 60, true, false, 200, 0, 200 * DAY + 3660 }, /* as its own clock is */
    { 100 * DAY + 3600, DAY + 60, false, true, 0, 5, 101 * DAY + 5 },
    { 100 * DAY + 3600, -2 * DAY, false, true, 0, 5, 98 * DAY + 5 },
    { 100 * DAY, -1, false, true, 0, 5, 99 * DAY + 5 }, /* one second before midnight */
    { 100 * DAY, -1, true, false, 7, 0, 7 * DAY + DAY - 1 },
    { 0, 0, false, true, 0, 86399, 86399 },
    { 1, -2, false, true, 0, 5, -DAY + 5 }, /* before 1970 */
    { -DAY - 1, 0, false, true, 0, 5, -2 * DAY + 5 },
    { -DAY - 1, 0, true, false, 10, 0, 10 * DAY + DAY - 1 },
    { -DAY, 0, false, true, 0, 5, -DAY + 5 },
    { 100 * DAY + 3600, 42, false, false, 9, 9, 100 * DAY + 3642 }, /* nothing was set */
};

static void the_clock_is_an_offset(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(clocks); i++) {
        struct meter meter;

        meter_init(&meter, &def, cells);
        meter.now.clock_offset = clocks[i].offset;
        meter_draft_begin(&meter);
        meter.draft_clock = (struct datetime){ clocks[i].has_date, clocks[i].has_time,
                                               clocks[i].day, clocks[i].second };
        meter_draft_set_clock(&meter, clocks[i].local);
        assert_true(clocks[i].local + meter.draft.clock_offset == clocks[i].shown);
        assert_true(meter.now.clock_offset == clocks[i].offset);
        /* It is worked out once: asked again a second later, it has not moved. */
        meter_draft_set_clock(&meter, clocks[i].local + 1);
        meter_draft_commit(&meter);
        assert_true(clocks[i].local + meter.now.clock_offset == clocks[i].shown);
    }
}

/* A clock that was set in a draft that is dropped is not set by the next. */
static void an_abandoned_clock_is_forgotten(void **state)
{
    struct meter meter;

    (void)state;
    meter_init(&meter, &def, cells);
    meter_draft_begin(&meter);
    meter.draft_clock = (struct datetime){ .has_date = true, .day = 9 };
    meter_draft_abandon(&meter);
    meter_draft_begin(&meter);
    meter_draft_set_clock(&meter, 100 * DAY);
    assert_int_equal(meter.draft.clock_offset, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draft_begins_as_a_copy),
        cmocka_unit_test(a_commit_takes_all_of_it),
        cmocka_unit_test(an_abandoned_draft_leaves_nothing),
        cmocka_unit_test(a_meter_without_records_can_be_changed),
        cmocka_unit_test(the_clock_is_an_offset),
        cmocka_unit_test(an_abandoned_clock_is_forgotten),
    };

    return cmocka_run_group_tests_name("draft", tests, NULL, NULL);
}
