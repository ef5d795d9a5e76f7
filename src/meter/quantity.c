#include "meter/quantity.h"

#define POWER_MAX 18
/* From here on a double holds no odd numbers and int64 ends. */
#define REAL_LIMIT 9223372036854775808.0
#define FLOAT_MAX 3.40282346638528859811704183484516925e+38

static int64_t power_of_ten(int exponent)
{
    int64_t power = 1;

    for (int i = 0; i < exponent; i++)
        power *= 10;
    return power;
}

/* x / 10^resolution; dividing by an exact power keeps 0.1 at 1 decimal what a person expects. */
static double real_scaled(double x, int resolution)
{
    for (; resolution > POWER_MAX; resolution -= POWER_MAX)
        x /= (double)power_of_ten(POWER_MAX);
    for (; resolution < -POWER_MAX; resolution += POWER_MAX)
        x *= (double)power_of_ten(POWER_MAX);
    if (resolution >= 0)
        return x / (double)power_of_ten(resolution);
    return x * (double)power_of_ten(-resolution);
}

static bool is_finite(double x)
{
    return x - x == 0.0;
}

static enum quantity_verdict beyond(bool negative)
{
    return negative ? QUANTITY_TOO_SMALL : QUANTITY_TOO_LARGE;
}

static enum quantity_verdict round_real(double x, int64_t *ret)
{
    int64_t whole;
    double rest;

    if (x >= REAL_LIMIT || x <= -REAL_LIMIT)
        return beyond(x < 0);
    whole = (int64_t)x;
    rest = x - (double)whole;
    if (rest >= 0.5)
        whole++;
    else if (rest <= -0.5)
        whole--;
    *ret = whole;
    return QUANTITY_OK;
}

/* Whole numbers stay exact over the whole range of int64. */
static enum quantity_verdict scale_integer(int64_t x, int resolution, int64_t *ret)
{
    int64_t power, rest;

    if (x == 0 || resolution > POWER_MAX) {
        *ret = 0;
        return QUANTITY_OK;
    }
    if (resolution < 0) {
        if (resolution < -POWER_MAX || __builtin_mul_overflow(x, power_of_ten(-resolution), ret))
            return beyond(x < 0);
        return QUANTITY_OK;
    }
    power = power_of_ten(resolution);
    *ret = x / power;
    rest = x % power;
    if (rest >= power - rest)
        (*ret)++;
    else if (-rest >= power + rest)
        (*ret)--;
    return QUANTITY_OK;
}

static enum quantity_verdict scale_to_real32(const struct number *number, int resolution,
                                             struct value *ret)
{
    double x = real_scaled(number->is_real ? number->real : (double)number->integer, resolution);

    if (x > FLOAT_MAX || x < -FLOAT_MAX)
        return beyond(x < 0);
    ret->integer = 0;
    ret->real = (float)x;
    return QUANTITY_OK;
}

enum quantity_verdict quantity_scale(const struct number *number, int resolution,
                                     enum data_field field, enum value_coding coding,
                                     struct value *ret)
{
    enum quantity_verdict verdict;
    int64_t whole = 0, min, max;

    if (number->is_real && !is_finite(number->real))
        return QUANTITY_NOT_FINITE;
    if (field == DATA_FIELD_REAL32)
        return scale_to_real32(number, resolution, ret);
    if (number->is_real)
        verdict = round_real(real_scaled(number->real, resolution), &whole);
    else
        verdict = scale_integer(number->integer, resolution, &whole);
    if (verdict != QUANTITY_OK)
        return verdict;
    if (!value_range(field, coding, &min, &max))
        return QUANTITY_TOO_LARGE;
    if (whole < min || whole > max)
        return beyond(whole < min);
    *ret = (struct value){ .integer = whole };
    return QUANTITY_OK;
}
