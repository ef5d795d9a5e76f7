/* libgpiod 1.6, Debian 12's. */
#include "io/gpio_chip.h"

#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>

/* The library's chip and its lines are one allocation of their own; these give them our names. */
struct gpio_chip {
    struct gpiod_chip *gpiod;
};

struct gpio_line {
    struct gpio_chip *chip; /* owned: closing it releases the line */
    struct gpiod_line *gpiod;
};

int gpio_chip_open(const char *path, struct gpio_chip **ret)
{
    struct gpio_chip *chip = calloc(1, sizeof(*chip));
    int r;

    if (chip == NULL)
        return -ENOMEM;
    chip->gpiod = gpiod_chip_open(path);
    if (chip->gpiod == NULL) {
        r = -errno;
        free(chip);
        return r;
    }
    *ret = chip;
    return 0;
}

struct gpio_chip *gpio_chip_close(struct gpio_chip *chip)
{
    if (chip != NULL)
        gpiod_chip_close(chip->gpiod);
    free(chip);
    return NULL;
}

const char *gpio_chip_name(const struct gpio_chip *chip)
{
    return gpiod_chip_name(chip->gpiod);
}

const char *gpio_chip_label(const struct gpio_chip *chip)
{
    return gpiod_chip_label(chip->gpiod);
}

unsigned gpio_chip_n_lines(const struct gpio_chip *chip)
{
    return gpiod_chip_num_lines(chip->gpiod);
}

int gpio_chip_find(struct gpio_chip *chip, const char *name)
{
    struct gpiod_line *line = gpiod_chip_find_line(chip->gpiod, name);

    return line != NULL ? (int)gpiod_line_offset(line) : -ENOENT;
}

void gpio_chip_consumer(struct gpio_chip *chip, unsigned offset, char *text, size_t size)
{
    struct gpiod_line *line = gpiod_chip_get_line(chip->gpiod, offset);
    const char *consumer = NULL;

    if (line != NULL && gpiod_line_is_used(line))
        consumer = gpiod_line_consumer(line);
    (void)snprintf(text, size, "%s", consumer != NULL ? consumer : "");
}

static int flags_of(const struct line_config *config)
{
    static const int biases[] = {
        [LINE_BIAS_AS_IS] = 0,
        [LINE_BIAS_DISABLED] = GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE,
        [LINE_BIAS_PULL_UP] = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP,
        [LINE_BIAS_PULL_DOWN] = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN,
    };
    static const int drives[] = {
        [LINE_PUSH_PULL] = 0,
        [LINE_OPEN_DRAIN] = GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN,
        [LINE_OPEN_SOURCE] = GPIOD_LINE_REQUEST_FLAG_OPEN_SOURCE,
    };

    return biases[config->bias] | drives[config->drive] |
           (config->active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0);
}

int gpio_chip_request(struct gpio_chip *chip, unsigned offset, const struct line_config *config,
                      struct gpio_line **ret)
{
    const struct gpiod_line_request_config request = {
        .consumer = GPIO_CONSUMER,
        .request_type = GPIOD_LINE_REQUEST_DIRECTION_OUTPUT,
        .flags = flags_of(config),
    };
    struct gpiod_line *line = gpiod_chip_get_line(chip->gpiod, offset);
    struct gpio_line *made;
    int r;

    if (line == NULL)
        return -errno;
    made = calloc(1, sizeof(*made));
    if (made == NULL)
        return -ENOMEM;
    if (gpiod_line_request(line, &request, 0) < 0) {
        r = -errno;
        free(made);
        return r;
    }
    *made = (struct gpio_line){ .chip = chip, .gpiod = line };
    *ret = made;
    return 0;
}

int gpio_set(struct gpio_line *line, bool active)
{
    return gpiod_line_set_value(line->gpiod, active) < 0 ? -errno : 0;
}

struct gpio_line *gpio_close(struct gpio_line *line)
{
    if (line == NULL)
        return NULL;
    (void)gpio_set(line, false);
    gpiod_line_release(line->gpiod);
    gpio_chip_close(line->chip);
    free(line);
    return NULL;
}
