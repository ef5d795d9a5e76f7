#include "ctl/number.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Longer than any number that somebody writes; a double needs 17 digits. */
#define NUMBER_MAX 400U

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* Whether it is [+-] digits [. digits] [e [+-] digits], with a digit before or behind the point. */
static bool is_decimal(const char *text, bool *ret_is_whole)
{
    size_t before, behind = 0;

    text += *text == '+' || *text == '-';
    before = digits(text);
    text += before;
    *ret_is_whole = *text == '\0';
    if (*text == '.') {
        behind = digits(++text);
        text += behind;
    }
    if (before + behind == 0)
        return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '+' || *text == '-';
        if (digits(text) == 0)
            return false;
        text += digits(text);
    }
    return *text == '\0';
}

enum number_verdict number_read(const char *text, size_t n, struct number *ret)
{
    char copy[NUMBER_MAX + 1];
    bool is_whole;

    if (n > NUMBER_MAX || memchr(text, '\0', n) != NULL)
        return NUMBER_NONE;
    memcpy(copy, text, n);
    copy[n] = '\0';
    if (!is_decimal(copy, &is_whole))
        return NUMBER_NONE;
    *ret = (struct number){ .is_real = !is_whole };
    errno = 0;
    if (is_whole)
        ret->integer = strtoll(copy, NULL, 10);
    if (is_whole && errno == 0)
        return NUMBER_GOOD;
    /* Whole, but too large for that; or real. No locale is ever set: the point is a point. */
    *ret = (struct number){ .is_real = true, .real = strtod(copy, NULL) };
    return isfinite(ret->real) ? NUMBER_GOOD : NUMBER_NOT_FINITE;
}
