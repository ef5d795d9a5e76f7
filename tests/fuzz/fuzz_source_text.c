/* Any text that a sensor or a program may print, by the patterns of real configurations: a finite
 * number, or a short reason that can be printed. Input: a pattern of the table below as a letter
 * from 'a', a field as a digit, a scale as a letter from 'a', then the text. */
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "meter/number.h"
#include "source/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WHY_MAX 160U
/* Enough for any path through the code; longer ones are slow with some patterns. */
#define FUZZED_MAX 2048U

static char *const patterns[] = {
    NULL,
    "t=(-?[0-9]+)",
    "^MemFree: *([0-9]+)",
    "\"power\": *([-+0-9.eE]+)",
    ".+",
    "(.*)x",
    "([a-z]*|[0-9]+)*$",
    "(a)?5",
    "^ *([^,]*,){2}([^,]*)",
    "$",
};
static const double scales[] = { 1, 0.001, 10, -2.5, 1e300, -1 };

static char *with_null(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

/* All of a reason is printable: ASCII, or bytes of characters beyond it. */
static void check_reason(const char *why)
{
    if (why[0] == '\0' || strnlen(why, WHY_MAX) == WHY_MAX)
        abort();
    for (const char *p = why; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            abort();
}

static void try_setting(const struct text_config *config, const char *text, size_t n)
{
    struct number number = { .integer = 4711 };
    char why[WHY_MAX] = "";
    int r = text_to_number(config, text, n, &number, why, sizeof(why));

    if (r == 0 && number.is_real && !isfinite(number.real))
        abort();
    if (r == 0 && why[0] != '\0')
        abort();
    if (r < 0)
        check_reason(why);
    if (r < 0 && (r != -EINVAL || number.is_real || number.integer != 4711))
        abort();
}

/* What is read as a whole number is the one that the C library reads. */
static void try_number(const char *text, size_t n)
{
    struct number number;
    char *end;

    if (number_parse(text, n, &number) == NUMBER_OK) {
        double real = strtod(text, &end);

        if (end == text || strlen(end) != strspn(end, " \t\n\v\f\r"))
            abort();
        if (number.is_real && !(number.real >= real && number.real <= real))
            abort();
        errno = 0;
        if (!number.is_real && (strtoll(text, &end, 10) != number.integer || errno != 0))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text_config config = { 0 };
    char *text;

    if (size < 3)
        return 0;
    size -= 3;
    config.pattern = patterns[(size_t)(data[0] - 'a') % ARRAY_SIZE(patterns)];
    config.field = (unsigned)(data[1] - '0') % 10;
    config.scale = scales[(size_t)(data[2] - 'a') % ARRAY_SIZE(scales)];
    config.offset = data[2] >= 'a' + ARRAY_SIZE(scales) ? -273.15 : 0;
    if (config.pattern && size > FUZZED_MAX)
        size = FUZZED_MAX;
    text = with_null(data + 3, size);
    try_setting(&config, text, size);
    try_number(text, size);
    free(text);
    return 0;
}
