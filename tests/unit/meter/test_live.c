/* Live values: numbers into cells, and what a readout shows of those that are not good
 * (mbus-records 9.2, mbus-protocol 10.4). */
#include "tests/unit/test.h"

#include <math.h>

#include "mbus/vife.h"
#include "meter/draft.h"
#include "meter/live.h"
#include "meter/readout.h"
#include "meter/rsp_ud.h"

enum { VOLUME, POWER, REAL, CONSTANT, CELLS };

static struct meter_record records[] = {
    [VOLUME] = { .wire = { .dib = { .data_field = DATA_FIELD_INT16 },
                           .vib = { .bytes = { 0x13 }, .n = 1 } },
                 .counting = { .resolution = -3, .field = DATA_FIELD_INT16 },
                 .is_live = true },
    [POWER] = { .wire = { .dib = { .data_field = DATA_FIELD_BCD4 },
                          .vib = { .bytes = { 0xAB, 0x3B }, .n = 2 } },
                .counting = { .resolution = 0, .field = DATA_FIELD_BCD4 },
                .is_live = true },
    [REAL] = { .wire = { .dib = { .data_field = DATA_FIELD_REAL32 },
                         .vib = { .bytes = { 0x5B }, .n = 1 } },
               .counting = { .resolution = 0, .field = DATA_FIELD_REAL32 },
               .is_live = true },
    [CONSTANT] = { .wire = { .dib = { .data_field = DATA_FIELD_INT8 },
                             .vib = { .bytes = { 0x5F }, .n = 1 },
                             .value = { .integer = 7 } },
                   .counting = { .resolution = 1, .field = DATA_FIELD_INT8 },
                   .writable = true },
};

static const struct meter_def def = {
    .max_telegram = 255, .records = records, .n_records = CELLS, .status = METER_STATUS_POWER_LOW
};

struct fixture {
    struct meter meter;
    struct meter_cell cells[2 * CELLS];
};

static struct fixture fresh(void)
{
    return (struct fixture){ .meter = { .def = NULL } };
}

static void begin(struct fixture *f)
{
    *f = fresh();
    meter_init(&f->meter, &def, f->cells);
}

static struct number whole(int64_t number)
{
    return (struct number){ .integer = number };
}

static struct number real(double number)
{
    return (struct number){ .is_real = true, .real = number };
}

static void assert_record(const struct fixture *f, size_t i, const char *expected)
{
    const struct readout readout = { 0 };
    const struct readout_source source = { &f->meter, &readout, f->meter.now.cells };
    uint8_t bytes[64];
    struct writer w = writer_over(bytes, sizeof(bytes));

    readout_encode(&source, i, &w);
    assert_hex(bytes, w.n, expected);
}

/* Until a source has given a number there is none, and the status says so. */
static void there_is_none_at_first(void **state)
{
    struct fixture f;
    struct number number;

    (void)state;
    begin(&f);
    assert_record(&f, VOLUME, "32 93 15 00 00");
    assert_record(&f, POWER, "3A AB BB 15 00 00");
    assert_record(&f, REAL, "35 DB 15 00 00 00 00");
    assert_record(&f, CONSTANT, "01 5F 07");
    assert_int_equal(f.meter.n_errors, 3);
    assert_int_equal(meter_status(&f.meter), METER_STATUS_POWER_LOW | METER_STATUS_TEMPORARY_ERROR);
    assert_false(meter_get_number(&f.meter, VOLUME, &number));
}

static void a_number_is_counted_in_its_resolution(void **state)
{
    struct fixture f;
    struct number number = real(1.2345);

    (void)state;
    begin(&f);
    assert_int_equal(meter_set_number(&f.meter, VOLUME, &number), RECORD_ERROR_NONE);
    assert_record(&f, VOLUME, "02 13 D3 04");
    assert_true(meter_get_number(&f.meter, VOLUME, &number));
    assert_true(number.is_real && number.real == 1.2345);
    number = whole(-12);
    meter_set_number(&f.meter, POWER, &number);
    assert_record(&f, POWER, "0A AB 3B 12 F0");
    number = real(0.1);
    meter_set_number(&f.meter, REAL, &number);
    assert_record(&f, REAL, "05 5B CD CC CC 3D");
    assert_int_equal(meter_status(&f.meter), METER_STATUS_POWER_LOW);
}

