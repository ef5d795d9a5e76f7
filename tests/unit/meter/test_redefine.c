#include "tests/unit/test.h"

#include "meter/draft.h"
#include "meter/redefine.h"

static struct meter_record old_records[] = {
    { .wire = { .dib = { .data_field = DATA_FIELD_INT8 },
                .vib = { .bytes = { 0x13 }, .n = 1 },
                .value = { .integer = 1 } } },
};
static struct meter_record new_records[] = {
    { .wire = { .dib = { .data_field = DATA_FIELD_INT8 },
                .vib = { .bytes = { 0x14 }, .n = 1 },
                .value = { .integer = 2 } } },
    { .wire = { .dib = { .data_field = DATA_FIELD_INT8 },
                .vib = { .bytes = { 0x15 }, .n = 1 },
                .value = { .integer = 3 } } },
};

static const struct meter_def old_def = {
    .address = 3, .ident = { 0x11, 0x5274, 1, 0 }, .records = old_records, .n_records = 1
};
static const struct meter_def new_def = {
    .address = 9, .ident = { 0x22, 0x5274, 1, 7 }, .records = new_records, .n_records = 2
};

static struct meter_cell old_cells[2], new_cells[4];

/* It shows what the file says now; mbus-protocol 10.3: the access number goes on. */
static void it_shows_the_new_definition(void **state)
{
    struct meter meter;

    (void)state;
    meter_init(&meter, &old_def, old_cells);
    meter.access = 77;
    meter.generation = 5;
    meter.busy = true;
    meter.is_mute = true;
    meter.n_delayed = 6;
    meter.is_fresh = false;
    meter.now.cells[0].value.integer = 99;
    meter.now.clock_offset = 60;
    meter_draft_begin(&meter);
    meter_redefine(&meter, &new_def, new_cells);
    assert_ptr_equal(meter.def, &new_def);
    assert_int_equal(meter.now.address, 9);
    assert_int_equal(meter.now.ident.id, 0x22);
    assert_int_equal(meter.now.cells[0].value.integer, 2);
    assert_int_equal(meter.now.cells[1].value.integer, 3);
    assert_ptr_equal(meter.now.cells, new_cells);
    assert_ptr_equal(meter.draft.cells, new_cells + 2);
    assert_int_equal(meter.access, 77);
    assert_true(meter.busy);
    assert_true(meter.is_mute);
    assert_true(meter.is_fresh); /* what masters had set is to be looked up again */
    assert_false(meter.drafting);
    /* What its record is gone for does nothing when it is due. */
    assert_int_equal(meter.n_delayed, 6);
}

/* mbus-protocol 12: nothing older is worth repeating. */
static void the_readout_begins_anew(void **state)
{
    struct meter meter;

    (void)state;
    meter_init(&meter, &old_def, old_cells);
    meter.generation = UINT32_MAX;
    meter_redefine(&meter, &new_def, new_cells);
    assert_int_equal(meter.generation, 0);
}

/* mbus-protocol 14.2: alarms are counted on; one that the file brings up is a new one. */
static void alarms_go_on(void **state)
{
    struct meter_def alarmed = old_def, other = new_def;
    struct meter meter;

    (void)state;
    alarmed.status = METER_STATUS_ALARM;
    meter_init(&meter, &alarmed, old_cells);
    assert_int_equal(meter.n_alarms, 1);
    assert_int_equal(meter.alarm, METER_STATUS_ALARM);
    meter_raise_alarm(&meter, 0x05);
    assert_int_equal(meter.n_alarms, 2);
    other.status = METER_STATUS_ALARM; /* the same status: no news */
    meter_redefine(&meter, &other, new_cells);
    assert_int_equal(meter.n_alarms, 2);
    assert_int_equal(meter.alarm, 0x05);
    meter_redefine(&meter, &new_def, new_cells); /* over: what was told stays told */
    assert_int_equal(meter.n_alarms, 2);
    meter_redefine(&meter, &other, new_cells); /* and up again */
    assert_int_equal(meter.n_alarms, 3);
    assert_int_equal(meter.alarm, METER_STATUS_ALARM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_shows_the_new_definition),
        cmocka_unit_test(the_readout_begins_anew),
        cmocka_unit_test(alarms_go_on),
    };

    return cmocka_run_group_tests_name("redefine", tests, NULL, NULL);
}
