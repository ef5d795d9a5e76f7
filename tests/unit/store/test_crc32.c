#include "tests/unit/test.h"

#include <string.h>

#include "store/crc32.h"

/* Check values of the catalogues of CRCs. */
static void known_values(void **state)
{
    static const struct {
        const char *text;
        uint32_t crc;
    } rows[] = {
        { "", 0 },
        { "123456789", 0xCBF43926 },
        { "a", 0xE8B7BE43 },
        { "The quick brown fox jumps over the lazy dog", 0x414FA339 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(crc32(rows[i].text, strlen(rows[i].text)), rows[i].crc);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(known_values) };

    return cmocka_run_group_tests_name("store/crc32", tests, NULL, NULL);
}
