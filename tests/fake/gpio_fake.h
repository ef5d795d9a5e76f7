/* GPIO chips of a test, in the place of libgpiod: what they are asked to do is written down. */
#ifndef TESTS_FAKE_GPIO_FAKE_H
#define TESTS_FAKE_GPIO_FAKE_H

#include <stdbool.h>

#define GPIO_FAKE_LINES 64

struct gpio_fake_chip {
    const char *path; /* "/dev/gpiochip0"; its last part is the name */
    const char *label;
    unsigned n_lines;
    const char *names[GPIO_FAKE_LINES];   /* of the lines, or NULL */
    const char *holders[GPIO_FAKE_LINES]; /* who holds a line; "": the kernel does not tell */
    int error;                            /* the chip cannot be opened: a negative errno */
};

/* The chips there are, in order; forgets what was written down. They must outlive the test. */
void gpio_fake_set(struct gpio_fake_chip *chips, unsigned n);

/* What happened since the last call: "gpiochip0:26 request; gpiochip0:26 1; gpiochip0:26 release".
 * A request tells what differs from a plain output. */
const char *gpio_fake_log(void);

/* The level of a pin, as somebody outside would measure it. */
bool gpio_fake_level(const struct gpio_fake_chip *chip, unsigned offset);

/* From now on driving any line fails: a negative errno; 0: it works again. */
void gpio_fake_break(int error);

#endif
