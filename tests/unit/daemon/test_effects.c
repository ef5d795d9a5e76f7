#include "tests/unit/test.h"

#include "daemon/effects.h"

/* mbus-protocol 4: whatever a port delays, at every rate that a master may set an answer has its
 * place in the window, and time to find it. */
static void every_rate_leaves_a_window(void **state)
{
    static const unsigned rates[] = { 300, 600, 1200, 2400, 4800, 9600, 19200, 38400 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
        struct port_config port = { .kind = PORT_SERIAL, .baud = 2400 };
        struct slave_timing timing = bus_timing(&port, rates[i]);

        assert_true(timing.not_before >= 2 * USEC_PER_MSEC);
        assert_true(timing.not_before >= bits_at_least(11, rates[i]));
        assert_int_equal(timing.not_after, bits_at_most(330, rates[i]) + 50 * USEC_PER_MSEC);
        assert_int_equal(timing.turn, bits_at_least(11, rates[i]));
        port.answer_delay = 150 * USEC_PER_MSEC;
        timing = bus_timing(&port, rates[i]);
        assert_true(timing.not_before + 10 * USEC_PER_MSEC <= timing.not_after);
    }
}

/* Over TCP nothing is shared, so nobody has to wait. */
static void tcp_has_no_window(void **state)
{
    const struct port_config port = { .kind = PORT_TCP, .baud = 2400 };
    const struct slave_timing timing = bus_timing(&port, 2400);

    (void)state;
    assert_int_equal(timing.not_before, 0);
    assert_true(timing.not_after == USEC_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rate_leaves_a_window),
        cmocka_unit_test(tcp_has_no_window),
    };

    return cmocka_run_group_tests_name("effects", tests, NULL, NULL);
}
