#include "ctl/decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2^-12 is 244140625 * 10^-12, exactly. */
#define FRACTION_DIGITS 244140625U
#define FRACTION_EXPONENT (-12)
/* Beyond these a number is written with its exponent. */
#define ZEROS_MAX 24
#define PLACES_MAX 48

/* number * factor, whose product may be longer than 64 bits. */
static void set_digits(uint64_t number, uint32_t factor, struct decimal *ret)
{
    char reversed[sizeof(ret->digits)];
    uint64_t carry = 0;
    size_t n = 0;

    do {
        carry += number % 10 * factor;
        number /= 10;
        reversed[n++] = (char)('0' + (int)(carry % 10));
        carry /= 10;
    } while (number > 0 || carry > 0);
    for (size_t i = 0; i < n; i++)
        ret->digits[i] = reversed[n - 1 - i];
    ret->digits[n] = '\0';
}

/* "2.3026e+02" is 23026 * 10^-2. */
static void set_real(float real, int exponent, struct decimal *ret)
{
    char text[32];
    size_t n = 0;
    const char *at;

    for (int places = 0; places < 9; places++) {
        (void)snprintf(text, sizeof(text), "%.*e", places, (double)real);
        if (strtof(text, NULL) == real)
            break;
    }
    ret->negative = text[0] == '-';
    ret->exponent = exponent;
    for (at = text + ret->negative; *at && *at != 'e'; at++) {
        if (*at != '.')
            ret->digits[n++] = *at;
    }
    ret->digits[n] = '\0';
    ret->exponent += (int)strtol(at + 1, NULL, 10) - (int)(n - 1);
    if (real == 0)
        ret->exponent = 0;
}

bool decimal_of(const struct decoded_value *value, enum vif_type type, int exponent,
                struct decimal *ret)
{
    uint64_t number;
    bool is_number = value->kind == VALUE_SIGNED || value->kind == VALUE_BCD;

    *ret = (struct decimal){ .exponent = exponent };
    if (value->state == VALUE_INVALID || value->state == VALUE_NO_NUMBER)
        return false;
    if (value->kind == VALUE_REAL && value->state == VALUE_GOOD) {
        set_real(value->real, exponent, ret);
        return true;
    }
    if (!is_number && value->kind != VALUE_UNSIGNED && value->kind != VALUE_BITS)
        return false;
    if (value->kind == VALUE_BITS)
        ret->exponent = 0;
    ret->negative = is_number && value->integer < 0;
    number = is_number ? (uint64_t)value->integer : value->word;
    if (ret->negative)
        number = 0 - (uint64_t)value->integer;
    set_digits(number, type == VIF_FRACTION ? FRACTION_DIGITS : 1, ret);
    if (type == VIF_FRACTION)
        ret->exponent += FRACTION_EXPONENT;
    return true;
}

/* The digits with zeros behind them, so that they count in a smaller 10^exponent. */
static bool refine(struct decimal *d, int exponent)
{
    size_t n = strlen(d->digits);
    size_t zeros = exponent < d->exponent ? (size_t)(d->exponent - exponent) : 0;

    if (n + zeros + 1 >= sizeof(d->digits))
        return false;
    memset(d->digits + n, '0', zeros);
    d->digits[n + zeros] = '\0';
    d->exponent -= (int)zeros;
    return true;
}

static void drop_zeros_in_front(struct decimal *d)
{
    size_t zeros = strspn(d->digits, "0");

    if (d->digits[zeros] == '\0') {
        zeros--;
        d->negative = false;
    }
    memmove(d->digits, d->digits + zeros, strlen(d->digits + zeros) + 1);
}

/* Adds 1, or takes it away, at a digit counted from the end; there is a 0 in front for the carry.
 */
static void step_digit(struct decimal *d, size_t place)
{
    char from = d->negative ? '0' : '9', to = d->negative ? '9' : '0';
    char *at = d->digits + strlen(d->digits) - 1 - place;

    for (; at > d->digits && *at == from; at--)
        *at = to;
    *at = (char)(*at + (d->negative ? -1 : 1));
}

/* 10^place - number, for a number that is less; both in the same digits. */
static void complement(struct decimal *d, size_t place)
{
    size_t n = strlen(d->digits);
    struct decimal power = { .digits = "0" };

    for (size_t i = 0; i < n; i++)
        power.digits[i] = i + place + 1 == n ? '1' : '0';
    for (size_t i = n, borrow = 0; i-- > 0;) {
        int digit = power.digits[i] - d->digits[i] - (int)borrow;

        borrow = digit < 0;
        d->digits[i] = (char)('0' + digit + (borrow ? 10 : 0));
    }
    d->negative = false;
}

void decimal_add_power(struct decimal *decimal, int exponent)
{
    struct decimal d = *decimal;
    size_t n, place, width;

    if (!refine(&d, exponent))
        return;
    n = strlen(d.digits);
    place = (size_t)(exponent - d.exponent);
    width = (place + 1 > n ? place + 1 : n) + 1; /* a 0 in front */
    if (width >= sizeof(d.digits))
        return;
    memmove(d.digits + width - n, d.digits, n + 1);
    memset(d.digits, '0', width - n);
    if (d.negative && strspn(d.digits, "0") >= width - place)
        complement(&d, place);
    else
        step_digit(&d, place);
    drop_zeros_in_front(&d);
    *decimal = d;
}

/* The digits with a point so many places from their end, zeros in front of them where it needs any.
 */
static int with_places(const char *digits, int places, const char *sign, char *ret)
{
    int n = (int)strlen(digits);

    if (places >= n)
        return snprintf(ret, DECIMAL_TEXT_MAX, "%s0.%.*s%s", sign, places - n,
                        "000000000000000000000000000000000000000000000000", digits);
    return snprintf(ret, DECIMAL_TEXT_MAX, "%s%.*s.%s", sign, n - places, digits,
                    digits + n - places);
}

size_t decimal_text(const struct decimal *decimal, char *ret)
{
    const char *sign = decimal->negative ? "-" : "";
    const char *digits = decimal->digits;
    bool is_zero = strcmp(digits, "0") == 0;
    int n;

    if (decimal->exponent < 0 && decimal->exponent >= -PLACES_MAX)
        n = with_places(digits, -decimal->exponent, sign, ret);
    else if (decimal->exponent == 0 || is_zero)
        n = snprintf(ret, DECIMAL_TEXT_MAX, "%s%s", sign, digits);
    else if (decimal->exponent > 0 && decimal->exponent <= ZEROS_MAX)
        n = snprintf(ret, DECIMAL_TEXT_MAX, "%s%s%.*s", sign, digits, decimal->exponent,
                     "000000000000000000000000");
    else
        n = snprintf(ret, DECIMAL_TEXT_MAX, "%s%se%d", sign, digits, decimal->exponent);
    return (size_t)n;
}
