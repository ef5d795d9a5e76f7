#include "tests/unit/io/fake_root.h"

#include <errno.h>

#include "io/hat_eeprom.h"

#define HAT "/proc/device-tree/hat/"

static void no_hat_is_normal(void **state)
{
    struct hat_eeprom hat;
    char root[64];

    (void)state;
    fake_root_init(root);
    assert_int_equal(hat_eeprom_read(root, &hat), -ENOENT);
    FAKE_STRING(root, HAT "product", ""); /* an EEPROM that was never written */
    assert_int_equal(hat_eeprom_read(root, &hat), -ENOENT);
    fake_root_done(root);
}

static void a_slave_hat(void **state)
{
    struct hat_eeprom hat;
    char root[64];

    (void)state;
    fake_root_init(root);
    FAKE_STRING(root, HAT "vendor", "packom.net");
    FAKE_STRING(root, HAT "product", "M-Bus Slave");
    FAKE_STRING(root, HAT "product_ver", "0x0002");
    assert_int_equal(hat_eeprom_read(root, &hat), 0);
    assert_string_equal(hat.vendor, "packom.net");
    assert_string_equal(hat.product, "M-Bus Slave");
    assert_string_equal(hat.version, "0x0002");
    assert_false(hat.is_master);
    fake_root_done(root);
}

static void a_master_hat_is_known(void **state)
{
    struct hat_eeprom hat;
    char root[64];

    (void)state;
    fake_root_init(root);
    FAKE_STRING(root, HAT "product", "M-Bus Master");
    assert_int_equal(hat_eeprom_read(root, &hat), 0);
    assert_true(hat.is_master);
    assert_string_equal(hat.vendor, "");
    fake_root_done(root);
}

/* An EEPROM may hold anything. */
static void odd_texts_are_tamed(void **state)
{
    struct hat_eeprom hat;
    char root[64], text[200];

    (void)state;
    fake_root_init(root);
    memset(text, 'x', sizeof(text));
    text[1] = '\n';
    text[2] = '\x1B';
    fake_root_write(root, HAT "product", text, sizeof(text));
    fake_root_write(root, HAT "vendor", "", 0);
    assert_int_equal(hat_eeprom_read(root, &hat), 0);
    assert_int_equal(strlen(hat.product), HAT_TEXT_MAX - 1);
    assert_memory_equal(hat.product, "x??x", 4);
    assert_string_equal(hat.vendor, "");
    fake_root_done(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_hat_is_normal),
        cmocka_unit_test(a_slave_hat),
        cmocka_unit_test(a_master_hat_is_known),
        cmocka_unit_test(odd_texts_are_tamed),
    };

    return cmocka_run_group_tests_name("hat eeprom", tests, NULL, NULL);
}
