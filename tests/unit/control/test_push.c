#include "tests/unit/control/bed.h"

#include <math.h>

#include "meter/live.h"

static struct bed bed;

static int begin(void **state)
{
    (void)state;
    bed_begin(&bed);
    return 0;
}

static int end(void **state)
{
    (void)state;
    bed_end(&bed);
    return 0;
}

static sd_bus_message *set_values(const char *types, ...)
{
    sd_bus_message *call = bed_new_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "SetValues");
    va_list args;

    va_start(args, types);
    assert_true(sd_bus_message_appendv(call, types, args) >= 0);
    va_end(args);
    return bed_send(&bed, call);
}

/* A record of "heat" has this number now. */
static void expect_number(size_t record, double wanted)
{
    struct number number;

    assert_true(meter_get_number(bed.meters[0], record, &number));
    assert_true((number.is_real ? number.real : (double)number.integer) == wanted);
}

static void every_type_of_number_is_taken(void **state)
{
    (void)state;
    for (const char *type = "ynqiuxtd"; *type != '\0'; type++) {
        sd_bus_message *call = bed_new_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "SetValues");
        char signature[] = { *type, '\0' };

        assert_true(sd_bus_message_append(call, "a(sv)", 1, "heat.power", "d", 0.0) >= 0);
        sd_bus_message_unref(bed_good(bed_send(&bed, call)));
        call = bed_new_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "SetValues");
        if (*type == 'd')
            assert_true(sd_bus_message_append(call, "a(sv)", 1, "heat.power", signature, 42.0) >=
                        0);
        else if (*type == 'x' || *type == 't')
            assert_true(sd_bus_message_append(call, "a(sv)", 1, "heat.power", signature,
                                              (uint64_t)42) >= 0);
        else
            assert_true(sd_bus_message_append(call, "a(sv)", 1, "heat.power", signature, 42) >= 0);
        sd_bus_message_unref(bed_good(bed_send(&bed, call)));
        expect_number(2, 42);
    }
}

static void a_number_beyond_every_record_is_an_error_of_it(void **state)
{
    sd_bus_message *m;
    const char *error;

    (void)state;
    sd_bus_message_unref(bed_good(set_values("a(sv)", 1, "heat/flow", "t", UINT64_MAX)));
    m = bed_property(&bed, METER_PREFIX "/heat/flow", RECORD_INTERFACE, "Error");
    assert_true(sd_bus_message_read(m, "v", "s", &error) > 0);
    assert_string_equal(error, "data_overflow");
    sd_bus_message_unref(m);
    sd_bus_message_unref(bed_good(set_values("a(sv)", 1, "heat/flow", "d", -21.25)));
    expect_number(1, -21.25);
    m = bed_good(bed_call(&bed, METER_PREFIX "/heat/flow", RECORD_INTERFACE, "Get", NULL));
    assert_true(sd_bus_message_skip(m, "v") > 0);
    assert_true(sd_bus_message_read(m, "s", &error) > 0);
    assert_string_equal(error, "");
    sd_bus_message_unref(m);
}

/* All or nothing: whatever is wrong with the last one, the first is not taken. */
static void one_that_is_wrong_spoils_all(void **state)
{
    static const struct {
        const char *name, *error;
    } wrong[] = {
        { "heap.power", ERROR_NO_SUCH_METER },
        { "heat.powers", ERROR_NO_SUCH_RECORD },
        { "heat.energy", ERROR_NOT_PUSHED },
        { "heat", ERROR_NO_SUCH_RECORD },
        { "", ERROR_NO_SUCH_METER },
        { "heat.", ERROR_NO_SUCH_RECORD },
        { "heat.flow.x", ERROR_NO_SUCH_RECORD },
        { "water.volume", ERROR_NOT_PUSHED },
    };

    (void)state;
    sd_bus_message_unref(bed_good(set_values("a(sv)", 1, "heat.power", "i", 1)));
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        bed_bad(set_values("a(sv)", 2, "heat.power", "i", 2, wrong[i].name, "i", 3), wrong[i].error,
                wrong[i].name);
    bed_bad(set_values("a(sv)", 2, "heat.power", "i", 2, "heat.flow", "d", (double)INFINITY),
            ERROR_NOT_A_NUMBER, "heat.flow");
    bed_bad(set_values("a(sv)", 2, "heat.power", "i", 2, "heat.flow", "d", (double)NAN),
            ERROR_NOT_A_NUMBER, "heat.flow");
    bed_bad(set_values("a(sv)", 2, "heat.power", "i", 2, "heat.flow", "s", "warm"),
            SD_BUS_ERROR_INVALID_ARGS, "heat.flow");
    bed_bad(set_values("a(sv)", 2, "heat.power", "i", 2, "heat.flow", "b", 1),
            SD_BUS_ERROR_INVALID_ARGS, "heat.flow");
    expect_number(2, 1);
}

