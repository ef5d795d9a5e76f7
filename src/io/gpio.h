/* Output lines of GPIO chips: found by name or place, driven, and let go inactive. */
#ifndef IO_GPIO_H
#define IO_GPIO_H

#include <stdbool.h>

#include "config/config.h"

struct gpio_line;

/* Why a line could not be had, in words, and the parts of that which somebody may filter for. */
struct gpio_failure {
    char line[64];     /* as the configuration has it: "GPIO26", "offset 26" */
    char chip[96];     /* "gpiochip0 [pinctrl-bcm2711]", or what was asked for; may be empty */
    char consumer[64]; /* who holds the line, when the kernel tells; else empty */
    char text[512];
};

/*
 * Requests a line as an output, inactive at first. A name is looked up on all chips, in their
 * order; GPIOn that no chip knows is offset n of the Pi's own chip. 0 or a negative errno: -ENOENT
 * no such line, -ENODEV no such chip, -EBUSY somebody holds it, -EACCES ...; `failure` then says
 * more.
 */
int gpio_open_output(const struct line_config *config, struct gpio_line **ret,
                     struct gpio_failure *failure);

/* Drives a line; active is low on one that is active_low. 0 or a negative errno. */
int gpio_set(struct gpio_line *line, bool active);

/* Drives a line inactive, then releases it; accepts NULL. Returns NULL. */
struct gpio_line *gpio_close(struct gpio_line *line);

#endif
