#include "meter/quantity.h"

#define POWER_MAX 18
#define FRACTIONS 4096.0
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

/* Counts of 2^-12; in a real the number stands as it is. */
static bool counts_fractions(const struct counting *counting)
{
    return counting->is_fraction && counting->field != DATA_FIELD_REAL32;
}

enum quantity_verdict quantity_count(const struct number *number, const struct counting *counting,
                                     struct value *ret)
{
    struct number scaled = *number;

    if (counts_fractions(counting)) {
        scaled.real = FRACTIONS * (number->is_real ? number->real : (double)number->integer);
        scaled.is_real = true;
    }
    return quantity_scale(&scaled, counting->resolution, counting->field, counting->coding, ret);
}

struct number quantity_number(const struct value *value, const struct counting *counting)
{
    double real =
        counting->field == DATA_FIELD_REAL32 ? (double)value->real : (double)value->integer;
    int64_t whole;

    if (counts_fractions(counting))
        return (struct number){ .is_real = true, .real = real / FRACTIONS };
    if (counting->field != DATA_FIELD_REAL32 && counting->resolution <= 0 &&
        counting->resolution >= -POWER_MAX &&
        value->integer % power_of_ten(-counting->resolution) == 0)
        return (struct number){ .integer = value->integer / power_of_ten(-counting->resolution) };
    if (counting->field != DATA_FIELD_REAL32 && counting->resolution > 0 &&
        scale_integer(value->integer, -counting->resolution, &whole) == QUANTITY_OK)
        return (struct number){ .integer = whole };
    return (struct number){ .is_real = true, .real = real_scaled(real, -counting->resolution) };
}
