/* Numbers made of others of the same meter. */
#include "tests/unit/source/engine.h"

#define INPUTS                                                                                     \
    "{ name = \"flow\"; unit = \"degC\"; quantity = \"flow_temperature\"; resolution = 0.01; "     \
    "pushed = { }; },"                                                                             \
    "{ name = \"return\"; unit = \"degC\"; quantity = \"return_temperature\"; resolution = 0.01; " \
    "pushed = { }; },"                                                                             \
    "{ name = \"volume_flow\"; unit = \"m3_per_h\"; resolution = 0.001; type = \"int32\"; "        \
    "pushed = { }; },"

/* Heat: power = 1.163 kWh/(m3 K) * flow * (flow - return). */
#define HEAT                                                                                       \
    INPUTS "{ name = \"spread\"; unit = \"K\"; resolution = 0.01; derived = { difference = [ "     \
           "\"flow\", \"return\" ]; }; },"                                                         \
           "{ name = \"power\"; quantity = \"power\"; unit = \"kW\"; resolution = 0.001; derived " \
           "= { product = [ "                                                                      \
           "\"spread\", \"volume_flow\" ]; factor = 1.163; }; }"

static void agrees_with_its_inputs(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", HEAT));
    EXPECT_SHOWN(&e, "spread", "error 15");
    EXPECT_SHOWN(&e, "power", "error 15");
    engine_push(&e, "flow", real(70.5));
    engine_push(&e, "return", real(40.5));
    EXPECT_SHOWN(&e, "spread", "30");
    EXPECT_SHOWN(&e, "power", "error 15");
    engine_push(&e, "volume_flow", real(0.5));
    EXPECT_SHOWN(&e, "power", "17.445");
    assert_int_equal(e.meter->n_errors, 0);
    engine_end(&e);
}

/* An error goes from record to record as it is, and is told for the input alone. */
static void errors_are_inherited(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", HEAT));
    engine_push(&e, "flow", real(70));
    engine_push(&e, "return", real(40));
    engine_push(&e, "volume_flow", real(1));
    engine_push(&e, "flow", real(1e12));
    EXPECT_SHOWN(&e, "spread", "error 16");
    EXPECT_SHOWN(&e, "power", "error 16");
    assert_int_equal(e.n_began, 1);
    assert_string_equal(source_trouble(sources_find(e.sources, e.meter, 4)), "spread has no value");
    engine_push(&e, "flow", real(71));
    EXPECT_SHOWN(&e, "power", "36.053");
    assert_int_equal(e.n_ended, 1);
    assert_int_equal(e.meter->n_errors, 0);
    engine_end(&e);
}

#define NUMBERS                                                                                    \
    "{ name = \"a\"; unit = \"Wh\"; type = \"int64\"; pushed = { start = 1; }; },"                 \
    "{ name = \"b\"; unit = \"Wh\"; type = \"int64\"; value = 9007199254740993L; },"               \
    "{ name = \"sum\"; unit = \"Wh\"; type = \"int64\"; derived = { sum = [ \"a\", \"b\", "        \
    "\"a\" ]; }; },"                                                                               \
    "{ name = \"difference\"; unit = \"Wh\"; type = \"int64\"; derived = { difference = [ "        \
    "\"b\", \"a\", \"a\" ]; }; },"                                                                 \
    "{ name = \"copy\"; unit = \"kWh\"; type = \"int64\"; derived = { copy = [ \"a\" ]; factor = " \
    "0.001; }; resolution = 0.001; },"                                                             \
    "{ name = \"product\"; unit = \"Wh\"; type = \"int64\"; derived = { product = [ \"a\", "       \
    "\"a\", \"a\" ]; }; }"

static void whole_numbers_stay_exact(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", NUMBERS));
    EXPECT_SHOWN(&e, "sum", "9007199254740995");
    EXPECT_SHOWN(&e, "difference", "9007199254740991");
    engine_push(&e, "a", whole(1000));
    EXPECT_SHOWN(&e, "copy", "1");
    EXPECT_SHOWN(&e, "product", "1000000000");
    engine_push(&e, "a", whole(-2000));
    EXPECT_SHOWN(&e, "product", "-8000000000");
    engine_push(&e, "a", whole(INT64_MAX / 2));
    EXPECT_SHOWN(&e, "product", "error 16");
    engine_end(&e);
}

