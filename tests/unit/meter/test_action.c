#include "tests/unit/test.h"

#include <string.h>

#include "meter/action.h"

static struct record_view view_of(const char *text, uint8_t *bytes, size_t capacity)
{
    struct record_reader r = { .at = bytes };
    struct record_view v;

    r.end = bytes + test_hex(text, bytes, capacity);
    assert_int_equal(record_next(&r, &v), RECORD_ONE);
    return v;
}

/* ---- which action ---- */

/* mbus-protocol 13.6, 16.6 and mbus-records 9.1: the last VIFE, when there is one. */
static const struct {
    const char *record;
    enum action action;
    size_t n_vib;
} named[] = {
    { "0C 06 07 01 00 00", ACTION_NONE, 1 },
    { "0C 86 00 07 01 00 00", ACTION_WRITE, 1 },
    { "0C 86 01 10 00 00 00", ACTION_ADD, 1 },
    { "0C 86 02 10 00 00 00", ACTION_SUBTRACT, 1 },
    { "01 FD 97 03 01", ACTION_OR, 2 },
    { "01 FD 97 04 01", ACTION_AND, 2 },
    { "01 FD 97 05 01", ACTION_XOR, 2 },
    { "01 FD 97 06 01", ACTION_AND_NOT, 2 },
    { "00 93 07", ACTION_CLEAR, 1 },
    { "04 96 07 00 00 00 00", ACTION_CLEAR, 1 },
    { "0C 86 08 11 05 00 00", ACTION_ADD_ENTRY, 1 },
    { "00 86 09", ACTION_DELETE_ENTRY, 1 },
    { "04 86 0A 01 00 00 00", ACTION_DELAYED, 1 },
    { "40 DA 0B", ACTION_FREEZE, 1 },
    { "40 FE 0B", ACTION_FREEZE, 1 },
    { "08 BB 0C", ACTION_LIST, 1 },
    { "08 BB 0D", ACTION_UNLIST, 1 },
    { "C0 40 FD 9B 07", ACTION_CLEAR, 2 },
    { "00 FF F2 07", ACTION_CLEAR, 2 },
    { "00 93 0E", ACTION_NONE, 2 }, /* reserved */
    { "00 93 0F", ACTION_NONE, 2 }, /* reserved */
    { "00 93 15", ACTION_NONE, 2 }, /* an error of the other direction */
    { "04 93 3B 01 00 00 00", ACTION_NONE, 2 },
    { "04 93 BB 01 01 00 00 00", ACTION_ADD, 2 }, /* behind a combinable VIFE */
    { "01 FD 0B 01", ACTION_NONE, 2 },            /* 0B is the VIF there, in an extension table */
    { "01 FB 01 01", ACTION_NONE, 2 },
    { "01 FD FD 02 78", ACTION_NONE, 3 }, /* mbus-records 6.1: battery, a table behind the table */
    { "01 FD FD 82 00 78", ACTION_WRITE, 3 },
    { "02 FD C8 FC 01 08 09", ACTION_NONE, 4 }, /* mbus-records 8.2: phase L1 */
    { "02 FD C8 FC 81 01 08 09", ACTION_ADD, 4 },
};

static void the_last_vife_names_the_action(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(named); i++) {
        uint8_t bytes[32];
        struct record_view v = view_of(named[i].record, bytes, sizeof(bytes));
        size_t n_vib = 99;

        assert_int_equal(action_of(&v, &n_vib), named[i].action);
        assert_int_equal(n_vib, named[i].n_vib);
    }
}

/* ---- what a master sends ---- */

