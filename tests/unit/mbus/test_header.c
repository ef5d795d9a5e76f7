#include "tests/unit/test.h"

#include "mbus/header.h"

/* mbus-protocol 10.1 and 16.2, with access number (mbus-protocol 10.3) and status (mbus-protocol
 * 10.4); nothing is encrypted (mbus-protocol 10.5). */
static void long_header(void **state)
{
    struct ident ident = { 0x12345678, 0x5274, 1, 7 };
    uint8_t bytes[LONG_HEADER_SIZE];
    struct writer w = writer_over(bytes, sizeof(bytes));

    (void)state;
    long_header_encode(&ident, 0xFE, 0x14, &w);
    assert_false(w.failed);
    assert_hex(bytes, w.n, "78 56 34 12 74 52 01 07 FE 14 00 00");
}

/* mbus-protocol 10.1: each kind there and back. */
static void headers_come_back(void **state)
{
    static const char *const texts[] = {
        [HEADER_NONE] = "",
        [HEADER_SHORT] = "FE 14 34 12",
        [HEADER_LONG] = "78 56 34 12 74 52 01 07 FE 14 34 12",
    };

    (void)state;
    for (unsigned kind = 0; kind < ARRAY_SIZE(texts); kind++) {
        uint8_t bytes[LONG_HEADER_SIZE], again[LONG_HEADER_SIZE];
        struct writer w = writer_over(again, sizeof(again));
        struct header header;

        assert_int_equal(test_hex(texts[kind], bytes, sizeof(bytes)),
                         header_size((enum header_kind)kind));
        header_decode((enum header_kind)kind, bytes, &header);
        assert_int_equal(header.access, kind == HEADER_NONE ? 0 : 0xFE);
        assert_int_equal(header.status, kind == HEADER_NONE ? 0 : 0x14);
        assert_int_equal(header.configuration, kind == HEADER_NONE ? 0 : 0x1234);
        assert_int_equal(header.ident.manufacturer, kind == HEADER_LONG ? 0x5274 : 0);
        header_encode((enum header_kind)kind, &header, &w);
        assert_hex(again, w.n, texts[kind]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(long_header),
                                        cmocka_unit_test(headers_come_back) };

    return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
