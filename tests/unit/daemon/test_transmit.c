#include "tests/unit/test.h"

#include <string.h>

#include "daemon/transmit.h"
#include "sys/clock.h"
#include "tests/fake/gpio_fake.h"
#include "tests/unit/daemon/loop.h"

/* One character lasts 4.58 ms. */
#define BAUD 2400
#define CHARACTER 4584

static struct gpio_fake_chip chip;
static sd_event *event;
static struct hat hat;
static struct transmit transmit;

static const struct hat_config config = { .roles = { [HAT_TRANSMIT] = { .is_set = true,
                                                                        .line.name = "T" } } };
static const struct port_config serial = { .kind = PORT_SERIAL, .baud = BAUD };

static int setup(void **state)
{
    (void)state;
    chip =
        (struct gpio_fake_chip){ .path = "/dev/g", .label = "l", .n_lines = 1, .names = { "T" } };
    gpio_fake_set(&chip, 1);
    transmit = (struct transmit){ 0 };
    return sd_event_new(&event) < 0 || hat_start(&hat, event, &config) < 0;
}

static int teardown(void **state)
{
    (void)state;
    transmit_done(&transmit);
    hat_stop(&hat);
    event = sd_event_unref(event);
    return 0;
}

static void init(const struct port_config *port)
{
    assert_true(transmit_init(&transmit, &hat, event, -1, port, port->baud) >= 0);
    gpio_fake_log();
}

static void test_answer(void **state)
{
    (void)state;
    usec_t begun = clock_now();

    init(&serial);
    transmit_begin(&transmit, 5);
    assert_string_equal(gpio_fake_log(), "g:0 1");
    loop_until_level(event, &chip, 0, false);
    assert_true(clock_now() - begun >= (usec_t)5 * CHARACTER - 5);
    assert_string_equal(gpio_fake_log(), "g:0 0");
}

/* With byte_gap each character announces what is left: one pulse. */
static void test_characters(void **state)
{
    (void)state;
    const struct port_config port = { .kind = PORT_SERIAL, .baud = BAUD, .byte_gap = 4000 };
    usec_t begun = clock_now();

    init(&port);
    for (size_t left = 3; left > 0; left--) {
        transmit_begin(&transmit, left);
        loop_for(event, 2000);
    }
    loop_until_level(event, &chip, 0, false);
    assert_true(clock_now() - begun >= 2000 + CHARACTER);
    assert_string_equal(gpio_fake_log(), "g:0 1; g:0 0");
}

static void test_write_failed(void **state)
{
    (void)state;
    init(&serial);
    transmit_begin(&transmit, 200);
    transmit_end(&transmit);
    assert_string_equal(gpio_fake_log(), "g:0 1; g:0 0");
    transmit_end(&transmit);
    loop_for(event, 1000);
    assert_string_equal(gpio_fake_log(), "");
}

static void test_port_closes(void **state)
{
    (void)state;
    init(&serial);
    transmit_begin(&transmit, 200);
    transmit_done(&transmit);
    assert_string_equal(gpio_fake_log(), "g:0 1; g:0 0");
    transmit_begin(&transmit, 1);
    assert_string_equal(gpio_fake_log(), "");
}

static void test_other_kinds(void **state)
{
    (void)state;
    const struct port_config pty = { .kind = PORT_PTY, .baud = BAUD };
    const struct port_config tcp = { .kind = PORT_TCP, .baud = BAUD };

    init(&pty);
    transmit_begin(&transmit, 1);
    transmit_done(&transmit);
    init(&tcp);
    transmit_begin(&transmit, 1);
    assert_null(transmit.timer);
    assert_string_equal(gpio_fake_log(), "");
}

static void test_no_line(void **state)
{
    (void)state;
    const struct hat_config none = { 0 };

    init(&serial);
    hat_reload(&hat, &none);
    gpio_fake_log();
    transmit_begin(&transmit, 1);
    assert_false(transmit.active);
    assert_string_equal(gpio_fake_log(), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_characters, setup, teardown),
        cmocka_unit_test_setup_teardown(test_write_failed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_port_closes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_kinds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_line, setup, teardown),
    };
    return cmocka_run_group_tests_name("daemon/transmit", tests, NULL, NULL);
}