/* mbus-records 4.1 and 4.2. */
static const struct {
    const char *record;
    bool good;
    int64_t integer;
} numbers[] = {
    { "01 13 B5", true, -75 },
    { "01 13 7F", true, 127 },
    { "01 13 80", false, 0 }, /* the most negative: no value */
    { "02 13 18 FC", true, -1000 },
    { "02 13 00 80", false, 0 },
    { "03 13 FE FF FF", true, -2 },
    { "03 13 00 00 80", false, 0 },
    { "04 13 39 30 00 00", true, 12345 },
    { "04 13 00 00 00 80", false, 0 },
    { "06 13 FF FF FF FF FF FF", true, -1 },
    { "06 13 00 00 00 00 00 80", false, 0 },
    { "07 13 FF FF FF FF FF FF FF 7F", true, INT64_MAX },
    { "07 13 01 00 00 00 00 00 00 80", true, -INT64_MAX },
    { "07 13 00 00 00 00 00 00 00 80", false, 0 },
    { "09 13 99", true, 99 },
    { "09 13 F9", true, -9 },
    { "09 13 FF", false, 0 },
    { "0A 13 23 F1", true, -123 },
    { "0A 13 FF FF", false, 0 }, /* no value */
    { "0A 13 EE EE", false, 0 }, /* error */
    { "0A 13 DD DD", false, 0 }, /* blank */
    { "0A 13 21 A3", false, 0 }, /* overflow */
    { "0A 13 1A 00", false, 0 },
    { "0A 13 A1 00", false, 0 },
    { "0A 13 F1 00", false, 0 }, /* a minus in the midst, or a wildcard */
    { "0B 13 02 00 F0", true, -2 },
    { "0B 13 00 00 F0", true, 0 }, /* minus zero */
    { "0C 13 78 56 34 12", true, 12345678 },
    { "0C 13 99 99 99 F9", true, -9999999 },
    { "0C 78 FF FF FF 1F", false, 0 },
    { "0E 13 12 90 78 56 34 12", true, 123456789012 },
    { "00 13", false, 0 }, /* no data */
    { "08 13", false, 0 },
    { "0D 13 02 31 32", false, 0 },
};

static void whole_numbers_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        uint8_t bytes[32];
        struct record_view v = view_of(numbers[i].record, bytes, sizeof(bytes));
        struct operand operand;

        assert_int_equal(operand_read(&v, CODING_SIGNED, &operand), numbers[i].good);
        if (!numbers[i].good)
            continue;
        assert_false(operand.is_real);
        assert_true(operand.integer == numbers[i].integer);
    }
}

/* mbus-records 4.7. */
static void reals_are_read(void **state)
{
    static const char *const no_numbers[] = { "05 13 00 00 C0 7F", "05 13 00 00 80 7F",
                                              "05 13 00 00 80 FF", "05 13 01 00 80 7F" };
    uint8_t bytes[8];
    struct record_view v = view_of("05 13 00 00 C0 3F", bytes, sizeof(bytes));
    struct operand operand;

    (void)state;
    assert_true(operand_read(&v, CODING_SIGNED, &operand));
    assert_true(operand.is_real);
    assert_true(operand.real >= 1.5 && operand.real <= 1.5);
    for (size_t i = 0; i < ARRAY_SIZE(no_numbers); i++) {
        v = view_of(no_numbers[i], bytes, sizeof(bytes));
        assert_false(operand_read(&v, CODING_SIGNED, &operand));
    }
}

/* mbus-records 4.2: without sign all ones say "no value", among bits they say nothing. */
static void signs_are_those_of_our_own_record(void **state)
{
    uint8_t bytes[16];
    struct record_view v = view_of("01 7A FE", bytes, sizeof(bytes));
    struct operand operand;

    (void)state;
    assert_true(operand_read(&v, CODING_UNSIGNED, &operand));
    assert_int_equal(operand.integer, 254);
    assert_int_equal(operand.field, DATA_FIELD_INT8);
    v = view_of("01 7A FF", bytes, sizeof(bytes));
    assert_false(operand_read(&v, CODING_UNSIGNED, &operand));
    assert_true(operand_read(&v, CODING_BITS, &operand));
    assert_int_equal(operand.integer, 255);
    v = view_of("01 7A 80", bytes, sizeof(bytes));
    assert_true(operand_read(&v, CODING_UNSIGNED, &operand));
    assert_int_equal(operand.integer, 128);
    v = view_of("07 7A 00 00 00 00 00 00 00 80", bytes, sizeof(bytes));
    assert_false(operand_read(&v, CODING_BITS, &operand));
}

/* ---- arithmetic ---- */

/* A record of our own with this data field. */
#define OWN(field) (&(struct record){ .dib = { .data_field = (field) } })