#define ENERGY                                                                                     \
    "{ name = \"power\"; quantity = \"power\"; unit = \"kW\"; pushed = { }; },"                    \
    "{ name = \"energy\"; unit = \"kWh\"; resolution = 0.001; derived = { integral = [ "           \
    "\"power\" ]; }; writable = true; }"

static double number_of(const struct engine *e, const char *name)
{
    struct number number;

    assert_true(meter_get_number(e->meter, engine_record(e, name), &number));
    return number.is_real ? number.real : (double)number.integer;
}

/* 36,000 kW are 10 kWh a second. */
static void an_integral_sums_up_over_time(void **state)
{
    struct engine e;
    usec_t began, ended;
    double before, now;

    (void)state;
    engine_begin(&e, METER_TEXT("", ENERGY));
    EXPECT_SHOWN(&e, "energy", "error 15");
    engine_push(&e, "power", whole(36000));
    began = clock_now();
    before = number_of(&e, "energy");
    engine_run_for(&e, 300 * MSEC);
    engine_push(&e, "power", whole(0));
    ended = clock_now();
    now = number_of(&e, "energy");
    assert_true(before < 0.5);
    assert_true(now > 2.9 && now <= 10.0 * (double)(ended - began + MSEC) / 1e6 + before);
    engine_run_for(&e, 100 * MSEC);
    assert_true(number_of(&e, "energy") - now < 1e-9);
    engine_end(&e);
}

/* Nothing else happens: the sum goes on each second all the same. */
static void an_integral_ticks(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", ENERGY));
    engine_push(&e, "power", whole(36000));
    engine_run_for(&e, 1400 * MSEC);
    assert_true(number_of(&e, "energy") > 9);
    engine_end(&e);
}

/* While the input fails nothing is counted, and the count is not shown as if it were whole; then it
 * goes on from where it was. */
static void an_integral_pauses_with_its_input(void **state)
{
    struct engine e;
    double before;

    (void)state;
    engine_begin(&e, METER_TEXT("", ENERGY));
    engine_push(&e, "power", whole(36000));
    engine_run_for(&e, 100 * MSEC);
    engine_push(&e, "power", real(1e30));
    EXPECT_SHOWN(&e, "energy", "error 16");
    before = sources_find(e.sources, e.meter, 1)->number.real;
    assert_true(before >= 1);
    engine_run_for(&e, 200 * MSEC);
    engine_push(&e, "power", whole(0));
    assert_true(number_of(&e, "energy") - before < 1e-9);
    engine_end(&e);
}

/* 0 is what it adds, not what is kept. */
static void an_integral_that_shows_no_error_keeps_its_sum(void **state)
{
    struct engine e;
    double before;

    (void)state;
    engine_begin(
        &e, METER_TEXT("", "{ name = \"power\"; quantity = \"power\"; unit = \"kW\"; pushed = "
                           "{ start = 36000; }; }, { name = \"energy\"; unit = \"kWh\"; derived "
                           "= { integral = [ \"power\" ]; }; on_error = \"zero\"; }"));
    engine_run_for(&e, 100 * MSEC);
    engine_push(&e, "power", real(1e30));
    before = e.meter->now.cells[1].number.real;
    assert_true(before >= 1);
    engine_run_for(&e, 1500 * MSEC);
    assert_true(number_of(&e, "energy") - before < 1e-9);
    engine_end(&e);
}

