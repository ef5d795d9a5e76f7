#include "tests/unit/test.h"

#include <errno.h>
#include <string.h>

#include "daemon/hat.h"
#include "sys/clock.h"
#include "tests/fake/gpio_fake.h"
#include "tests/unit/daemon/loop.h"

#define LINE(text)                                                                                 \
    {                                                                                              \
        .is_set = true, .line.name = (text), .pulse = 20 * USEC_PER_MSEC                           \
    }

static struct gpio_fake_chip chip;
static sd_event *event;
static struct hat hat;

static const struct hat_config all = {
    .roles = { [HAT_ENABLE] = LINE("E"), [HAT_ACTIVITY] = LINE("A"), [HAT_TRANSMIT] = LINE("T") }
};

static int setup(void **state)
{
    (void)state;
    chip = (struct gpio_fake_chip){
        .path = "/dev/g", .label = "l", .n_lines = 4, .names = { "E", "A", "T", "X" }
    };
    gpio_fake_set(&chip, 1);
    hat = (struct hat){ 0 };
    return sd_event_new(&event) < 0;
}

static int teardown(void **state)
{
    (void)state;
    hat_stop(&hat);
    event = sd_event_unref(event);
    return 0;
}

static void start(const struct hat_config *config)
{
    assert_int_equal(hat_start(&hat, event, config), 0);
}

static void test_start_and_stop(void **state)
{
    (void)state;
    start(&all);
    assert_string_equal(gpio_fake_log(), "g:0 request; g:1 request; g:2 request; g:0 1");
    hat_stop(&hat);
    assert_string_equal(gpio_fake_log(),
                        "g:2 0; g:2 release; g:1 0; g:1 release; g:0 0; g:0 release");
    hat_stop(&hat);
    assert_string_equal(gpio_fake_log(), "");
}

static void test_nothing_configured(void **state)
{
    (void)state;
    const struct hat_config none = { 0 };

    start(&none);
    hat_activity(&hat);
    hat_transmit(&hat, true);
    hat_transmit(&hat, false);
    hat_reload(&hat, &none);
    hat_stop(&hat);
    assert_string_equal(gpio_fake_log(), "");
}

/* All of them or none, and nothing was asserted. */
static void test_one_is_held(void **state)
{
    (void)state;
    chip.holders[2] = "someone";
    assert_int_equal(hat_start(&hat, event, &all), -ECANCELED);
    assert_string_equal(gpio_fake_log(),
                        "g:0 request; g:1 request; g:1 0; g:1 release; g:0 0; g:0 release");
}

static void test_transmit(void **state)
{
    (void)state;
    start(&all);
    gpio_fake_log();
    hat_transmit(&hat, true);
    hat_transmit(&hat, true); /* another bus */
    hat_transmit(&hat, false);
    assert_string_equal(gpio_fake_log(), "g:2 1");
    hat_transmit(&hat, false);
    assert_string_equal(gpio_fake_log(), "g:2 0");
}

static void test_pulse(void **state)
{
    (void)state;
    usec_t begun;

    start(&all);
    begun = clock_now();
    hat_activity(&hat);
    assert_true(gpio_fake_level(&chip, 1));
    loop_until_level(event, &chip, 1, false);
    assert_true(clock_now() - begun >= 20 * USEC_PER_MSEC);
    gpio_fake_log();
    loop_for(event, 30 * USEC_PER_MSEC);
    assert_string_equal(gpio_fake_log(), "");
}

static void test_pulses_join(void **state)
{
    (void)state;
    usec_t last = 0;

    start(&all);
    gpio_fake_log();
    for (int i = 0; i < 4; i++) {
        last = clock_now();
        hat_activity(&hat);
        loop_for(event, 5 * USEC_PER_MSEC);
    }
    loop_until_level(event, &chip, 1, false);
    assert_true(clock_now() - last >= 20 * USEC_PER_MSEC);
    assert_string_equal(gpio_fake_log(), "g:1 1; g:1 0");
}

static void test_reload(void **state)
{
    (void)state;
    struct hat_config shorter = all, other = all, swapped = all, without;

    start(&all);
    hat_transmit(&hat, true);
    gpio_fake_log();

    /* The same lines, and another pulse. */
    shorter.roles[HAT_ACTIVITY].pulse = USEC_PER_MSEC;
    hat_reload(&hat, &shorter);
    assert_string_equal(gpio_fake_log(), "");

    /* One changes: it alone, and it is as its role is now. */
    other.roles[HAT_ENABLE].line.name = "X";
    hat_reload(&hat, &other);
    assert_string_equal(gpio_fake_log(), "g:0 0; g:0 release; g:3 request; g:3 1");
    hat_reload(&hat, &all);
    gpio_fake_log();

    /* Two change places. */
    swapped.roles[HAT_ENABLE].line.name = "T";
    swapped.roles[HAT_TRANSMIT].line.name = "E";
    hat_reload(&hat, &swapped);
    assert_string_equal(gpio_fake_log(), "g:2 0; g:2 release; g:0 0; g:0 release; "
                                         "g:2 request; g:2 1; g:0 request; g:0 1");

    /* One goes, in the middle of an answer. */
    without = swapped;
    without.roles[HAT_TRANSMIT] = (struct hat_line_config){ 0 };
    hat_reload(&hat, &without);
    assert_string_equal(gpio_fake_log(), "g:0 0; g:0 release");
    hat_transmit(&hat, false);
    assert_string_equal(gpio_fake_log(), "");
}

/* A line that cannot be had goes without, the rest goes on, and the next reload tries again. */
static void test_reload_of_a_held_line(void **state)
{
    (void)state;
    struct hat_config other = all;

    start(&all);
    gpio_fake_log();
    chip.holders[3] = "someone";
    other.roles[HAT_ENABLE].line.name = "X";
    hat_reload(&hat, &other);
    assert_string_equal(gpio_fake_log(), "g:0 0; g:0 release");
    assert_false(hat_has(&hat, HAT_ENABLE));
    assert_true(hat_has(&hat, HAT_TRANSMIT));
    chip.holders[3] = NULL;
    hat_reload(&hat, &other);
    assert_string_equal(gpio_fake_log(), "g:3 request; g:3 1");
}

/* A line that fails is let go, and the daemon goes on without. */
static void test_broken(void **state)
{
    (void)state;
    start(&all);
    gpio_fake_log();
    gpio_fake_break(-EIO);
    hat_activity(&hat);
    gpio_fake_break(0);
    assert_string_equal(gpio_fake_log(), "g:1 release");
    hat_activity(&hat);
    assert_string_equal(gpio_fake_log(), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_start_and_stop, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_configured, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_is_held, setup, teardown),
        cmocka_unit_test_setup_teardown(test_transmit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pulse, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pulses_join, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reload, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reload_of_a_held_line, setup, teardown),
        cmocka_unit_test_setup_teardown(test_broken, setup, teardown),
    };
    return cmocka_run_group_tests_name("daemon/hat", tests, NULL, NULL);
}
