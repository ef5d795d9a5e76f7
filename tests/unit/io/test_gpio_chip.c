/* The real libgpiod behind io/gpio_chip.h, as far as a machine without chips goes; tests/vm has
 * chips. */
#include "tests/unit/test.h"

#include <errno.h>
#include <stdlib.h>

#include "io/gpio_chip.h"

static void test_no_chip(void **state)
{
    (void)state;
    struct gpio_chip *chip = NULL;

    assert_int_equal(gpio_chip_open("/dev/gpiochip-none", &chip), -ENOENT);
    assert_true(gpio_chip_open("/dev/null", &chip) < 0);
    assert_null(chip);
    assert_null(gpio_chip_close(NULL));
    assert_null(gpio_close(NULL));
}

static void test_paths(void **state)
{
    (void)state;
    char **paths = NULL;

    assert_int_equal(gpio_chip_paths(&paths), 0);
    assert_non_null(paths);
    for (char **path = paths; *path != NULL; path++)
        free(*path);
    free(paths);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_chip),
        cmocka_unit_test(test_paths),
    };
    return cmocka_run_group_tests_name("io/gpio_chip", tests, NULL, NULL);
}
