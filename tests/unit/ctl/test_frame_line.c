#include "tests/unit/test.h"

#include <string.h>

#include "ctl/frame_line.h"
#include "mbus/frame.h"

static void assert_bytes(const uint8_t *bytes, size_t n, const char *expected, const char *file,
                         int line)
{
    struct label label = { 0 };

    frame_line(bytes, n, &label);
    if (label.n != strlen(expected) || memcmp(label.bytes, expected, label.n) != 0) {
        print_error("%.*s\n%s\n", (int)label.n, (const char *)label.bytes, expected);
        _fail(file, line);
    }
}

/* A whole frame or what is none, as it is. */
static void assert_raw_(const char *hex, const char *expected, const char *file, int line)
{
    uint8_t bytes[300];

    assert_bytes(bytes, test_hex(hex, bytes, sizeof(bytes)), expected, file, line);
}
#define RAW(hex, expected) assert_raw_(hex, expected, __FILE__, __LINE__)

/* C and A fields alone, or from the C field to the last byte of data. */
static void assert_frame_(const char *hex, const char *expected, const char *file, int line)
{
    uint8_t content[300], bytes[FRAME_MAX];
    size_t n = test_hex(hex, content, sizeof(content));

    if (n == 2) {
        n = frame_build_short(bytes, content[0], content[1]);
    } else {
        memcpy(bytes + FRAME_DATA_OFFSET, content + 3, n - 3);
        n = frame_seal_long(bytes, content[0], content[1], content[2], n - 3);
    }
    assert_bytes(bytes, n, expected, file, line);
}
#define FRAME(hex, expected) assert_frame_(hex, expected, __FILE__, __LINE__)

static void test_short_frames(void **state)
{
    (void)state;
    RAW("E5", "E5");
    FRAME("40 03", "SND_NKE to 3");
    FRAME("5B 03", "REQ_UD2 FCB=0 to 3");
    FRAME("7B 03", "REQ_UD2 FCB=1 to 3");
    FRAME("4B 03", "REQ_UD2 to 3");
    FRAME("7A 00", "REQ_UD1 FCB=1 to 0");
    FRAME("49 05", "REQ_SKE to 5");
    FRAME("0B 05", "RSP_SKE from 5");
    FRAME("3B 05", "RSP_SKE ACD DFC from 5");
    FRAME("40 FD", "SND_NKE to 253 (the selected)");
    FRAME("40 FE", "SND_NKE to 254 (whoever is there)");
    FRAME("40 FF", "SND_NKE to 255 (all)");
    FRAME("44 03", "C 44 to 3");
}

static void test_no_frames(void **state)
{
    (void)state;
    RAW("", "");
    RAW("FF", "FF");
    RAW("10 40 03 44 16", "10 40 03 44 16"); /* a checksum */
    RAW("68 1F 1F 68 08 03 72 78 56 34", "68 1F 1F 68 08 03 72 78 ... (10 bytes)");
    RAW("E5 E5", "E5 E5");
}

/* mbus-protocol 13.4, 14.3, 9 and 8.1: what there are no records for. */
static void test_orders(void **state)
{
    (void)state;
    FRAME("53 05 B8", "SND_UD FCB=0 CI B8 to 5: set 300 baud");
    FRAME("53 05 BB", "SND_UD FCB=0 CI BB to 5: set 2400 baud");
    FRAME("53 05 BF", "SND_UD FCB=0 CI BF to 5: set 38400 baud");
    FRAME("53 05 C0", "SND_UD FCB=0 CI C0 to 5, 0 bytes");
    FRAME("53 05 50", "SND_UD FCB=0 CI 50 to 5, 0 bytes: application reset");
    FRAME("73 05 50 10", "SND_UD FCB=1 CI 50 to 5, 1 byte: application reset 10");
    FRAME("53 FF 54", "SND_UD FCB=0 CI 54 to 255 (all), 0 bytes: synchronise");
    FRAME("53 FF 5C", "SND_UD FCB=0 CI 5C to 255 (all), 0 bytes: synchronise");
    FRAME("43 05 A0 01 02", "SND_UD CI A0 to 5, 2 bytes");
}

static void test_selections(void **state)
{
    (void)state;
    FRAME("53 FD 52 78 56 34 12 74 52 01 07",
          "SND_UD FCB=0 CI 52 to 253 (the selected), 8 bytes: select 12345678 TST version 1 water");
    FRAME("53 FD 52 FF FF F8 FF FF FF FF FF",
          "SND_UD FCB=0 CI 52 to 253 (the selected), 8 bytes: select FFF8FFFF any version any any "
          "medium");
    FRAME("53 FD 52 78 56 34 12 FF FF FF FF 0C 78 11 22 33 44",
          "SND_UD FCB=0 CI 52 to 253 (the selected), 14 bytes: select 12345678 any version any any "
          "medium, set fabrication_number 44332211");
    FRAME("53 FD 52 78 56", "SND_UD FCB=0 CI 52 to 253 (the selected), 2 bytes: select 78 56");
}

