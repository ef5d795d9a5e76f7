#include "meter/number.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t count_digits(const char *text, size_t n)
{
    size_t i = 0;

    while (i < n && text[i] >= '0' && text[i] <= '9')
        i++;
    return i;
}

static size_t count_sign(const char *text, size_t n)
{
    return n > 0 && (text[0] == '-' || text[0] == '+');
}

/* "e-3" and the like at the begin of a text: its length, 0 when it is none. */
static size_t count_exponent(const char *text, size_t n)
{
    size_t sign, digits;

    if (n == 0 || (text[0] != 'e' && text[0] != 'E'))
        return 0;
    sign = count_sign(text + 1, n - 1);
    digits = count_digits(text + 1 + sign, n - 1 - sign);
    return digits > 0 ? 1 + sign + digits : 0;
}

/* Whether n characters are one number, and which kind. */
static bool is_number(const char *text, size_t n, bool *ret_real)
{
    size_t i = count_sign(text, n);
    size_t whole = count_digits(text + i, n - i), decimals = 0, exponent;
    bool has_point;

    i += whole;
    has_point = i < n && text[i] == '.';
    if (has_point) {
        i++;
        decimals = count_digits(text + i, n - i);
        i += decimals;
    }
    if (whole + decimals == 0)
        return false;
    exponent = count_exponent(text + i, n - i);
    *ret_real = has_point || exponent > 0;
    return i + exponent == n;
}

/* False when it does not fit 64 bits. */
static bool read_integer(const char *text, size_t n, int64_t *ret)
{
    bool is_negative = text[0] == '-';
    int64_t sum = 0;

    /* Downwards: there is one more below zero than above. */
    for (size_t i = count_sign(text, n); i < n; i++)
        if (__builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_sub_overflow(sum, text[i] - '0', &sum))
            return false;
    if (!is_negative && __builtin_sub_overflow(0, sum, &sum))
        return false;
    *ret = sum;
    return true;
}

/* The text is known to be a number. Its point is a point: neither program ever sets a locale. */
static double read_real(const char *text, size_t n)
{
    char ended[NUMBER_CHARACTERS_MAX + 1];

    memcpy(ended, text, n);
    ended[n] = '\0';
    return strtod(ended, NULL);
}

enum number_verdict number_parse(const char *text, size_t n, struct number *ret)
{
    struct number number = { 0 };

    while (n > 0 && is_blank(text[0]))
        text++, n--;
    while (n > 0 && is_blank(text[n - 1]))
        n--;
    if (n == 0)
        return NUMBER_EMPTY;
    if (!is_number(text, n, &number.is_real))
        return NUMBER_NONE;
    if (n > NUMBER_CHARACTERS_MAX)
        return NUMBER_TOO_LONG;
    if (!number.is_real && !read_integer(text, n, &number.integer))
        number.is_real = true;
    if (number.is_real) {
        number.real = read_real(text, n);
        if (number.real - number.real != 0)
            return NUMBER_TOO_LARGE;
    }
    *ret = number;
    return NUMBER_OK;
}
