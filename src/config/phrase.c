#include "config/phrase.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUOTE_MAX 60U

static void PRINTF(2, 0) add(struct phrase *phrase, const char *format, va_list args)
{
    size_t room = sizeof(phrase->text) - phrase->n;
    int n = vsnprintf(phrase->text + phrase->n, room, format, args);
    if (n > 0)
        phrase->n += (size_t)n < room ? (size_t)n : room - 1;
}

void phrase_add(struct phrase *phrase, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(phrase, format, args);
    va_end(args);
}

void phrase_item(struct phrase *phrase, size_t i, size_t n, const char *format, ...)
{
    va_list args;
    if (i > 0)
        phrase_add(phrase, "%s", i + 1 == n ? " or " : ", ");
    va_start(args, format);
    add(phrase, format, args);
    va_end(args);
}

/* Bytes of the printable UTF-8 character at `p`, 0 if there is none. */
static size_t character(const unsigned char *p, size_t n)
{
    if (p[0] >= 0x20 && p[0] < 0x7F)
        return 1;
    size_t length = p[0] >= 0xC2 && p[0] < 0xE0   ? 2
                    : p[0] >= 0xE0 && p[0] < 0xF0 ? 3
                    : p[0] >= 0xF0 && p[0] < 0xF5 ? 4
                                                  : 0;
    if (length == 0 || length > n)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    /* C1 controls, overlong forms, surrogates and what is beyond Unicode. */
    if ((p[0] == 0xC2 && p[1] < 0xA0) || (p[0] == 0xE0 && p[1] < 0xA0) ||
        (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF0 && p[1] < 0x90) ||
        (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return length;
}

static void add_escape(struct phrase *phrase, unsigned char c)
{
    if (c == '\n')
        phrase_add(phrase, "\\n");
    else if (c == '\t')
        phrase_add(phrase, "\\t");
    else if (c == '\r')
        phrase_add(phrase, "\\r");
    else
        phrase_add(phrase, "\\x%02X", c);
}

/* The text, cut after `max` characters. */
static void add_bytes(struct phrase *phrase, const char *bytes, size_t n, size_t max)
{
    const unsigned char *p = (const unsigned char *)bytes;
    for (size_t i = 0, shown = 0; i < n; shown++) {
        if (shown == max) {
            phrase_add(phrase, "...");
            break;
        }
        size_t length = character(p + i, n - i);
        if (length == 0)
            add_escape(phrase, p[i]);
        else
            phrase_add(phrase, "%.*s", (int)length, bytes + i);
        i += length == 0 ? 1 : length;
    }
}

void phrase_quote_bytes(struct phrase *phrase, const char *bytes, size_t n)
{
    phrase_add(phrase, "\"");
    add_bytes(phrase, bytes, n, QUOTE_MAX);
    phrase_add(phrase, "\"");
}

void phrase_bytes(struct phrase *phrase, const char *bytes, size_t n)
{
    add_bytes(phrase, bytes, n, n);
}

void phrase_quote(struct phrase *phrase, const char *text)
{
    phrase_quote_bytes(phrase, text, strlen(text));
}

static bool reads_as(const char *digits, double real)
{
    double value = strtod(digits, NULL);
    return value >= real && value <= real;
}

void phrase_real(struct phrase *phrase, double real)
{
    char digits[64];
    double magnitude = real < 0 ? -real : real;
    bool plain = magnitude < 1e15 && (magnitude >= 1e-9 || magnitude <= 0);

    for (int places = 1; plain && places <= 25; places++) {
        snprintf(digits, sizeof(digits), "%.*f", places, real);
        if (reads_as(digits, real)) {
            phrase_add(phrase, "%s", digits);
            return;
        }
    }
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof(digits), "%.*g", precision, real);
        if (reads_as(digits, real))
            break;
    }
    phrase_add(phrase, "%s", digits);
}

void phrase_scaled(struct phrase *phrase, int64_t integer, int exponent)
{
    char digits[24];
    uint64_t magnitude = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    int n = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)magnitude);

    if (integer < 0)
        phrase_add(phrase, "-");
    if (exponent >= 0 || integer == 0) {
        phrase_add(phrase, "%s", digits);
        for (int i = 0; i < exponent && integer != 0; i++)
            phrase_add(phrase, "0");
        return;
    }
    int places = -exponent;
    while (n > 1 && places > 0 && digits[n - 1] == '0') {
        digits[--n] = '\0';
        places--;
    }
    int whole = n - places;
    if (places == 0) {
        phrase_add(phrase, "%s", digits);
        return;
    }
    phrase_add(phrase, "%.*s.", whole > 0 ? whole : 1, whole > 0 ? digits : "0");
    for (int i = whole; i < 0; i++)
        phrase_add(phrase, "0");
    phrase_add(phrase, "%s", digits + (whole > 0 ? whole : 0));
}

void phrase_duration(struct phrase *phrase, usec_t duration)
{
    static const struct {
        usec_t usec;
        const char *name;
    } units[] = {
        { (usec_t)24 * 60 * USEC_PER_MIN, "d" },
        { 60 * USEC_PER_MIN, "h" },
        { USEC_PER_MIN, "min" },
        { USEC_PER_SEC, "s" },
        { USEC_PER_MSEC, "ms" },
    };
    if (duration == 0)
        phrase_add(phrase, "0");
    for (size_t i = 0; duration > 0 && i < ARRAY_SIZE(units); i++) {
        if (duration % units[i].usec != 0)
            continue;
        phrase_add(phrase, "%llu %s", (unsigned long long)(duration / units[i].usec),
                   units[i].name);
        return;
    }
}