/* A date is written in its own type, and that is all. */
static void dates_are_written(void **state)
{
    static const struct record own = { .dib = { .data_field = DATA_FIELD_INT32 },
                                       .coding = CODING_TIME };
    struct operand operand = { .integer = 0x2681AF1E, .field = DATA_FIELD_INT32 };
    struct value min = { .integer = 0 }, max = { .integer = UINT32_MAX };
    struct value old = { .integer = 0x2681AF1D }, result;

    (void)state;
    assert_true(action_apply(ACTION_WRITE, &own, &old, &operand, &min, &max, &result));
    assert_true(result.integer == operand.integer);
    assert_false(action_apply(ACTION_ADD, &own, &old, &operand, &min, &max, &result));
    assert_false(action_apply(ACTION_CLEAR, &own, &old, NULL, &min, &max, &result));
    operand.field = DATA_FIELD_INT48;
    assert_false(action_apply(ACTION_WRITE, &own, &old, &operand, &min, &max, &result));
    operand = (struct operand){ .integer = 0x80, .field = DATA_FIELD_INT32 };
    assert_false(action_apply(ACTION_WRITE, &own, &old, &operand, &min, &max, &result));
}

#define ANY INT64_MIN, INT64_MAX

/* mbus-protocol 13.6 on whole numbers. */
static const struct {
    enum action action;
    enum data_field field;
    int64_t old, operand, min, max;
    bool good;
    int64_t result;
} sums[] = {
    { ACTION_WRITE, DATA_FIELD_INT16, 5, 7, ANY, true, 7 },
    { ACTION_ADD, DATA_FIELD_INT16, 5, 7, ANY, true, 12 },
    { ACTION_SUBTRACT, DATA_FIELD_INT16, 5, 7, ANY, true, -2 },
    { ACTION_OR, DATA_FIELD_INT8, 0x0A, 0x0C, ANY, true, 0x0E },
    { ACTION_AND, DATA_FIELD_INT8, 0x0A, 0x0C, ANY, true, 0x08 },
    { ACTION_XOR, DATA_FIELD_INT8, 0x0A, 0x0C, ANY, true, 0x06 },
    { ACTION_AND_NOT, DATA_FIELD_INT8, 0x0A, 0x0C, ANY, true, 0x02 },
    { ACTION_CLEAR, DATA_FIELD_INT16, 5, 7, ANY, true, 0 },
    { ACTION_WRITE, DATA_FIELD_BCD8, 0, 107, ANY, true, 107 }, /* D48's example */
    { ACTION_ADD, DATA_FIELD_BCD8, 107, 10, ANY, true, 117 },
    { ACTION_SUBTRACT, DATA_FIELD_BCD4, 5, 7, ANY, true, -2 },
    { ACTION_CLEAR, DATA_FIELD_BCD4, 5, 7, ANY, true, 0 },
    /* the width of the field */
    { ACTION_WRITE, DATA_FIELD_INT8, 0, 127, ANY, true, 127 },
    { ACTION_WRITE, DATA_FIELD_INT8, 0, 128, ANY, false, 0 },
    { ACTION_WRITE, DATA_FIELD_INT8, 0, -127, ANY, true, -127 },
    { ACTION_WRITE, DATA_FIELD_INT8, 0, -128, ANY, false, 0 },
    { ACTION_ADD, DATA_FIELD_INT8, 127, 1, ANY, false, 0 },
    { ACTION_SUBTRACT, DATA_FIELD_INT8, -127, 1, ANY, false, 0 },
    { ACTION_AND, DATA_FIELD_INT8, -127, -2, ANY, false, 0 }, /* 80: no value */
    { ACTION_XOR, DATA_FIELD_INT8, 1, -127, ANY, false, 0 },
    { ACTION_OR, DATA_FIELD_INT8, 1, 256, ANY, false, 0 },
    { ACTION_ADD, DATA_FIELD_INT64, INT64_MAX, 1, ANY, false, 0 },
    { ACTION_ADD, DATA_FIELD_INT64, -INT64_MAX, -1, ANY, false, 0 },
    { ACTION_ADD, DATA_FIELD_INT64, INT64_MAX, INT64_MAX, ANY, false, 0 },
    { ACTION_SUBTRACT, DATA_FIELD_INT64, -2, INT64_MAX, ANY, false, 0 },
    { ACTION_SUBTRACT, DATA_FIELD_INT64, 0, INT64_MAX, ANY, true, -INT64_MAX },
    { ACTION_WRITE, DATA_FIELD_BCD2, 0, 99, ANY, true, 99 },
    { ACTION_WRITE, DATA_FIELD_BCD2, 0, 100, ANY, false, 0 },
    { ACTION_WRITE, DATA_FIELD_BCD2, 0, -9, ANY, true, -9 },
    { ACTION_WRITE, DATA_FIELD_BCD2, 0, -10, ANY, false, 0 }, /* the sign costs a digit */
    { ACTION_ADD, DATA_FIELD_BCD12, 999999999999, 1, ANY, false, 0 },
    /* min and max of the record */
    { ACTION_WRITE, DATA_FIELD_INT16, 5, 10, 0, 10, true, 10 },
    { ACTION_WRITE, DATA_FIELD_INT16, 5, 11, 0, 10, false, 0 },
    { ACTION_WRITE, DATA_FIELD_INT16, 5, -1, 0, 10, false, 0 },
    { ACTION_ADD, DATA_FIELD_INT16, 5, 5, 0, 10, true, 10 },
    { ACTION_ADD, DATA_FIELD_INT16, 5, 6, 0, 10, false, 0 },
    { ACTION_SUBTRACT, DATA_FIELD_INT16, 5, 6, 0, 10, false, 0 },
    { ACTION_CLEAR, DATA_FIELD_INT16, 5, 0, 1, 10, false, 0 },
    { ACTION_OR, DATA_FIELD_INT16, 8, 4, 0, 10, false, 0 },
    /* what has no such action */
    { ACTION_ADD_ENTRY, DATA_FIELD_INT16, 5, 6, ANY, false, 0 },
    { ACTION_DELETE_ENTRY, DATA_FIELD_INT16, 5, 6, ANY, false, 0 },
    { ACTION_DELAYED, DATA_FIELD_INT16, 5, 6, ANY, false, 0 },
    { ACTION_FREEZE, DATA_FIELD_INT16, 5, 6, ANY, false, 0 },
    { ACTION_LIST, DATA_FIELD_INT16, 5, 6, ANY, false, 0 },
    { ACTION_UNLIST, DATA_FIELD_INT16, 5, 6, ANY, false, 0 },
    { ACTION_NONE, DATA_FIELD_INT16, 5, 6, ANY, false, 0 },
    { ACTION_WRITE, DATA_FIELD_NONE, 5, 6, ANY, false, 0 },
    { ACTION_WRITE, DATA_FIELD_VARIABLE, 5, 6, ANY, false, 0 },
};

