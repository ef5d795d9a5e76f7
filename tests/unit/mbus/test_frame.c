#include "tests/unit/test.h"

#include <string.h>

#include "mbus/frame.h"

/* mbus-protocol 3.2 and 16.12: each check, and what breaks it. */
static const struct {
    const char *bytes;
    enum frame_fault fault;
} rows[] = {
    { "E5", FRAME_GOOD },
    { "10 40 05 45 16", FRAME_GOOD },
    { "10 7B FE 79 16", FRAME_GOOD },
    { "68 03 03 68 53 05 50 A8 16", FRAME_GOOD },
    { "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", FRAME_GOOD },
    { "10 40 05 46 16", FRAME_BAD_CHECKSUM },
    { "10 40 05 45 15", FRAME_BAD_STOP },
    { "68 03 04 68 53 05 50 A8 16", FRAME_BAD_LENGTH },
    { "68 02 02 68 53 05 58 16", FRAME_BAD_LENGTH },
    { "68 00 00 68 00 16", FRAME_BAD_LENGTH },
    { "68 03 03 69 53 05 50 A8 16", FRAME_BAD_SECOND_START },
    { "68 03 03 68 53 05 50 A9 16", FRAME_BAD_CHECKSUM },
    { "68 03 03 68 53 05 50 A8 17", FRAME_BAD_STOP },
    { "A2", FRAME_BAD_START },
    { "55 55 55", FRAME_BAD_START },
    { "00", FRAME_BAD_START },
    { "68", FRAME_BAD_GAP },
    { "10 40 05 45", FRAME_BAD_GAP },
    { "10 40 05 45 16 10", FRAME_BAD_GAP },
    { "", FRAME_BAD_GAP },
};

static void every_check_is_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t bytes[64];
        size_t n = test_hex(rows[i].bytes, bytes, sizeof(bytes));
        struct frame frame;

        assert_int_equal(frame_parse(bytes, n, &frame), rows[i].fault);
    }
}

static void parts_are_taken_apart(void **state)
{
    uint8_t bytes[64];
    struct frame f;
    size_t n;

    (void)state;
    n = test_hex("10 7B 05 80 16", bytes, sizeof(bytes));
    assert_int_equal(frame_parse(bytes, n, &f), FRAME_GOOD);
    assert_int_equal(f.kind, FRAME_KIND_SHORT);
    assert_int_equal(f.c, 0x7B);
    assert_int_equal(f.a, 0x05);

    n = test_hex("68 06 06 68 73 05 51 01 7A 08 4C 16", bytes, sizeof(bytes));
    assert_int_equal(frame_parse(bytes, n, &f), FRAME_GOOD);
    assert_int_equal(f.kind, FRAME_KIND_LONG);
    assert_int_equal(f.ci, 0x51);
    assert_hex(f.data, f.n, "01 7A 08");

    n = test_hex("68 03 03 68 53 05 50 A8 16", bytes, sizeof(bytes));
    assert_int_equal(frame_parse(bytes, n, &f), FRAME_GOOD);
    assert_int_equal(f.n, 0);

    assert_int_equal(frame_parse((const uint8_t[]){ FRAME_ACK }, 1, &f), FRAME_GOOD);
    assert_int_equal(f.kind, FRAME_KIND_ACK);
}

static void longest_frame_there_and_back(void **state)
{
    uint8_t bytes[FRAME_MAX];
    struct frame f;
    size_t n;

    (void)state;
    memset(bytes, 0xA5, sizeof(bytes));
    n = frame_seal_long(bytes, 0x08, 250, 0x72, 252);
    assert_int_equal(n, FRAME_MAX);
    assert_int_equal(frame_parse(bytes, n, &f), FRAME_GOOD);
    assert_int_equal(f.a, 250);
    assert_int_equal(f.n, 252);
    assert_ptr_equal(f.data, bytes + FRAME_DATA_OFFSET);
    assert_int_equal(frame_seal_long(bytes, 0x08, 250, 0x72, 253), 0);
}

/* mbus-protocol 3.1: L is 3 and the data, the frame 6 more; the checksum is the sum of what L
 * counts, its carry dropped. Each length there is. */
static void every_length(void **state)
{
    (void)state;
    for (size_t n = 0; n <= 252; n++) {
        uint8_t bytes[FRAME_MAX], sum = 0;
        struct frame f;

        for (size_t i = 0; i < n; i++)
            bytes[FRAME_DATA_OFFSET + i] = (uint8_t)(7 * i + n);
        assert_int_equal(frame_seal_long(bytes, 0x08, 5, 0x72, n), n + 9);
        assert_int_equal(bytes[0], 0x68);
        assert_int_equal(bytes[1], n + 3);
        assert_int_equal(bytes[2], n + 3);
        assert_int_equal(bytes[3], 0x68);
        for (size_t i = 4; i < n + 7; i++)
            sum = (uint8_t)(sum + bytes[i]);
        assert_int_equal(bytes[n + 7], sum);
        assert_int_equal(bytes[n + 8], 0x16);
        assert_int_equal(frame_parse(bytes, n + 9, &f), FRAME_GOOD);
        assert_int_equal(f.n, n);
    }
}

/* mbus-protocol 3.1: a short frame sums up C and A. */
static void every_short_frame(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 65536; i++) {
        uint8_t bytes[FRAME_SHORT_SIZE];

        assert_int_equal(frame_build_short(bytes, (uint8_t)(i >> 8), (uint8_t)i), 5);
        assert_int_equal(bytes[0], 0x10);
        assert_int_equal(bytes[3], ((i >> 8) + i) & 0xFF);
        assert_int_equal(bytes[4], 0x16);
    }
}

static void sealing_matches_the_worked_error_telegram(void **state)
{
    uint8_t bytes[16] = { [FRAME_DATA_OFFSET] = 0x08 };

    (void)state;
    /* mbus-protocol 16.9 */
    assert_hex(bytes, frame_seal_long(bytes, 0x08, 5, 0x70, 1), "68 04 04 68 08 05 70 08 85 16");
}

static void any_wrong_byte_breaks_a_frame(void **state)
{
    uint8_t bytes[16];
    size_t n = test_hex("68 03 03 68 53 05 50 A8 16", bytes, sizeof(bytes));
    struct frame f;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            bytes[i] ^= (uint8_t)(1U << bit);
            assert_int_not_equal(frame_parse(bytes, n, &f), FRAME_GOOD);
            bytes[i] ^= (uint8_t)(1U << bit);
        }
    }
}

static void faults_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < FRAME_FAULTS; i++) {
        for (int j = 0; j < i; j++)
            assert_string_not_equal(frame_fault_name((enum frame_fault)i),
                                    frame_fault_name((enum frame_fault)j));
    }
    assert_string_equal(frame_fault_name(FRAME_FAULTS), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_check_is_made),
        cmocka_unit_test(parts_are_taken_apart),
        cmocka_unit_test(longest_frame_there_and_back),
        cmocka_unit_test(every_length),
        cmocka_unit_test(every_short_frame),
        cmocka_unit_test(sealing_matches_the_worked_error_telegram),
        cmocka_unit_test(any_wrong_byte_breaks_a_frame),
        cmocka_unit_test(faults_have_names),
    };

    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
