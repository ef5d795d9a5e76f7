/* libgpiod 2.x, Debian 13's. */
#include "io/gpio_chip.h"

#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/macros.h"

struct gpio_chip {
    struct gpiod_chip *gpiod;
    struct gpiod_chip_info *info;
};

struct gpio_line {
    struct gpio_chip *chip; /* owned */
    struct gpiod_line_request *request;
    unsigned offset;
};

int gpio_chip_open(const char *path, struct gpio_chip **ret)
{
    struct gpio_chip *chip = calloc(1, sizeof(*chip));
    int r;

    if (chip == NULL)
        return -ENOMEM;
    chip->gpiod = gpiod_chip_open(path);
    if (chip->gpiod != NULL)
        chip->info = gpiod_chip_get_info(chip->gpiod);
    if (chip->info == NULL) {
        r = -errno;
        gpio_chip_close(chip);
        return r;
    }
    *ret = chip;
    return 0;
}

struct gpio_chip *gpio_chip_close(struct gpio_chip *chip)
{
    if (chip == NULL)
        return NULL;
    if (chip->info != NULL)
        gpiod_chip_info_free(chip->info);
    if (chip->gpiod != NULL)
        gpiod_chip_close(chip->gpiod);
    free(chip);
    return NULL;
}

const char *gpio_chip_name(const struct gpio_chip *chip)
{
    return gpiod_chip_info_get_name(chip->info);
}

const char *gpio_chip_label(const struct gpio_chip *chip)
{
    return gpiod_chip_info_get_label(chip->info);
}

unsigned gpio_chip_n_lines(const struct gpio_chip *chip)
{
    return (unsigned)gpiod_chip_info_get_num_lines(chip->info);
}

int gpio_chip_find(struct gpio_chip *chip, const char *name)
{
    int offset = gpiod_chip_get_line_offset_from_name(chip->gpiod, name);

    return offset >= 0 ? offset : -ENOENT;
}

void gpio_chip_consumer(struct gpio_chip *chip, unsigned offset, char *text, size_t size)
{
    struct gpiod_line_info *info = gpiod_chip_get_line_info(chip->gpiod, offset);
    const char *consumer = NULL;

    if (info != NULL && gpiod_line_info_is_used(info))
        consumer = gpiod_line_info_get_consumer(info);
    (void)snprintf(text, size, "%s", consumer != NULL ? consumer : "");
    if (info != NULL)
        gpiod_line_info_free(info);
}

/* ---- a request is made of three objects, each of which may be short of memory ------------------
 */

static void free_settings(struct gpiod_line_settings **settings)
{
    if (*settings != NULL)
        gpiod_line_settings_free(*settings);
}

static void free_lines(struct gpiod_line_config **lines)
{
    if (*lines != NULL)
        gpiod_line_config_free(*lines);
}

static void free_request(struct gpiod_request_config **request)
{
    if (*request != NULL)
        gpiod_request_config_free(*request);
}

static int fill_settings(struct gpiod_line_settings *settings, const struct line_config *config)
{
    static const enum gpiod_line_bias biases[] = {
        [LINE_BIAS_AS_IS] = GPIOD_LINE_BIAS_AS_IS,
        [LINE_BIAS_DISABLED] = GPIOD_LINE_BIAS_DISABLED,
        [LINE_BIAS_PULL_UP] = GPIOD_LINE_BIAS_PULL_UP,
        [LINE_BIAS_PULL_DOWN] = GPIOD_LINE_BIAS_PULL_DOWN,
    };
    static const enum gpiod_line_drive drives[] = {
        [LINE_PUSH_PULL] = GPIOD_LINE_DRIVE_PUSH_PULL,
        [LINE_OPEN_DRAIN] = GPIOD_LINE_DRIVE_OPEN_DRAIN,
        [LINE_OPEN_SOURCE] = GPIOD_LINE_DRIVE_OPEN_SOURCE,
    };

    gpiod_line_settings_set_active_low(settings, config->active_low);
    if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) < 0 ||
        gpiod_line_settings_set_output_value(settings, GPIOD_LINE_VALUE_INACTIVE) < 0 ||
        gpiod_line_settings_set_bias(settings, biases[config->bias]) < 0 ||
        gpiod_line_settings_set_drive(settings, drives[config->drive]) < 0)
        return -errno;
    return 0;
}

static int request_output(struct gpiod_chip *chip, unsigned offset,
                          const struct line_config *config, struct gpiod_line_request **ret)
{
    CLEANUP(free_settings) struct gpiod_line_settings *settings = gpiod_line_settings_new();
    CLEANUP(free_lines) struct gpiod_line_config *lines = gpiod_line_config_new();
    CLEANUP(free_request) struct gpiod_request_config *request = gpiod_request_config_new();
    int r;

    if (settings == NULL || lines == NULL || request == NULL)
        return -ENOMEM;
    r = fill_settings(settings, config);
    if (r < 0)
        return r;
    if (gpiod_line_config_add_line_settings(lines, &offset, 1, settings) < 0)
        return -errno;
    gpiod_request_config_set_consumer(request, GPIO_CONSUMER);
    *ret = gpiod_chip_request_lines(chip, request, lines);
    return *ret != NULL ? 0 : -errno;
}

int gpio_chip_request(struct gpio_chip *chip, unsigned offset, const struct line_config *config,
                      struct gpio_line **ret)
{
    struct gpio_line *made = calloc(1, sizeof(*made));
    int r;

    if (made == NULL)
        return -ENOMEM;
    r = request_output(chip->gpiod, offset, config, &made->request);
    if (r < 0) {
        free(made);
        return r;
    }
    made->chip = chip;
    made->offset = offset;
    *ret = made;
    return 0;
}

int gpio_set(struct gpio_line *line, bool active)
{
    enum gpiod_line_value value = active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;

    return gpiod_line_request_set_value(line->request, line->offset, value) < 0 ? -errno : 0;
}

struct gpio_line *gpio_close(struct gpio_line *line)
{
    if (line == NULL)
        return NULL;
    (void)gpio_set(line, false);
    gpiod_line_request_release(line->request);
    gpio_chip_close(line->chip);
    free(line);
    return NULL;
}
