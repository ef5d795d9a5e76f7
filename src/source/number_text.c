#include "source/number_text.h"

#include <stdio.h>
#include <stdlib.h>

#define PLACES_MAX 27 /* of 1e-9 and 17 digits more */
#define DIGITS_MAX 17 /* tell any double from all others */

static bool same(double a, double b)
{
    return a >= b && a <= b;
}

static bool reads_as(const char *text, double real, bool is_single)
{
    return is_single ? same((double)strtof(text, NULL), real) : same(strtod(text, NULL), real);
}

static bool plain(double real, bool is_single, char ret[static NUMBER_TEXT_MAX])
{
    double magnitude = real < 0 ? -real : real;

    if (!(magnitude < 1e21) || magnitude < 1e-9)
        return false;
    for (int places = 0; places <= PLACES_MAX; places++) {
        snprintf(ret, NUMBER_TEXT_MAX, "%.*f", places, real);
        if (reads_as(ret, real, is_single))
            return true;
    }
    return false;
}

static void with_exponent(double real, bool is_single, char ret[static NUMBER_TEXT_MAX])
{
    for (int digits = 1; digits <= DIGITS_MAX; digits++) {
        snprintf(ret, NUMBER_TEXT_MAX, "%.*g", digits, real);
        if (reads_as(ret, real, is_single))
            return;
    }
}

void number_text(const struct number *number, bool is_single, char ret[static NUMBER_TEXT_MAX])
{
    if (!number->is_real)
        snprintf(ret, NUMBER_TEXT_MAX, "%lld", (long long)number->integer);
    else if (same(number->real, 0))
        snprintf(ret, NUMBER_TEXT_MAX, "0");
    else if (!plain(number->real, is_single, ret))
        with_exponent(number->real, is_single, ret);
}
