#include "tests/unit/config/support.h"

#include "config/hex.h"

static void test_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int n;
        const char *bytes;
    } rows[] = {
        { "", 0, "" },
        { "  ", 0, "" },
        { "00", 1, "00" },
        { "09aFAf90", 4, "09 AF AF 90" },
        { " 01  02 ", 2, "01 02" },
        { "0", -1, NULL },
        { "000", -1, NULL },
        { "0 0", -1, NULL },
        { "0g", -1, NULL },
        { "g0", -1, NULL },
        { "0x00", -1, NULL },
        { "00\t00", -1, NULL },
        { "00,00", -1, NULL },
        { "@0", -1, NULL },
        { "`0", -1, NULL },
        { "/0", -1, NULL },
        { ":0", -1, NULL },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint8_t bytes[8];
        assert_int_equal(hex_parse(rows[i].text, NULL), rows[i].n);
        assert_int_equal(hex_parse(rows[i].text, bytes), rows[i].n);
        if (rows[i].n > 0)
            assert_hex(bytes, (size_t)rows[i].n, rows[i].bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
    };
    return cmocka_run_group_tests_name("config/hex", tests, NULL, NULL);
}
