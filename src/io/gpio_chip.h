/*
 * What libgpiod does for us, one implementation a build: gpio_v1.c for libgpiod 1.6, gpio_v2.c for
 * 2.x (the Makefile chooses), tests/fake/gpio_fake.c in unit tests (the linker does). With
 * gpio_chips.c and the two functions of gpio.h that drive a line it is all there is to swap.
 * Inside io/ only.
 */
#ifndef IO_GPIO_CHIP_H
#define IO_GPIO_CHIP_H

#include <stddef.h>

#include "io/gpio.h"

/* The kernel shows it to whoever finds one of our lines taken. */
#define GPIO_CONSUMER "mbus-slave"

struct gpio_chip;

/* The paths of all chips, a NULL behind the last, for free() each and all. 0 or a negative errno.
 */
int gpio_chip_paths(char ***ret);

/* Opens a chip: 0 or a negative errno. */
int gpio_chip_open(const char *path, struct gpio_chip **ret);

/* Accepts NULL. Returns NULL. */
struct gpio_chip *gpio_chip_close(struct gpio_chip *chip);

const char *gpio_chip_name(const struct gpio_chip *chip);  /* "gpiochip0" */
const char *gpio_chip_label(const struct gpio_chip *chip); /* "pinctrl-bcm2711" */
unsigned gpio_chip_n_lines(const struct gpio_chip *chip);

/* The offset of the line of that name, or -ENOENT. */
int gpio_chip_find(struct gpio_chip *chip, const char *name);

/* Who holds a line; empty when the kernel does not tell. */
void gpio_chip_consumer(struct gpio_chip *chip, unsigned offset, char *text, size_t size);

/* Requests a line as an output, inactive. On success the line owns the chip. 0 or a negative errno.
 */
int gpio_chip_request(struct gpio_chip *chip, unsigned offset, const struct line_config *config,
                      struct gpio_line **ret);

#endif
