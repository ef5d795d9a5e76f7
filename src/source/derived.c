/* Numbers made of others of the same meter, so that they always agree. */
#include <stdlib.h>
#include <errno.h>

#include "meter/live.h"
#include "source/source.h"
#include "sys/clock.h"

#define USEC_PER_HOUR (60.0 * (double)USEC_PER_MIN)

/* Of an integral: what its input was since when. */
struct integral {
    bool has_rate;
    double rate;
    usec_t since;
};

static double to_real(const struct number *number)
{
    return number->is_real ? number->real : (double)number->integer;
}

/* ---- arithmetic ------------------------------------------------------------------------------ */

/* Whole numbers stay exact for as long as they fit. */
static struct number combine(enum derived_kind kind, const struct number *a, const struct number *b)
{
    double x = to_real(a), y = to_real(b);
    struct number result = { 0 };
    bool overflows = true;

    if (!a->is_real && !b->is_real) {
        if (kind == DERIVED_PRODUCT)
            overflows = __builtin_mul_overflow(a->integer, b->integer, &result.integer);
        else if (kind == DERIVED_DIFFERENCE)
            overflows = __builtin_sub_overflow(a->integer, b->integer, &result.integer);
        else
            overflows = __builtin_add_overflow(a->integer, b->integer, &result.integer);
    }
    if (!overflows)
        return result;
    result.is_real = true;
    result.real = kind == DERIVED_PRODUCT ? x * y : kind == DERIVED_DIFFERENCE ? x - y : x + y;
    return result;
}

static struct number times(const struct number *number, double factor)
{
    if (factor >= 1.0 && factor <= 1.0)
        return *number;
    return (struct number){ .is_real = true, .real = to_real(number) * factor };
}

static void evaluate(struct source *s)
{
    const struct derived_config *derived = &s->config->derived;
    struct number result = { 0 }, input;

    for (size_t i = 0; i < derived->n_inputs; i++) {
        if (!meter_get_number(s->meter, derived->inputs[i], &input)) {
            source_has_no_input(s, derived->inputs[i]);
            return;
        }
        result = i == 0 ? input : combine(derived->kind, &result, &input);
    }
    result = times(&result, derived->factor);
    source_number(s, &result);
}

/* ---- integrals ------------------------------------------------------------------------------- */

/* Up to now with the input that was, from now on with the one that is. */
static void integrate(struct source *s)
{
    const struct derived_config *derived = &s->config->derived;
    struct integral *integral = s->own;
    double sum = s->has_number ? to_real(&s->number) : 0;
    bool had_rate = integral->has_rate;
    struct number input;
    usec_t now = clock_now();

    if (integral->has_rate)
        sum += integral->rate * derived->factor * (double)(now - integral->since) / USEC_PER_HOUR;
    s->number = (struct number){ .is_real = true, .real = sum };
    s->has_number = true;
    integral->since = now;
    integral->has_rate = meter_get_number(s->meter, derived->inputs[0], &input);
    integral->rate = integral->has_rate ? to_real(&input) : 0;
    if (!integral->has_rate) {
        /* What is counted is kept, though it is not shown. */
        if (had_rate)
            meter_set_number(s->meter, s->config->record, &s->number);
        source_has_no_input(s, derived->inputs[0]);
        return;
    }
    struct number total = s->number;
    source_number(s, &total);
}

static int start_integral(struct source *s)
{
    const struct meter_cell *cell = &s->meter->now.cells[s->config->record];

    s->own = calloc(1, sizeof(struct integral));
    if (s->own == NULL)
        return -ENOMEM;
    if (cell->has_number) {
        s->number = cell->number;
        s->has_number = true;
    }
    integrate(s);
    return 0;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static bool is_integral(const struct source *s)
{
    return s->config->derived.kind == DERIVED_INTEGRAL;
}

static void update(struct source *s)
{
    if (!is_integral(s))
        evaluate(s);
    else if (s->own != NULL)
        integrate(s);
}

static int start(struct source *s)
{
    if (is_integral(s))
        return start_integral(s);
    evaluate(s);
    return 0;
}

static void input_changed(struct source *s, size_t record)
{
    const struct derived_config *derived = &s->config->derived;

    for (size_t i = 0; i < derived->n_inputs; i++) {
        if (derived->inputs[i] == record) {
            update(s);
            return;
        }
    }
}

static void stop(struct source *s)
{
    free(s->own);
}

const struct source_ops source_derived = {
    .name = "derived",
    .start = start,
    .tick = update,
    .wants_tick = is_integral,
    .input_changed = input_changed,
    .resume = update,
    .stop = stop,
};
