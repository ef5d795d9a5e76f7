#include <string.h>

#include "config/config.h"
#include "config/strings.h"

static bool text_equal(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool port_config_equal(const struct port_config *a, const struct port_config *b)
{
    return text_equal(a->device, b->device) && a->kind == b->kind && a->baud == b->baud &&
           a->baud_fallback == b->baud_fallback && a->parity_even == b->parity_even &&
           a->gap == b->gap && a->answer_delay == b->answer_delay && a->byte_gap == b->byte_gap &&
           text_equal(a->link, b->link) && a->mode == b->mode && text_equal(a->host, b->host) &&
           a->tcp_port == b->tcp_port && a->max_clients == b->max_clients &&
           a->idle_timeout == b->idle_timeout;
}

bool line_config_equal(const struct line_config *a, const struct line_config *b)
{
    return text_equal(a->name, b->name) && text_equal(a->chip, b->chip) && a->offset == b->offset &&
           a->active_low == b->active_low && a->bias == b->bias && a->drive == b->drive;
}

static bool dib_equal(const struct dib *a, const struct dib *b)
{
    return a->data_field == b->data_field && a->function == b->function &&
           a->storage == b->storage && a->tariff == b->tariff && a->subunit == b->subunit &&
           a->n_dife == b->n_dife;
}

static bool value_equal(const struct value *a, const struct value *b)
{
    uint32_t a_real, b_real;
    /* Reals by their bits, as on the wire. */
    memcpy(&a_real, &a->real, sizeof(a_real));
    memcpy(&b_real, &b->real, sizeof(b_real));
    return a->integer == b->integer && a_real == b_real;
}

static bool bytes_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
    return n == 0 || memcmp(a, b, n) == 0;
}

static bool vib_equal(const struct vib *a, const struct vib *b)
{
    return a->n == b->n && bytes_equal(a->bytes, b->bytes, a->n) && a->n_text == b->n_text &&
           a->text_first == b->text_first && bytes_equal(a->text, b->text, a->n_text);
}

static bool wire_equal(const struct record *a, const struct record *b)
{
    return dib_equal(&a->dib, &b->dib) && vib_equal(&a->vib, &b->vib) && a->coding == b->coding &&
           value_equal(&a->value, &b->value) && a->lvar == b->lvar &&
           bytes_equal(a->data, b->data, a->data ? lvar_decode(a->lvar).length : 0);
}

static bool counting_equal(const struct counting *a, const struct counting *b)
{
    return a->resolution == b->resolution && a->field == b->field && a->coding == b->coding &&
           a->is_fraction == b->is_fraction;
}

bool record_counts_equal(const struct meter_record *a, const struct meter_record *b)
{
    return dib_equal(&a->wire.dib, &b->wire.dib) && vib_equal(&a->wire.vib, &b->wire.vib) &&
           counting_equal(&a->counting, &b->counting);
}

static bool record_equal(const struct meter_record *a, const struct meter_record *b)
{
    return text_equal(a->name, b->name) && wire_equal(&a->wire, &b->wire) && a->sets == b->sets &&
           a->writable == b->writable && value_equal(&a->min, &b->min) &&
           value_equal(&a->max, &b->max) && counting_equal(&a->counting, &b->counting) &&
           a->is_live == b->is_live && a->is_kept == b->is_kept;
}

static bool tail_equal(const struct meter_def *a, const struct meter_def *b)
{
    return a->n_tail == b->n_tail && (a->n_tail == 0 || memcmp(a->tail, b->tail, a->n_tail) == 0);
}

static bool counter_equal(const struct fixed_counter *a, const struct fixed_counter *b)
{
    return a->unit == b->unit && a->value == b->value;
}

bool meter_def_equal(const struct meter_def *a, const struct meter_def *b)
{
    if (!text_equal(a->name, b->name) || a->address != b->address ||
        !ident_equal(&a->ident, &b->ident) || a->structure != b->structure ||
        a->status != b->status || a->repeat_time != b->repeat_time ||
        a->session_time != b->session_time || a->max_telegram != b->max_telegram ||
        a->allow != b->allow || a->on_refused != b->on_refused || a->nke_253 != b->nke_253 ||
        a->silent_when_stale != b->silent_when_stale || !tail_equal(a, b) ||
        a->n_records != b->n_records || a->fixed_binary != b->fixed_binary)
        return false;
    for (size_t i = 0; i < a->n_records; i++)
        if (!record_equal(&a->records[i], &b->records[i]))
            return false;
    return counter_equal(&a->counters[0], &b->counters[0]) &&
           counter_equal(&a->counters[1], &b->counters[1]);
}

/* By their bits: as they are written. */
static bool real_equal(double a, double b)
{
    uint64_t a_bits, b_bits;
    memcpy(&a_bits, &a, sizeof(a_bits));
    memcpy(&b_bits, &b, sizeof(b_bits));
    return a_bits == b_bits;
}

static bool number_equal(const struct number *a, const struct number *b)
{
    return a->is_real == b->is_real && a->integer == b->integer && real_equal(a->real, b->real);
}

static bool text_config_equal(const struct text_config *a, const struct text_config *b)
{
    return text_equal(a->pattern, b->pattern) && a->field == b->field &&
           real_equal(a->scale, b->scale) && real_equal(a->offset, b->offset);
}

static bool derived_equal(const struct derived_config *a, const struct derived_config *b)
{
    return a->kind == b->kind && real_equal(a->factor, b->factor) && a->n_inputs == b->n_inputs &&
           (a->n_inputs == 0 ||
            memcmp(a->inputs, b->inputs, a->n_inputs * sizeof(*a->inputs)) == 0);
}

/* Of two of the same kind, what that kind alone has. */
static bool own_equal(const struct source_config *a, const struct source_config *b)
{
    switch (a->kind) {
    case SOURCE_FILE:
    case SOURCE_COMMAND:
        return text_config_equal(&a->text, &b->text) && text_equal(a->path, b->path) &&
               strings_equal(a->argv, b->argv);
    case SOURCE_PUSHED:
        return a->has_start == b->has_start && number_equal(&a->start, &b->start);
    case SOURCE_DERIVED:
        return derived_equal(&a->derived, &b->derived);
    case SOURCE_CLOCK:
        return text_equal(a->zone, b->zone);
    case SOURCE_INTERNAL:
        return a->counter == b->counter && real_equal(a->unit, b->unit);
    default:
        return true;
    }
}

bool source_config_equal(const struct source_config *a, const struct source_config *b)
{
    return a->kind == b->kind && a->interval == b->interval && a->timeout == b->timeout &&
           strings_equal(a->write_command, b->write_command) && own_equal(a, b);
}