static void nothing_is_no_error(void **state)
{
    (void)state;
    sd_bus_message_unref(bed_good(set_values("a(sv)", 0)));
}

static void one_record_is_set_at_its_object(void **state)
{
    const char *path = METER_PREFIX "/heat/power";

    (void)state;
    sd_bus_message_unref(bed_good(bed_call(&bed, path, RECORD_INTERFACE, "Set", "v", "d", 1234.0)));
    expect_number(2, 1234);
    bed_bad(bed_call(&bed, path, RECORD_INTERFACE, "Set", "v", "s", "much"),
            SD_BUS_ERROR_INVALID_ARGS, "heat.power: its value");
    bed_bad(bed_call(&bed, path, RECORD_INTERFACE, "Set", "v", "d", (double)NAN),
            ERROR_NOT_A_NUMBER, "heat.power");
    bed_bad(bed_call(&bed, METER_PREFIX "/heat/energy", RECORD_INTERFACE, "Set", "v", "d", 1.0),
            ERROR_NOT_PUSHED, "heat.energy");
    expect_number(2, 1234);
}

static void a_push_has_an_age(void **state)
{
    sd_bus_message *m;
    uint64_t age = UINT64_MAX;

    (void)state;
    sd_bus_message_unref(bed_good(set_values("a(sv)", 1, "heat.flow", "d", 20.0)));
    m = bed_good(bed_call(&bed, SERVICE_PATH, MANAGER_INTERFACE, "ListRecords", "s", "heat"));
    assert_true(sd_bus_message_enter_container(m, 'a', "(ssayvsstb)") > 0);
    assert_true(sd_bus_message_skip(m, "(ssayvsstb)") > 0);
    assert_true(sd_bus_message_enter_container(m, 'r', "ssayvsstb") > 0);
    assert_true(sd_bus_message_skip(m, "ssayvss") > 0);
    assert_true(sd_bus_message_read(m, "t", &age) > 0);
    assert_true(age < 5 * USEC_PER_SEC);
    sd_bus_message_unref(m);
}

/* ---- forget ---------------------------------------------------------------------------------- */

static void what_a_master_has_set_is_forgotten(void **state)
{
    sd_bus_message *m;
    int forgotten;

    (void)state;
    bed.meters[0]->now.address = 77;
    bed.forget_result = 1;
    m = bed_good(bed_call(&bed, METER_PREFIX "/heat", METER_INTERFACE, "Forget", NULL));
    assert_true(sd_bus_message_read(m, "b", &forgotten) > 0);
    assert_int_equal(forgotten, 1);
    assert_int_equal(bed.meters[0]->now.address, 3);
    sd_bus_message_unref(m);
    bed.forget_result = 0;
    m = bed_good(bed_call(&bed, METER_PREFIX "/heat", METER_INTERFACE, "Forget", NULL));
    assert_true(sd_bus_message_read(m, "b", &forgotten) > 0);
    assert_int_equal(forgotten, 0);
    sd_bus_message_unref(m);
}

static void what_cannot_be_forgotten_says_why(void **state)
{
    (void)state;
    bed.forget_result = -EADDRINUSE;
    bed_bad(bed_call(&bed, METER_PREFIX "/heat", METER_INTERFACE, "Forget", NULL),
            SD_BUS_ERROR_FAILED, "address 3");
    bed.forget_result = -ENOSPC;
    bed_bad(bed_call(&bed, METER_PREFIX "/heat", METER_INTERFACE, "Forget", NULL),
            SD_BUS_ERROR_FAILED, "No space left");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_of_number_is_taken),
        cmocka_unit_test(a_number_beyond_every_record_is_an_error_of_it),
        cmocka_unit_test(one_that_is_wrong_spoils_all),
        cmocka_unit_test(nothing_is_no_error),
        cmocka_unit_test(one_record_is_set_at_its_object),
        cmocka_unit_test(a_push_has_an_age),
        cmocka_unit_test(what_a_master_has_set_is_forgotten),
        cmocka_unit_test(what_cannot_be_forgotten_says_why),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
