#include "source/text.h"

#include <errno.h>
#include <regex.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "config/phrase.h"
#include "meter/number.h"

/* Bytes of a text that a message shows: as escapes they still leave room for the rest. */
#define SHOWN_MAX 30U
/* Up to here every whole number is a double. */
#define WHOLE_MAX 9007199254740992.0

/* A part of a text. */
struct part {
    const char *start;
    size_t n;
};

/* Where the reason goes. */
struct reason {
    char *text;
    size_t size;
};

static int PRINTF(2, 3) fail(const struct reason *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(why->text, why->size, format, args);
    va_end(args);
    return -EINVAL;
}

static int compile(const char *pattern, regex_t *ret, const struct reason *why)
{
    return regcomp(ret, pattern, REG_EXTENDED | REG_NEWLINE) == 0
               ? 0
               : fail(why, "the pattern cannot be compiled");
}

/* Narrows the whole text to the first group of the pattern, or to all that it matches. */
static int match(const regex_t *pattern, struct part *part, const struct reason *why)
{
    regmatch_t matches[2];
    const regmatch_t *found = &matches[pattern->re_nsub > 0 ? 1 : 0];
    int r = regexec(pattern, part->start, ARRAY_SIZE(matches), matches, 0);

    if (r == REG_ESPACE)
        return fail(why, "the pattern needs too much memory");
    if (r != 0)
        return fail(why, "the pattern matches nothing");
    if (found->rm_so < 0)
        return fail(why, "the group of the pattern matches nothing");
    part->start += found->rm_so;
    part->n = (size_t)(found->rm_eo - found->rm_so);
    return 0;
}

static int apply_pattern(const char *pattern, struct part *part, const struct reason *why)
{
    regex_t compiled;
    int r = compile(pattern, &compiled, why);

    if (r < 0)
        return r;
    r = match(&compiled, part, why);
    regfree(&compiled);
    return r;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Takes the next word off a text; false when there is none. */
static bool take_word(struct part *rest, struct part *ret)
{
    size_t start = 0, end;

    while (start < rest->n && is_blank(rest->start[start]))
        start++;
    for (end = start; end < rest->n && !is_blank(rest->start[end]);)
        end++;
    *ret = (struct part){ rest->start + start, end - start };
    *rest = (struct part){ rest->start + end, rest->n - end };
    return ret->n > 0;
}

static int apply_field(unsigned field, struct part *part, const struct reason *why)
{
    struct part rest = *part, word;
    unsigned n = 0;

    while (n < field && take_word(&rest, &word))
        n++;
    if (n == field) {
        *part = word;
        return 0;
    }
    if (n == 0)
        return fail(why, "there is no field; field %u is wanted", field);
    return fail(why, "there %s %u field%s; field %u is wanted", n == 1 ? "is" : "are", n,
                n == 1 ? "" : "s", field);
}

/* A text in a message: without the blanks around it, cut after SHOWN_MAX bytes. */
static void show(struct part part, struct phrase *phrase)
{
    size_t n;

    while (part.n > 0 && is_blank(part.start[0]))
        part.start++, part.n--;
    while (part.n > 0 && is_blank(part.start[part.n - 1]))
        part.n--;
    n = part.n;
    if (n > SHOWN_MAX) {
        n = SHOWN_MAX;
        /* Not within a character. */
        while (n > SHOWN_MAX - 4 && ((unsigned char)part.start[n] & 0xC0) == 0x80)
            n--;
    }
    phrase_quote_bytes(phrase, part.start, n);
    if (n < part.n)
        phrase_add(phrase, "...");
}

static int parse(struct part part, struct number *ret, const struct reason *why)
{
    struct phrase shown = { 0 };
    enum number_verdict verdict = number_parse(part.start, part.n, ret);

    if (verdict == NUMBER_OK)
        return 0;
    if (verdict == NUMBER_EMPTY)
        return fail(why, "empty");
    show(part, &shown);
    return fail(why, "%s is %s", shown.text,
                verdict == NUMBER_TOO_LARGE  ? "too large a number"
                : verdict == NUMBER_TOO_LONG ? "too long for a number"
                                             : "no number");
}

/* Whether a factor or an offset is whole, and which. */
static bool is_whole(double x, int64_t *ret)
{
    if (!(x >= -WHOLE_MAX && x <= WHOLE_MAX))
        return false;
    *ret = (int64_t)x;
    return (double)*ret - x == 0;
}

/* x * factor; by one part in a thousand it is divided, because 0.001 is no double and 1000 is. */
static double times(double x, double factor)
{
    double quotient = 1 / factor, parts;

    if (quotient > WHOLE_MAX || quotient < -WHOLE_MAX || (quotient > -1 && quotient < 1))
        return x * factor;
    parts = (double)(int64_t)(quotient + (quotient < 0 ? -0.5 : 0.5));
    return 1 / parts - factor == 0 ? x / parts : x * factor;
}

static int apply_scale(const struct text_config *config, struct number *number,
                       const struct reason *why)
{
    int64_t scale, offset, scaled;
    double real = number->is_real ? number->real : (double)number->integer;

    if (!number->is_real && is_whole(config->scale, &scale) && is_whole(config->offset, &offset) &&
        !__builtin_mul_overflow(number->integer, scale, &scaled) &&
        !__builtin_add_overflow(scaled, offset, &scaled)) {
        number->integer = scaled;
        return 0;
    }
    real = times(real, config->scale) + config->offset;
    if (!isfinite(real))
        return fail(why, "too large a number once scaled");
    *number = (struct number){ .is_real = true, .real = real };
    return 0;
}

int text_to_number(const struct text_config *config, const char *text, size_t n, struct number *ret,
                   char *why, size_t n_why)
{
    const struct reason reason = { why, n_why };
    struct part part = { text, n };
    struct number number;
    int r = 0;

    if (n > SOURCE_TEXT_MAX)
        return fail(&reason, "longer than %zu KiB", SOURCE_TEXT_MAX >> 10);
    if (memchr(text, '\0', n))
        return fail(&reason, "binary data, no text");
    if (config->pattern)
        r = apply_pattern(config->pattern, &part, &reason);
    if (r == 0 && config->field > 0)
        r = apply_field(config->field, &part, &reason);
    if (r == 0)
        r = parse(part, &number, &reason);
    if (r == 0)
        r = apply_scale(config, &number, &reason);
    if (r == 0)
        *ret = number;
    return r;
}
