#include "tests/unit/config/support.h"

static void test_release(void **state)
{
    (void)state;
    config_free(NULL);
    config_free(calloc(1, sizeof(struct config)));
    /* Half built: counted, but empty. */
    struct config *config = calloc(1, sizeof(*config));
    assert_non_null(config);
    config->ports = calloc(2, sizeof(*config->ports));
    config->n_ports = 2;
    config->meters = calloc(1, sizeof(*config->meters));
    config->n_meters = 1;
    config_free(config);
}

static void test_messages(void **state)
{
    (void)state;
    struct config_messages messages = { 0 };
    config_messages_done(&messages);
    struct loaded loaded = load_text("a = 1;\n", NULL);
    assert_int_equal(loaded.messages.n, 2);
    loaded_done(&loaded);
    assert_null(loaded.messages.items);
    assert_int_equal(loaded.messages.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_release),
        cmocka_unit_test(test_messages),
    };
    return cmocka_run_group_tests_name("config/config", tests, NULL, NULL);
}
