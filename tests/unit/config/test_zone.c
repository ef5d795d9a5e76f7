#include "tests/unit/test.h"

#include <unistd.h>

#include "config/zone.h"

static void test_names(void **state)
{
    (void)state;
    static const char *const bad[] = { "",     "utc",  "/etc/localtime", "../localtime", "Europe",
                                       "a\nb", "none", "zone.tab",       "Europe/",      "." };
    assert_true(zone_exists("UTC"));
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(zone_exists(bad[i]));
}

static void test_database(void **state)
{
    (void)state;
    if (access("/usr/share/zoneinfo/Europe/Berlin", F_OK) != 0)
        skip();
    assert_true(zone_exists("Europe/Berlin"));
    assert_true(zone_exists("Etc/GMT+1"));
    assert_false(zone_exists("Europe/Berlim"));
    assert_false(zone_exists("europe/../Europe/Berlin"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_database),
    };
    return cmocka_run_group_tests_name("config/zone", tests, NULL, NULL);
}