static void whole_numbers_are_worked_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sums); i++) {
        struct value old = { .integer = sums[i].old }, result;
        struct operand operand = { .integer = sums[i].operand };
        struct value min = { .integer = sums[i].min }, max = { .integer = sums[i].max };

        assert_int_equal(
            action_apply(sums[i].action, OWN(sums[i].field), &old, &operand, &min, &max, &result),
            sums[i].good);
        if (sums[i].good)
            assert_true(result.integer == sums[i].result);
    }
}

/* mbus-protocol 13.6 on a real: what works on bits has no meaning there. Halves are exact in a
 * float. */
static const struct {
    enum action action;
    float old;
    double operand;
    float min, max;
    bool good;
    float result;
} real_sums[] = {
    { ACTION_WRITE, 1.5F, 2.5, -1e30F, 1e30F, true, 2.5F },
    { ACTION_ADD, 1.5F, 2.5, -1e30F, 1e30F, true, 4 },
    { ACTION_SUBTRACT, 1.5F, 2.5, -1e30F, 1e30F, true, -1 },
    { ACTION_CLEAR, 1.5F, 2.5, -1e30F, 1e30F, true, 0 },
    { ACTION_OR, 1.5F, 2.5, -1e30F, 1e30F, false, 0 },
    { ACTION_AND, 1.5F, 2.5, -1e30F, 1e30F, false, 0 },
    { ACTION_XOR, 1.5F, 2.5, -1e30F, 1e30F, false, 0 },
    { ACTION_AND_NOT, 1.5F, 2.5, -1e30F, 1e30F, false, 0 },
    { ACTION_ADD, 3.0e38F, 3.0e38, -3.4e38F, 3.4e38F, false, 0 }, /* overflow */
    { ACTION_WRITE, 0, 1e39, -3.4e38F, 3.4e38F, false, 0 },
    { ACTION_WRITE, 0, 10.5, 0, 10.5F, true, 10.5F },
    { ACTION_WRITE, 0, 11, 0, 10.5F, false, 0 },
    { ACTION_WRITE, 0, -0.5, 0, 10.5F, false, 0 },
    { ACTION_CLEAR, 5, 0, 1, 10, false, 0 },
};

