#include "tests/fake/gpio_fake.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "io/gpio_chip.h"

struct gpio_chip {
    struct gpio_fake_chip *fake;
};

struct gpio_line {
    struct gpio_chip *chip;
    unsigned offset;
    bool active_low;
};

static struct {
    struct gpio_fake_chip *chips;
    unsigned n;
    char log[1024];
    char taken[1024];
    int set_error;
    bool levels[8][GPIO_FAKE_LINES];
} state;

static void note(const char *format, ...) PRINTF(1, 2);

static void note(const char *format, ...)
{
    size_t n = strlen(state.log);
    va_list args;

    n += (size_t)snprintf(state.log + n, sizeof(state.log) - n, "%s", n > 0 ? "; " : "");
    va_start(args, format);
    vsnprintf(state.log + n, sizeof(state.log) - n, format, args);
    va_end(args);
}

void gpio_fake_set(struct gpio_fake_chip *chips, unsigned n)
{
    memset(&state, 0, sizeof(state));
    state.chips = chips;
    state.n = n;
}

const char *gpio_fake_log(void)
{
    memcpy(state.taken, state.log, sizeof(state.taken));
    state.log[0] = '\0';
    return state.taken;
}

bool gpio_fake_level(const struct gpio_fake_chip *chip, unsigned offset)
{
    return state.levels[chip - state.chips][offset];
}

void gpio_fake_break(int error)
{
    state.set_error = error;
}

/* ---- what io/gpio_chip.h asks for --------------------------------------------------------------
 */

int gpio_chip_paths(char ***ret)
{
    char **paths = calloc(state.n + 1, sizeof(*paths));

    if (paths == NULL)
        return -ENOMEM;
    for (unsigned i = 0; i < state.n; i++)
        paths[i] = strdup(state.chips[i].path);
    *ret = paths;
    return 0;
}

int gpio_chip_open(const char *path, struct gpio_chip **ret)
{
    for (unsigned i = 0; i < state.n; i++) {
        if (strcmp(state.chips[i].path, path) != 0)
            continue;
        if (state.chips[i].error < 0)
            return state.chips[i].error;
        *ret = calloc(1, sizeof(**ret));
        if (*ret == NULL)
            return -ENOMEM;
        (*ret)->fake = &state.chips[i];
        return 0;
    }
    return -ENOENT;
}

struct gpio_chip *gpio_chip_close(struct gpio_chip *chip)
{
    free(chip);
    return NULL;
}

const char *gpio_chip_name(const struct gpio_chip *chip)
{
    return strrchr(chip->fake->path, '/') + 1;
}

const char *gpio_chip_label(const struct gpio_chip *chip)
{
    return chip->fake->label;
}

unsigned gpio_chip_n_lines(const struct gpio_chip *chip)
{
    return chip->fake->n_lines;
}

int gpio_chip_find(struct gpio_chip *chip, const char *name)
{
    for (unsigned i = 0; i < chip->fake->n_lines; i++) {
        if (chip->fake->names[i] != NULL && strcmp(chip->fake->names[i], name) == 0)
            return (int)i;
    }
    return -ENOENT;
}

void gpio_chip_consumer(struct gpio_chip *chip, unsigned offset, char *text, size_t size)
{
    const char *holder = chip->fake->holders[offset];

    (void)snprintf(text, size, "%s", holder != NULL ? holder : "");
}

int gpio_chip_request(struct gpio_chip *chip, unsigned offset, const struct line_config *config,
                      struct gpio_line **ret)
{
    static const char *const biases[] = { "", " disabled", " pull_up", " pull_down" };
    static const char *const drives[] = { "", " open_drain", " open_source" };
    struct gpio_line *line;

    if (chip->fake->holders[offset] != NULL)
        return -EBUSY;
    line = calloc(1, sizeof(*line));
    if (line == NULL)
        return -ENOMEM;
    *line = (struct gpio_line){ .chip = chip, .offset = offset, .active_low = config->active_low };
    chip->fake->holders[offset] = GPIO_CONSUMER;
    state.levels[chip->fake - state.chips][offset] = config->active_low;
    note("%s:%u request%s%s%s", gpio_chip_name(chip), offset,
         config->active_low ? " active_low" : "", biases[config->bias], drives[config->drive]);
    *ret = line;
    return 0;
}

int gpio_set(struct gpio_line *line, bool active)
{
    struct gpio_fake_chip *fake = line->chip->fake;

    if (state.set_error < 0)
        return state.set_error;
    state.levels[fake - state.chips][line->offset] = active != line->active_low;
    note("%s:%u %d", gpio_chip_name(line->chip), line->offset, active);
    return 0;
}

struct gpio_line *gpio_close(struct gpio_line *line)
{
    if (line == NULL)
        return NULL;
    (void)gpio_set(line, false);
    note("%s:%u release", gpio_chip_name(line->chip), line->offset);
    line->chip->fake->holders[line->offset] = NULL;
    gpio_chip_close(line->chip);
    free(line);
    return NULL;
}
