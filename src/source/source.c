/* What a record shows of its source: numbers, failures, and who is told. */
#include "source/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "mbus/vife.h"
#include "meter/live.h"
#include "source/set.h"
#include "sys/clock.h"

const char *source_kind_name(const struct source *s)
{
    return s != NULL ? s->ops->name : source_constant.name;
}

static const struct meter_record *record_of(const struct source *s)
{
    return &s->meter->def->records[s->config->record];
}

static const struct meter_cell *cell_of(const struct source *s)
{
    return &s->meter->now.cells[s->config->record];
}

/* ---- the cell -------------------------------------------------------------------------------- */

static bool same_number(const struct number *a, const struct number *b)
{
    return a->is_real == b->is_real &&
           (a->is_real ? !(a->real < b->real) && !(a->real > b->real) : a->integer == b->integer);
}

static bool same_cell(const struct meter_cell *a, const struct meter_cell *b)
{
    return a->error == b->error && a->value.integer == b->value.integer &&
           !(a->value.real < b->value.real) && !(a->value.real > b->value.real) &&
           same_number(&a->number, &b->number);
}

void set_tell_dependents(const struct sources *set, const struct meter *meter, size_t record)
{
    size_t first, n = set_of_meter(set, meter, &first);

    for (size_t i = first; i < first + n; i++) {
        struct source *s = set->items[i];

        if (s->ops->input_changed != NULL)
            s->ops->input_changed(s, record);
    }
}

static void tell_changed(struct source *s, const struct meter_cell *before)
{
    bool is_same = same_cell(before, cell_of(s));

    if (is_same && !s->is_otherwise)
        return;
    s->is_otherwise = false;
    s->set->host.changed(s->set->host.userdata, s->meter, s->config->record);
    if (!is_same)
        set_tell_dependents(s->set, s->meter, s->config->record);
}

static void show_number(struct source *s, const struct number *number)
{
    meter_set_number(s->meter, s->config->record, number);
}

static bool is_sum(const struct source *s)
{
    return s->config->kind == SOURCE_DERIVED && s->config->derived.kind == DERIVED_INTEGRAL;
}

/* The number is held for as long as it is not too old itself, nor what it is derived of, whatever
 * else has come. */
static bool may_hold(const struct source *s)
{
    return s->config->on_error == SOURCE_HOLD && s->has_number && !s->is_stale &&
           s->failure != RECORD_ERROR_NO_DATA && clock_now() < source_held_until(s);
}

usec_t source_held_until(const struct source *s)
{
    return s->config->max_age > 0 ? s->number_at + s->config->max_age : USEC_NEVER;
}

/* What `on_error` says. The zero is only shown: the number is kept. To a sum of time nothing is
 * added while its input fails, and it is not 0. */
static void show_failure(struct source *s)
{
    static const struct number zero = { 0 };

    s->is_holding = may_hold(s);
    if (s->is_holding || (s->config->on_error == SOURCE_ZERO && is_sum(s)))
        show_number(s, &s->number);
    else if (s->config->on_error == SOURCE_ZERO)
        meter_show_instead(s->meter, s->config->record, &zero);
    else
        meter_set_error(s->meter, s->config->record, s->failure);
}

static void show_again(struct source *s)
{
    /* A constant is what was restored: the file may have overruled what a master has set. */
    if (!record_of(s)->is_live)
        return;
    if (s->failure != RECORD_ERROR_NONE)
        show_failure(s);
    else if (s->has_number)
        show_number(s, &s->number);
}

/* ---- trouble --------------------------------------------------------------------------------- */

static const char nothing_came[] = "no value came since the start";

/* Most records of a large configuration wait at first: that takes no memory. */
const char *source_trouble(const struct source *s)
{
    if (s->trouble != NULL)
        return s->trouble;
    return cell_of(s)->error == RECORD_ERROR_NO_DATA ? nothing_came : "";
}

static void end_trouble(struct source *s)
{
    s->is_holding = false;
    s->is_otherwise = s->is_otherwise || s->trouble != NULL;
    free(TAKE_PTR(s->trouble));
    s->failure = RECORD_ERROR_NONE;
    if (s->is_told)
        s->set->host.trouble(s->set->host.userdata, s, NULL);
    s->is_told = false;
}

static void begin_trouble(struct source *s, bool is_own)
{
    if (is_own && !s->is_told) {
        s->is_told = true;
        s->set->host.trouble(s->set->host.userdata, s, source_trouble(s));
    }
}

/* A meter whose data are dead may have to look dead. */
static void update_mute(struct sources *set, struct meter *meter)
{
    size_t first, n = set_of_meter(set, meter, &first), n_stale = 0;
    bool is_mute;

    for (size_t i = first; i < first + n; i++)
        n_stale += set->items[i]->is_stale;
    is_mute = meter->def->silent_when_stale && n_stale > 0;
    if (meter->is_mute == is_mute)
        return;
    meter->is_mute = is_mute;
    set->host.muted(set->host.userdata, meter);
}

