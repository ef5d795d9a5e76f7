#include "tests/unit/test.h"

#include "mbus/header.h"

/* mbus-protocol 16.2, with access number and status. */
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

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(long_header) };

    return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
