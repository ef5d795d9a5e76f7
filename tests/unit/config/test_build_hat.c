#include "tests/unit/config/support.h"

#define REST "port = { device = \"pty\"; };\nmeter = { };\n"

static void test_none(void **state)
{
    (void)state;
    static const char *const texts[] = { REST, REST "hat = { };\n" };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct loaded loaded = load_good(texts[i]);
        for (size_t role = 0; role < HAT_ROLES; role++)
            assert_false(loaded.config->hat.roles[role].is_set);
        loaded_done(&loaded);
    }
}

static void test_defaults(void **state)
{
    (void)state;
    struct loaded loaded = load_good(REST "hat = { activity = { line = \"GPIO17\"; }; };\n");
    const struct hat_line_config *activity = &loaded.config->hat.roles[HAT_ACTIVITY];
    assert_false(loaded.config->hat.roles[HAT_ENABLE].is_set);
    assert_true(activity->is_set);
    assert_string_equal(activity->line.name, "GPIO17");
    assert_null(activity->line.chip);
    assert_false(activity->line.active_low);
    assert_int_equal(activity->line.bias, LINE_BIAS_AS_IS);
    assert_int_equal(activity->line.drive, LINE_PUSH_PULL);
    assert_int_equal(activity->pulse, 50 * USEC_PER_MSEC);
    loaded_done(&loaded);
}

static void test_all(void **state)
{
    (void)state;
    struct loaded loaded =
        load_good(REST "hat = {\n"
                       "  enable = { chip = \"pinctrl-bcm2711\"; offset = 26; active_low = true;\n"
                       "             bias = \"pull_down\"; drive = \"open_source\"; };\n"
                       "  transmit = { chip = \"pinctrl-bcm2711\"; offset = 27; };\n"
                       "  activity = { line = \"LED\"; pulse = \"1 ms\"; active_low = false; };\n"
                       "};\n");
    const struct hat_line_config *roles = loaded.config->hat.roles;
    assert_string_equal(roles[HAT_ENABLE].line.chip, "pinctrl-bcm2711");
    assert_int_equal(roles[HAT_ENABLE].line.offset, 26);
    assert_true(roles[HAT_ENABLE].line.active_low);
    assert_int_equal(roles[HAT_ENABLE].line.bias, LINE_BIAS_PULL_DOWN);
    assert_int_equal(roles[HAT_ENABLE].line.drive, LINE_OPEN_SOURCE);
    assert_int_equal(roles[HAT_TRANSMIT].line.offset, 27);
    assert_int_equal(roles[HAT_ACTIVITY].pulse, USEC_PER_MSEC);
    loaded_done(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_all),
    };
    return cmocka_run_group_tests_name("config/build_hat", tests, NULL, NULL);
}