void set_update_mute(struct sources *set)
{
    for (size_t i = 0; i < set->config->n_meters; i++)
        update_mute(set, set->meters[i]);
}

static void set_stale(struct source *s, bool is_stale)
{
    if (s->is_stale == is_stale)
        return;
    s->is_stale = is_stale;
    update_mute(s->set, s->meter);
}

static void fail(struct source *s, uint8_t error, bool is_own, const struct meter_cell *before)
{
    s->failure = error;
    show_failure(s);
    begin_trouble(s, is_own);
    tell_changed(s, before);
}

/* What is held is too old by now; that the newest failed is known. */
void source_holds_no_more(struct source *s)
{
    const struct meter_cell before = *cell_of(s);

    show_failure(s);
    tell_changed(s, &before);
}

/* Without memory it stays unsaid. */
static void explain_args(struct source *s, const char *format, va_list args)
{
    char text[SOURCE_TROUBLE_MAX];

    vsnprintf(text, sizeof(text), format, args);
    if (s->trouble != NULL && strcmp(text, s->trouble) == 0)
        return;
    free(s->trouble);
    s->trouble = strdup(text);
    s->is_otherwise = true;
}

static void PRINTF(2, 3) explain(struct source *s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    explain_args(s, format, args);
    va_end(args);
}

void source_failed(struct source *s, const char *format, ...)
{
    const struct meter_cell before = *cell_of(s);
    va_list args;

    va_start(args, format);
    explain_args(s, format, args);
    va_end(args);
    fail(s, RECORD_ERROR_DATA, true, &before);
    schedule_after_refresh(s);
}

void source_has_no_input(struct source *s, size_t record)
{
    const struct meter_cell before = *cell_of(s);

    explain(s, "%s has no value", s->meter->def->records[record].name);
    fail(s, s->meter->now.cells[record].error, false, &before);
}

void source_is_of_unknown_age(struct source *s)
{
    const struct meter_cell before = *cell_of(s);

    explain(s, "%s", nothing_came);
    fail(s, RECORD_ERROR_NO_DATA, false, &before);
}

void source_is_stale(struct source *s)
{
    const struct meter_cell before = *cell_of(s);
    bool has_reason = s->failure != RECORD_ERROR_NONE;

    set_stale(s, true);
    if (!has_reason)
        explain(s, "no value came for %g s", (double)s->config->max_age / (double)USEC_PER_SEC);
    fail(s, has_reason ? s->failure : RECORD_ERROR_NO_DATA, true, &before);
}

/* What it has may be old by another max_age, or not any more. */
void set_take_settings(struct source *s)
{
    usec_t max_age = s->config->max_age;

    if (s->is_stale && (max_age == 0 || clock_now() < s->good_at + max_age)) {
        s->is_stale = false;
        if (s->failure == RECORD_ERROR_NO_DATA && s->has_number)
            end_trouble(s);
    }
    show_again(s);
    schedule_arm(s);
}

/* ---- numbers --------------------------------------------------------------------------------- */

static void is_good(struct source *s)
{
    s->good_at = clock_now();
    set_stale(s, false);
    end_trouble(s);
}

/* A number that the record cannot carry. */
static void does_not_fit(struct source *s, const struct number *number,
                         enum quantity_verdict verdict)
{
    const struct meter_cell before = *cell_of(s);

    if (number->is_real)
        explain(s, "%g is too %s for the record", number->real,
                verdict == QUANTITY_TOO_SMALL ? "small" : "large");
    else
        explain(s, "%lld is too %s for the record", (long long)number->integer,
                verdict == QUANTITY_TOO_SMALL ? "small" : "large");
    s->good_at = clock_now();
    set_stale(s, false);
    show_number(s, number); /* what is kept is this one, not the one before */
    fail(s, verdict == QUANTITY_TOO_SMALL ? RECORD_ERROR_UNDERFLOW : RECORD_ERROR_OVERFLOW, true,
         &before);
}

void source_number(struct source *s, const struct number *number)
{
    const struct meter_cell before = *cell_of(s);
    struct value value;
    enum quantity_verdict verdict = quantity_count(number, &record_of(s)->counting, &value);

    if (verdict == QUANTITY_NOT_FINITE) {
        source_failed(s, "not a number");
        return;
    }
    if (verdict != QUANTITY_OK) {
        does_not_fit(s, number, verdict);
        schedule_after_refresh(s);
        return;
    }
    is_good(s);
    s->number = *number;
    s->number_at = s->good_at;
    s->has_number = true;
    show_number(s, number);
    tell_changed(s, &before);
    schedule_after_refresh(s);
}

void source_value(struct source *s, const struct value *value)
{
    const struct meter_cell before = *cell_of(s);

    is_good(s);
    meter_set_value(s->meter, s->config->record, value);
    tell_changed(s, &before);
    schedule_after_refresh(s);
}

/* ---- what a master has written --------------------------------------------------------------- */

/* The cell has it already, and the state too. */
void source_take_written(struct source *s)
{
    s->number = s->meter->now.cells[s->config->record].number;
    s->has_number = true;
    is_good(s);
    s->number_at = s->good_at;
}
