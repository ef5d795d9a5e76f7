#include "tests/unit/test.h"

#include <errno.h>
#include <string.h>

#include "io/gpio.h"
#include "tests/fake/gpio_fake.h"

static struct gpio_fake_chip chips[2];

static int setup(void **state)
{
    (void)state;
    memset(chips, 0, sizeof(chips));
    chips[0] = (struct gpio_fake_chip){ .path = "/dev/gpiochip0",
                                        .label = "raspberrypi-exp-gpio",
                                        .n_lines = 8,
                                        .names = { [3] = "LED" } };
    chips[1] = (struct gpio_fake_chip){ .path = "/dev/gpiochip10",
                                        .label = "pinctrl-bcm2711",
                                        .n_lines = 58,
                                        .names = { [0] = "ID_SDA", [26] = "GPIO26" } };
    gpio_fake_set(chips, 2);
    return 0;
}

/* Opens a line and closes it; what the chips were asked for. */
static const char *opened(const struct line_config *config)
{
    struct gpio_failure failure;
    struct gpio_line *line = NULL;

    assert_int_equal(gpio_open_output(config, &line, &failure), 0);
    assert_non_null(line);
    assert_null(gpio_close(line));
    return gpio_fake_log();
}

static void test_found(void **state)
{
    (void)state;
    static const struct {
        struct line_config config;
        const char *log;
    } rows[] = {
        { { .name = "GPIO26" }, "gpiochip10:26 request; gpiochip10:26 0; gpiochip10:26 release" },
        { { .name = "LED" }, "gpiochip0:3 request; gpiochip0:3 0; gpiochip0:3 release" },
        /* No line has that name, but the Pi's chip has that pin. */
        { { .name = "GPIO0" }, "gpiochip10:0 request; gpiochip10:0 0; gpiochip10:0 release" },
        { { .name = "GPIO57" }, "gpiochip10:57 request; gpiochip10:57 0; gpiochip10:57 release" },
        { { .chip = "pinctrl-bcm2711", .offset = 5, .active_low = true },
          "gpiochip10:5 request active_low; gpiochip10:5 0; gpiochip10:5 release" },
        { { .chip = "gpiochip0", .offset = 7, .bias = LINE_BIAS_PULL_UP, .drive = LINE_OPEN_DRAIN },
          "gpiochip0:7 request pull_up open_drain; gpiochip0:7 0; gpiochip0:7 release" },
        { { .chip = "/dev/gpiochip10", .offset = 1 },
          "gpiochip10:1 request; gpiochip10:1 0; gpiochip10:1 release" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_string_equal(opened(&rows[i].config), rows[i].log);
}

/* The message of a line that cannot be had. */
static const char *refused(const struct line_config *config, int error)
{
    static struct gpio_failure failure;
    struct gpio_line *line = NULL;

    assert_int_equal(gpio_open_output(config, &line, &failure), error);
    assert_null(line);
    assert_string_equal(gpio_fake_log(), "");
    return failure.text;
}

#define BOTH "looked at gpiochip0 [raspberrypi-exp-gpio], gpiochip10 [pinctrl-bcm2711]"

static void test_not_found(void **state)
{
    (void)state;
    static const struct {
        struct line_config config;
        int error;
        const char *text;
    } rows[] = {
        { { .name = "GPIO58" }, -ENOENT, "GPIO58: no chip has a line of that name; " BOTH },
        { { .name = "GPIO1x" }, -ENOENT, "GPIO1x: no chip has a line of that name; " BOTH },
        { { .name = "GPIO" }, -ENOENT, "GPIO: no chip has a line of that name; " BOTH },
        { { .name = "GPIO9999999999" },
          -ENOENT,
          "GPIO9999999999: no chip has a line of that name; " BOTH },
        { { .chip = "gpiochip1", .offset = 3 },
          -ENODEV,
          "offset 3 of gpiochip1: there is no such chip; " BOTH },
        { { .chip = "gpiochip0", .offset = 8 },
          -ENOENT,
          "offset 8 of gpiochip0 [raspberrypi-exp-gpio]: the chip has 8 lines" },
        { { .chip = "/dev/gpiochip7", .offset = 3 },
          -ENODEV,
          "offset 3: chip /dev/gpiochip7 cannot be opened: No such file or directory" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_string_equal(refused(&rows[i].config, rows[i].error), rows[i].text);
}

static void test_held(void **state)
{
    (void)state;
    const struct line_config config = { .name = "GPIO26" };
    struct gpio_failure failure;
    struct gpio_line *line = NULL;

    chips[1].holders[26] = "gpioset";
    assert_int_equal(gpio_open_output(&config, &line, &failure), -EBUSY);
    assert_string_equal(failure.text,
                        "GPIO26 of gpiochip10 [pinctrl-bcm2711] is in use by \"gpioset\"");
    assert_string_equal(failure.line, "GPIO26");
    assert_string_equal(failure.chip, "gpiochip10 [pinctrl-bcm2711]");
    assert_string_equal(failure.consumer, "gpioset");

    chips[1].holders[26] = "";
    assert_string_equal(refused(&config, -EBUSY), "GPIO26 of gpiochip10 [pinctrl-bcm2711] is in "
                                                  "use; the kernel does not tell by whom");
    chips[1].holders[26] = NULL;
    assert_string_equal(opened(&config),
                        "gpiochip10:26 request; gpiochip10:26 0; gpiochip10:26 release");
}

static void test_no_access(void **state)
{
    (void)state;
    /* A line is found in spite of a chip that does not open, and if not, that chip is the reason.
     */
    chips[0].error = -EACCES;
    assert_string_equal(opened(&(struct line_config){ .name = "GPIO26" }),
                        "gpiochip10:26 request; gpiochip10:26 0; gpiochip10:26 release");
    assert_string_equal(refused(&(struct line_config){ .name = "LED" }, -EACCES),
                        "LED: chip /dev/gpiochip0 cannot be opened: Permission denied");
}

static void test_no_chips(void **state)
{
    (void)state;
    gpio_fake_set(NULL, 0);
    assert_string_equal(refused(&(struct line_config){ .name = "GPIO26" }, -ENODEV),
                        "GPIO26: this machine has no GPIO chip");
    assert_string_equal(refused(&(struct line_config){ .chip = "x", .offset = 1 }, -ENODEV),
                        "offset 1 of x: this machine has no GPIO chip");
}

static void test_levels(void **state)
{
    (void)state;
    const struct line_config config = { .name = "GPIO26", .active_low = true };
    struct gpio_failure failure;
    struct gpio_line *line = NULL;

    assert_int_equal(gpio_open_output(&config, &line, &failure), 0);
    assert_true(gpio_fake_level(&chips[1], 26));
    assert_int_equal(gpio_set(line, true), 0);
    assert_false(gpio_fake_level(&chips[1], 26));
    gpio_close(line);
    assert_true(gpio_fake_level(&chips[1], 26));
    assert_null(gpio_close(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_found, setup),    cmocka_unit_test_setup(test_not_found, setup),
        cmocka_unit_test_setup(test_held, setup),     cmocka_unit_test_setup(test_no_access, setup),
        cmocka_unit_test_setup(test_no_chips, setup), cmocka_unit_test_setup(test_levels, setup),
    };
    return cmocka_run_group_tests_name("io/gpio", tests, NULL, NULL);
}
