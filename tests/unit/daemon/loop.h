/* A real event loop for tests of what lives on one. */
#ifndef TESTS_DAEMON_LOOP_H
#define TESTS_DAEMON_LOOP_H

#include "tests/unit/test.h"

#include <systemd/sd-event.h>

#include "sys/clock.h"
#include "tests/fake/gpio_fake.h"

/* Runs the loop for so long. */
static inline void loop_for(sd_event *event, usec_t duration)
{
    usec_t end = clock_now() + duration;

    for (usec_t now = clock_now(); now < end; now = clock_now())
        assert_true(sd_event_run(event, end - now) >= 0);
}

/* Runs it until a pin has a level, which it must within 5 s. */
static inline void loop_until_level(sd_event *event, const struct gpio_fake_chip *chip,
                                    unsigned offset, bool level)
{
    usec_t end = clock_now() + 5 * USEC_PER_SEC;

    while (gpio_fake_level(chip, offset) != level) {
        assert_true(clock_now() < end);
        assert_true(sd_event_run(event, USEC_PER_SEC) >= 0);
    }
}

#endif