static void reals_are_worked_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(real_sums); i++) {
        struct value old = { .real = real_sums[i].old }, result;
        struct operand operand = { .is_real = true, .real = real_sums[i].operand };
        struct value min = { .real = real_sums[i].min }, max = { .real = real_sums[i].max };

        assert_int_equal(action_apply(real_sums[i].action, OWN(DATA_FIELD_REAL32), &old, &operand,
                                      &min, &max, &result),
                         real_sums[i].good);
        if (real_sums[i].good)
            assert_memory_equal(&result.real, &real_sums[i].result, sizeof(float));
    }
}

/* A master may send a number in another coding than ours; a whole number takes no fraction. */
static void codings_may_differ(void **state)
{
    static const struct {
        double real;
        bool good;
        int64_t result;
    } rows[] = {
        { 7.0, true, 7 },
        { -7.0, true, -7 },
        { 1.5, false, 0 },
        { 1e17, false, 0 },
        { -1e17, false, 0 },
        { 0.0, true, 0 },
        { 2147483647, true, 2147483647 },
    };
    struct value min = { .integer = INT64_MIN, .real = -1e30F }, max = { INT64_MAX, 1e30F };
    struct value old = { .integer = 1, .real = 1.5F }, result;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct operand operand = { .is_real = true, .real = rows[i].real };

        assert_int_equal(
            action_apply(ACTION_WRITE, OWN(DATA_FIELD_INT32), &old, &operand, &min, &max, &result),
            rows[i].good);
        if (rows[i].good)
            assert_true(result.integer == rows[i].result);
    }
    assert_true(action_apply(ACTION_ADD, OWN(DATA_FIELD_REAL32), &old,
                             &(struct operand){ .integer = 2 }, &min, &max, &result));
    assert_true(result.real >= 3.5F && result.real <= 3.5F);
}

/* mbus-protocol 13.6: a clear has mostly no data, and what comes with it is not looked at. */
static void a_clear_needs_no_operand(void **state)
{
    struct value min = { .integer = -10, .real = -10 }, max = { .integer = 10, .real = 10 };
    struct value old = { .integer = 5, .real = 5 }, result;
    struct operand operand = { .is_real = true, .real = 1.5 };

    (void)state;
    assert_true(
        action_apply(ACTION_CLEAR, OWN(DATA_FIELD_INT16), &old, &operand, &min, &max, &result));
    assert_int_equal(result.integer, 0);
    assert_true(action_apply(ACTION_CLEAR, OWN(DATA_FIELD_INT16), &old, NULL, &min, &max, &result));
    assert_true(action_apply(ACTION_CLEAR, OWN(DATA_FIELD_BCD8), &old, NULL, &min, &max, &result));
    assert_true(
        action_apply(ACTION_CLEAR, OWN(DATA_FIELD_REAL32), &old, NULL, &min, &max, &result));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_vife_names_the_action),
        cmocka_unit_test(whole_numbers_are_read),
        cmocka_unit_test(reals_are_read),
        cmocka_unit_test(signs_are_those_of_our_own_record),
        cmocka_unit_test(dates_are_written),
        cmocka_unit_test(whole_numbers_are_worked_out),
        cmocka_unit_test(reals_are_worked_out),
        cmocka_unit_test(codings_may_differ),
        cmocka_unit_test(a_clear_needs_no_operand),
    };

    return cmocka_run_group_tests_name("action", tests, NULL, NULL);
}
