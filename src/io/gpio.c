#include "io/gpio.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "io/gpio_chip.h"

/* The chips that have the Pi's pins at offsets of their own numbers. Kernels differ in whether and
 * how they name the lines. */
static const char *const pi_labels[] = { "pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1" };

struct search {
    const struct line_config *config;
    /* The offset of the wanted line on a chip, or a negative errno: it is not on this one. */
    int (*match)(const struct line_config *config, struct gpio_chip *chip);

    struct gpio_chip *chip; /* found, and where */
    unsigned offset;

    char seen[256];       /* the chips that were looked at */
    int error;            /* of the first chip that could not be opened, and which */
    const char *unopened; /* points into the list of paths */
};

static int explain(struct gpio_failure *failure, int error, const char *format, ...) PRINTF(3, 4);

/* Returns `error`. */
static int explain(struct gpio_failure *failure, int error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(failure->text, sizeof(failure->text), format, args);
    va_end(args);
    return error;
}

static void name_chip(const struct gpio_chip *chip, char *text, size_t size)
{
    (void)snprintf(text, size, "%s [%s]", gpio_chip_name(chip), gpio_chip_label(chip));
}

/* ---- which line is meant -----------------------------------------------------------------------
 */

static int match_name(const struct line_config *config, struct gpio_chip *chip)
{
    return gpio_chip_find(chip, config->name);
}

/* The n of GPIOn, or -ENOENT. */
static int number_of(const char *name)
{
    unsigned n;
    char more;

    return sscanf(name, "GPIO%3u%c", &n, &more) == 1 ? (int)n : -ENOENT; // NOLINT(cert-err34-c)
}

static int match_number(const struct line_config *config, struct gpio_chip *chip)
{
    int n = number_of(config->name);

    for (size_t i = 0; i < ARRAY_SIZE(pi_labels); i++) {
        if (strcmp(gpio_chip_label(chip), pi_labels[i]) == 0 && n >= 0 &&
            (unsigned)n < gpio_chip_n_lines(chip))
            return n;
    }
    return -ENOENT;
}

static int match_chip(const struct line_config *config, struct gpio_chip *chip)
{
    bool meant = config->chip[0] == '/' || strcmp(gpio_chip_name(chip), config->chip) == 0 ||
                 strcmp(gpio_chip_label(chip), config->chip) == 0;

    return meant ? (int)config->offset : -ENOENT;
}

/* ---- the search over all chips -----------------------------------------------------------------
 */

static void note_seen(struct search *s, const struct gpio_chip *chip)
{
    size_t n = strlen(s->seen);
    char name[sizeof(s->seen)];

    name_chip(chip, name, sizeof(name));
    (void)snprintf(s->seen + n, sizeof(s->seen) - n, "%s%s", n > 0 ? ", " : "", name);
}

static bool look_at(struct search *s, const char *path)
{
    struct gpio_chip *chip = NULL;
    int r = gpio_chip_open(path, &chip);

    if (r < 0) {
        s->error = s->error < 0 ? s->error : r;
        s->unopened = s->unopened != NULL ? s->unopened : path;
        return false;
    }
    r = s->match(s->config, chip);
    if (r < 0) {
        note_seen(s, chip);
        gpio_chip_close(chip);
        return false;
    }
    s->chip = chip;
    s->offset = (unsigned)r;
    return true;
}

static bool look_at_all(struct search *s, char *const *paths,
                        int (*match)(const struct line_config *config, struct gpio_chip *chip))
{
    s->match = match;
    s->seen[0] = '\0';
    for (; *paths != NULL; paths++) {
        if (look_at(s, *paths))
            return true;
    }
    return false;
}

static bool find(struct search *s, char *const *paths)
{
    const struct line_config *config = s->config;
    char *only[] = { config->chip, NULL };

    if (config->name == NULL)
        return look_at_all(s, config->chip[0] == '/' ? only : paths, match_chip);
    return look_at_all(s, paths, match_name) || look_at_all(s, paths, match_number);
}

static int explain_not_found(const struct search *s, bool no_chips, struct gpio_failure *failure)
{
    const struct line_config *config = s->config;

    if (s->error < 0) {
        (void)snprintf(failure->chip, sizeof(failure->chip), "%s", s->unopened);
        return explain(failure, s->error == -ENOENT ? -ENODEV : s->error,
                       "%s: chip %s cannot be opened: %s", failure->line, s->unopened,
                       strerror(-s->error));
    }
    if (no_chips)
        return explain(failure, -ENODEV, "%s%s%s: this machine has no GPIO chip", failure->line,
                       failure->chip[0] != '\0' ? " of " : "", failure->chip);
    if (config->name != NULL)
        return explain(failure, -ENOENT, "%s: no chip has a line of that name; looked at %s",
                       failure->line, s->seen);
    return explain(failure, -ENODEV, "%s of %s: there is no such chip; looked at %s", failure->line,
                   failure->chip, s->seen);
}

/* ---- the line ----------------------------------------------------------------------------------
 */

static int explain_refused(const struct search *s, int error, struct gpio_failure *failure)
{
    if (error != -EBUSY)
        return explain(failure, error, "%s of %s cannot be had: %s", failure->line, failure->chip,
                       strerror(-error));
    gpio_chip_consumer(s->chip, s->offset, failure->consumer, sizeof(failure->consumer));
    if (failure->consumer[0] == '\0')
        return explain(failure, error, "%s of %s is in use; the kernel does not tell by whom",
                       failure->line, failure->chip);
    return explain(failure, error, "%s of %s is in use by \"%s\"", failure->line, failure->chip,
                   failure->consumer);
}

static int request(const struct search *s, struct gpio_line **ret, struct gpio_failure *failure)
{
    unsigned n = gpio_chip_n_lines(s->chip);
    int r;

    name_chip(s->chip, failure->chip, sizeof(failure->chip));
    if (s->offset >= n)
        return explain(failure, -ENOENT, "%s of %s: the chip has %u lines", failure->line,
                       failure->chip, n);
    r = gpio_chip_request(s->chip, s->offset, s->config, ret);
    return r < 0 ? explain_refused(s, r, failure) : 0;
}

static void free_paths(char **paths)
{
    for (size_t i = 0; paths != NULL && paths[i] != NULL; i++)
        free(paths[i]);
    free(paths);
}

static void name_line(const struct line_config *config, struct gpio_failure *failure)
{
    *failure = (struct gpio_failure){ 0 };
    if (config->name != NULL)
        (void)snprintf(failure->line, sizeof(failure->line), "%s", config->name);
    else
        (void)snprintf(failure->line, sizeof(failure->line), "offset %u", config->offset);
    (void)snprintf(failure->chip, sizeof(failure->chip), "%s",
                   config->chip != NULL ? config->chip : "");
}

int gpio_open_output(const struct line_config *config, struct gpio_line **ret,
                     struct gpio_failure *failure)
{
    struct search s = { .config = config };
    char **paths = NULL;
    int r;

    name_line(config, failure);
    r = gpio_chip_paths(&paths);
    if (r < 0)
        return explain(failure, r, "%s: the chips cannot be listed: %s", failure->line,
                       strerror(-r));
    if (find(&s, paths))
        r = request(&s, ret, failure);
    else
        r = explain_not_found(&s, paths[0] == NULL, failure);
    if (r < 0)
        gpio_chip_close(s.chip);
    free_paths(paths);
    return r;
}