static void test_writes(void **state)
{
    (void)state;
    FRAME("53 05 51 01 7A 07", "SND_UD FCB=0 CI 51 to 5, 3 bytes: set address 7");
    FRAME("53 05 51 0C 79 78 56 34 02",
          "SND_UD FCB=0 CI 51 to 5, 6 bytes: set identification 02345678");
    FRAME("73 05 51 04 13 C8 01 00 00", "SND_UD FCB=1 CI 51 to 5, 6 bytes: set volume 456 l");
    FRAME("53 05 51 08 7E", "SND_UD FCB=0 CI 51 to 5, 2 bytes: read any");
    FRAME("53 05 51 7F", "SND_UD FCB=0 CI 51 to 5, 1 byte: read all");
    FRAME("53 05 51 48 13", "SND_UD FCB=0 CI 51 to 5, 2 bytes: read volume storage 1");
    FRAME("53 05 51 04 93 07 00 00 00 00", "SND_UD FCB=0 CI 51 to 5, 7 bytes: clear volume 0 l");
    FRAME("53 05 51 01 7A 07 2F 01 7A 08 01 7A 09 01 7A 0A",
          "SND_UD FCB=0 CI 51 to 5, 13 bytes: set address 7, set address 8, set address 9, ...");
    FRAME("53 05 51 0F 01", "SND_UD FCB=0 CI 51 to 5, 2 bytes: manufacturer data");
    FRAME("53 05 51 04 13", "SND_UD FCB=0 CI 51 to 5, 2 bytes: the value is cut off");
    FRAME("53 05 51", "SND_UD FCB=0 CI 51 to 5, 0 bytes: no records");
    FRAME("53 05 5A 01 00 00 00 01 7A 07", "SND_UD FCB=0 CI 5A to 5, 7 bytes: set address 7");
    FRAME("53 05 5B 78 56 34 12 74 52 01 07 01 00 00 00 01 7A 07",
          "SND_UD FCB=0 CI 5B to 5, 15 bytes: for 12345678 TST version 1 water, set address 7");
    FRAME("53 05 5B 78 56", "SND_UD FCB=0 CI 5B to 5, 2 bytes: the header is cut off");
}

static void test_answers(void **state)
{
    (void)state;
    RAW("68 18 18 68 08 03 72 78 56 34 12 74 52 01 07 00 00 00 00 02 FD 49 D2 04 02 16 C8 01 5E 16",
        "RSP_UD from 3: 12345678 TST water, 2 records");
    FRAME("28 03 72 78 56 34 12 74 52 01 07 00 10 00 00 02 FD 49 D2 04 1F",
          "RSP_UD ACD from 3: 12345678 TST water, 1 record, status 10, more follow");
    FRAME("08 03 72 78 56 34 12 74 52 01 07 00 00 00 00",
          "RSP_UD from 3: 12345678 TST water, 0 records");
    FRAME("08 03 72 78 56 34 12 74 52 01 07 00 00 00 00 01 7A 07 04 13 01",
          "RSP_UD from 3: 12345678 TST water, 1 record, then the value is cut off");
    FRAME("08 03 7A 00 00 00 00 01 7A 07", "RSP_UD from 3: 1 record");
    FRAME("08 03 73 78 56 34 12 00 00 E9 7E 23 01 00 00 56 04 00 00",
          "RSP_UD from 3: 12345678 water, 2 counters");
    FRAME("08 03 70 08", "RSP_UD from 3: application error 08: application too busy");
    FRAME("08 03 71 05", "RSP_UD from 3: alarm 05");
    FRAME("08 03 72 78 56", "RSP_UD from 3: CI 72, 2 bytes: the header is cut off");
}

static void test_hex_is_shortened(void **state)
{
    static const uint8_t bytes[] = { 1, 2, 3, 4 };
    struct label label = { 0 };

    (void)state;
    frame_line_hex(bytes, 4, 2, &label);
    assert_memory_equal(label.bytes, "01 02 ... (4 bytes)", label.n);
    label.n = 0;
    frame_line_hex(bytes, 4, 0, &label);
    assert_memory_equal(label.bytes, "01 02 03 04", label.n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_frames),     cmocka_unit_test(test_no_frames),
        cmocka_unit_test(test_orders),           cmocka_unit_test(test_selections),
        cmocka_unit_test(test_writes),           cmocka_unit_test(test_answers),
        cmocka_unit_test(test_hex_is_shortened),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