static void an_integral_goes_on_from_what_was_kept(void **state)
{
    struct number kept = real(12345.678), set = real(50);
    struct engine e;

    (void)state;
    engine_prepare(&e, METER_TEXT("", ENERGY));
    meter_set_number(e.meter, 1, &kept);
    engine_start(&e);
    engine_push(&e, "power", whole(0));
    EXPECT_SHOWN(&e, "energy", "12345.678");
    /* A master sets it. */
    meter_set_number(e.meter, 1, &set);
    e.meter->now.cells[1].written = true;
    sources_written(e.sources, e.meter);
    engine_push(&e, "power", whole(36000));
    engine_run_for(&e, 100 * MSEC);
    engine_push(&e, "power", whole(0));
    assert_true(number_of(&e, "energy") > 50.9 && number_of(&e, "energy") < 60);
    /* And it survives an edit beside it. */
    engine_reload(&e, METER_TEXT("version = 3;", ENERGY));
    assert_true(number_of(&e, "energy") > 50.9 && number_of(&e, "energy") < 60);
    engine_end(&e);
}

/* What is derived of dead data is dead too, also where it would hold a number that failed. */
static void dead_data_are_not_held(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(
        &e, METER_TEXT("", "{ name = \"a\"; unit = \"V\"; type = \"int8\"; pushed = { }; max_age = "
                           "\"300 ms\"; },"
                           "{ name = \"b\"; unit = \"V\"; derived = { copy = [ \"a\" ]; }; "
                           "on_error = \"hold\"; }"));
    engine_push(&e, "a", whole(5));
    engine_push(&e, "a", whole(500));
    EXPECT_SHOWN(&e, "a", "error 16");
    EXPECT_SHOWN(&e, "b", "5");
    engine_push(&e, "a", whole(6));
    AWAIT_SHOWN(&e, "a", "error 15");
    EXPECT_SHOWN(&e, "b", "error 15");
    engine_end(&e);
}

/* A constant that a master writes is an input like any other. */
static void constants_are_inputs(void **state)
{
    const struct value value = { .integer = 9 };
    struct engine e;

    (void)state;
    engine_begin(&e, METER_TEXT("", "{ name = \"a\"; unit = \"V\"; value = 3; writable = true; },"
                                    "{ name = \"b\"; unit = \"V\"; derived = { copy = [ \"a\" ]; "
                                    "factor = 2; }; }"));
    EXPECT_SHOWN(&e, "b", "6");
    meter_draft_begin(e.meter);
    meter_draft_set_value(e.meter, 0, &value);
    meter_draft_commit(e.meter);
    sources_written(e.sources, e.meter);
    EXPECT_SHOWN(&e, "b", "18");
    /* And when what was written is forgotten. */
    e.meter->now.cells[0] = (struct meter_cell){ .value = { .integer = 3 } };
    sources_forgotten(e.sources, e.meter);
    EXPECT_SHOWN(&e, "b", "6");
    engine_end(&e);
}

/* Each depends on the one behind it in the file. */
static void order_in_the_file_does_not_matter(void **state)
{
    struct engine e;

    (void)state;
    engine_begin(&e,
                 METER_TEXT("", "{ name = \"c\"; unit = \"V\"; derived = { copy = [ \"b\" ]; }; "
                                "},"
                                "{ name = \"b\"; unit = \"V\"; derived = { copy = [ \"a\" ]; }; "
                                "},"
                                "{ name = \"a\"; unit = \"V\"; pushed = { start = 4; }; }"));
    EXPECT_SHOWN(&e, "c", "4");
    engine_push(&e, "a", whole(5));
    EXPECT_SHOWN(&e, "c", "5");
    engine_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_its_inputs),
        cmocka_unit_test(errors_are_inherited),
        cmocka_unit_test(whole_numbers_stay_exact),
        cmocka_unit_test(an_integral_sums_up_over_time),
        cmocka_unit_test(an_integral_ticks),
        cmocka_unit_test(an_integral_pauses_with_its_input),
        cmocka_unit_test(an_integral_that_shows_no_error_keeps_its_sum),
        cmocka_unit_test(an_integral_goes_on_from_what_was_kept),
        cmocka_unit_test(dead_data_are_not_held),
        cmocka_unit_test(constants_are_inputs),
        cmocka_unit_test(order_in_the_file_does_not_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
