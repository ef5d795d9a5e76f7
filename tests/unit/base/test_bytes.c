#include "tests/unit/test.h"

#include "base/bytes.h"

static void little_endian_of_any_width(void **state)
{
    uint8_t bytes[16];
    struct writer w = writer_over(bytes, sizeof(bytes));

    (void)state;
    write_u8(&w, 0x01);
    write_le(&w, 0x0302, 2);
    write_le(&w, 0x11223344AABBCCDD, 6);
    write_le(&w, 0xFF, 0);
    assert_false(w.failed);
    assert_hex(bytes, w.n, "01 02 03 DD CC BB AA 44 33");
}

static void overflow_is_sticky_and_writes_nothing(void **state)
{
    uint8_t bytes[4] = { 0, 0, 0, 0xEE };
    struct writer w = writer_over(bytes, 3);

    (void)state;
    write_bytes(&w, (const uint8_t[]){ 1, 2 }, 2);
    assert_false(w.failed);
    write_le(&w, 0x0403, 2);
    assert_true(w.failed);
    assert_int_equal(w.n, 4);
    write_u8(&w, 5);
    assert_true(w.failed);
    assert_hex(bytes, 4, "01 02 03 EE");
}

static void no_room_measures(void **state)
{
    struct writer w = writer_over(NULL, 0);

    (void)state;
    write_le(&w, 0, 8);
    write_u8(&w, 0);
    assert_int_equal(w.n, 9);
    assert_true(w.failed);
}

static void reading_stops_at_the_end(void **state)
{
    static const uint8_t bytes[] = { 1, 2, 3 };
    struct reader r = reader_over(bytes, sizeof(bytes));
    const uint8_t *at = NULL;
    uint8_t byte = 0;

    (void)state;
    assert_true(read_u8(&r, &byte));
    assert_int_equal(byte, 1);
    assert_false(read_bytes(&r, 3, &at));
    assert_int_equal(reader_left(&r), 2);
    assert_true(read_bytes(&r, 2, &at));
    assert_ptr_equal(at, bytes + 1);
    assert_false(read_u8(&r, &byte));
    assert_true(read_bytes(&r, 0, &at));
    r = reader_over(NULL, 0);
    assert_int_equal(reader_left(&r), 0);
}

static void numbers_are_read_as_written(void **state)
{
    static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

    (void)state;
    assert_true(bytes_le(bytes, 0) == 0);
    assert_true(bytes_le(bytes, 2) == 0x0201);
    assert_true(bytes_le(bytes, 8) == 0x0807060504030201);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(little_endian_of_any_width),
        cmocka_unit_test(overflow_is_sticky_and_writes_nothing),
        cmocka_unit_test(no_room_measures),
        cmocka_unit_test(reading_stops_at_the_end),
        cmocka_unit_test(numbers_are_read_as_written),
    };

    return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