/* Never a silently old number. */
static void what_does_not_fit_is_an_error(void **state)
{
    static const struct {
        double number;
        uint8_t error;
        const char *record;
    } rows[] = {
        { 32.768, RECORD_ERROR_OVERFLOW, "32 93 16 E8 03" },
        { -32.768, RECORD_ERROR_UNDERFLOW, "32 93 17 E8 03" },
        { 1e300, RECORD_ERROR_OVERFLOW, "32 93 16 E8 03" },
        { NAN, RECORD_ERROR_DATA, "32 93 18 E8 03" },
        { INFINITY, RECORD_ERROR_DATA, "32 93 18 E8 03" },
        { -INFINITY, RECORD_ERROR_DATA, "32 93 18 E8 03" },
        { 32.767, RECORD_ERROR_NONE, "02 13 FF 7F" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct number number = whole(1);
        struct fixture f;

        begin(&f);
        meter_set_number(&f.meter, VOLUME, &number);
        number = real(rows[i].number);
        assert_int_equal(meter_set_number(&f.meter, VOLUME, &number), rows[i].error);
        assert_record(&f, VOLUME, rows[i].record);
        assert_int_equal(f.meter.n_errors, 2 + (rows[i].error != 0));
    }
}

static void an_error_ends_with_the_next_number(void **state)
{
    struct fixture f;
    struct number number = whole(5);

    (void)state;
    begin(&f);
    meter_set_number(&f.meter, POWER, &number);
    meter_set_error(&f.meter, POWER, RECORD_ERROR_DATA);
    meter_set_error(&f.meter, POWER, RECORD_ERROR_NO_DATA);
    assert_record(&f, POWER, "3A AB BB 15 05 00");
    assert_int_equal(f.meter.n_errors, 3);
    meter_set_number(&f.meter, POWER, &number);
    assert_record(&f, POWER, "0A AB 3B 05 00");
    assert_int_equal(f.meter.n_errors, 2);
}

/* A chain of ten VIFE has no room for the error: the function alone says it. */
static void a_full_chain_keeps_its_length(void **state)
{
    struct meter_record full[] = { { .wire = { .dib = { .data_field = DATA_FIELD_INT8 } },
                                     .is_live = true } };
    const struct meter_def long_def = { .records = full, .n_records = 1 };
    struct vib *vib = &full[0].wire.vib;
    struct fixture f = fresh();
    const struct readout readout = { 0 };
    const struct readout_source source = { &f.meter, &readout, f.cells };
    uint8_t bytes[64];
    struct writer w = writer_over(bytes, sizeof(bytes));

    (void)state;
    for (size_t i = 0; i < sizeof(vib->bytes); i++)
        vib->bytes[i] = i + 1 < sizeof(vib->bytes) ? 0x93 : 0x3B;
    vib->n = sizeof(vib->bytes);
    meter_init(&f.meter, &long_def, f.cells);
    readout_encode(&source, 0, &w);
    assert_int_equal(w.n, 1 + sizeof(vib->bytes) + 1);
    assert_int_equal(bytes[0], 0x31);
    assert_memory_equal(bytes + 1, vib->bytes, sizeof(vib->bytes));
}

/* The planner counts with the longest form of a record. */
static void the_size_is_that_of_the_worst_case(void **state)
{
    const struct meter_def narrow = {
        .max_telegram = 64, .records = records, .n_records = CELLS, .tail = NULL
    };
    const struct readout readout = { .everything = true };
    const struct meter meter = { .def = &narrow };
    const struct readout_source source = { &meter, &readout, NULL };
    uint8_t bytes[64];
    struct writer w = writer_over(bytes, sizeof(bytes));

    (void)state;
    readout_encode(&source, VOLUME, &w);
    assert_int_equal(w.n, 5);
    w.n = 0;
    readout_encode(&source, CONSTANT, &w);
    assert_int_equal(w.n, 3);
}

/* What a master writes is good, and the number goes with it. */
static void a_write_makes_a_value_good(void **state)
{
    const struct value value = { .integer = 2500 }, constant = { .integer = 3 };
    struct fixture f;
    struct number number;

    (void)state;
    begin(&f);
    meter_draft_begin(&f.meter);
    meter_draft_set_value(&f.meter, VOLUME, &value);
    meter_draft_set_value(&f.meter, CONSTANT, &constant);
    assert_int_equal(f.meter.n_errors, 3);
    meter_draft_commit(&f.meter);
    assert_int_equal(f.meter.n_errors, 2);
    assert_true(f.meter.now.cells[VOLUME].written && !f.meter.now.cells[POWER].written);
    assert_true(meter_get_number(&f.meter, VOLUME, &number));
    assert_true(number.is_real && number.real == 2.5);
    assert_true(meter_get_number(&f.meter, CONSTANT, &number));
    assert_true(!number.is_real && number.integer == 30);
}

/* A draft is a copy: it must not bring back what was before it. */
static void a_number_that_comes_during_a_draft_stays(void **state)
{
    const struct value value = { .integer = 9 };
    struct number number = whole(1);
    struct fixture f;

    (void)state;
    begin(&f);
    meter_draft_begin(&f.meter);
    meter_draft_set_value(&f.meter, CONSTANT, &value);
    meter_set_number(&f.meter, VOLUME, &number);
    meter_draft_commit(&f.meter);
    assert_record(&f, VOLUME, "02 13 E8 03");
    assert_record(&f, CONSTANT, "01 5F 09");
}

/* What is shown in place of a number is what others compute with; the number itself is kept. */
static void what_is_shown_instead_is_not_the_number(void **state)
{
    const struct number kept = { .integer = 7 }, zero = { 0 };
    struct number shown;
    struct fixture f;

    (void)state;
    begin(&f);
    assert_int_equal(meter_set_number(&f.meter, VOLUME, &kept), 0);
    meter_set_error(&f.meter, VOLUME, RECORD_ERROR_DATA);
    meter_show_instead(&f.meter, VOLUME, &zero);
    assert_int_equal(f.meter.n_errors, CELLS - 2); /* the constant is good too */
    assert_int_equal(f.cells[VOLUME].value.integer, 0);
    assert_int_equal(f.cells[VOLUME].number.integer, 7);
    assert_true(meter_get_number(&f.meter, VOLUME, &shown));
    assert_true(!shown.is_real && shown.integer == 0);
    meter_set_number(&f.meter, VOLUME, &kept);
    assert_true(meter_get_number(&f.meter, VOLUME, &shown));
    assert_int_equal(shown.integer, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_none_at_first),
        cmocka_unit_test(a_number_is_counted_in_its_resolution),
        cmocka_unit_test(what_does_not_fit_is_an_error),
        cmocka_unit_test(an_error_ends_with_the_next_number),
        cmocka_unit_test(a_full_chain_keeps_its_length),
        cmocka_unit_test(the_size_is_that_of_the_worst_case),
        cmocka_unit_test(a_write_makes_a_value_good),
        cmocka_unit_test(a_number_that_comes_during_a_draft_stays),
        cmocka_unit_test(what_is_shown_instead_is_not_the_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
