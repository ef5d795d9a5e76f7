#include "control/value.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/text.h"
#include "mbus/record_decode.h"
#include "mbus/time_text.h"
#include "mbus/vib_meaning.h"
#include "mbus/vife.h"
#include "meter/live.h"
#include "meter/readout.h"

#define TEXT_MAX (3U * VIB_TEXT_MAX + 1U)

/* ---- numbers and texts ----------------------------------------------------------------------- */

static bool is_number(const struct record *wire)
{
    return wire->dib.data_field != DATA_FIELD_VARIABLE && wire->dib.data_field != DATA_FIELD_NONE &&
           wire->coding != CODING_TIME;
}

static int append_number(sd_bus_message *m, const struct number *number)
{
    if (number->is_real)
        return sd_bus_message_append(m, "v", "d", number->real);
    return sd_bus_message_append(m, "v", "x", number->integer);
}

/* The record without its error, taken apart as a master would. */
static bool decode(const struct subject *s, struct decoded_record *ret)
{
    struct record record = subject_definition(s)->wire;
    uint8_t bytes[VALUE_WIRE_MAX];
    struct writer w = writer_over(bytes, sizeof(bytes));
    struct decode_fault fault;
    struct reader r;

    record.value = subject_cell(s)->value;
    record_encode(&record, &w);
    r = reader_over(bytes, w.n);
    return !w.failed && record_decode(&r, FROM_SLAVE, ret, &fault);
}

static void ident_text(const struct ident *ident, char *ret)
{
    char letters[4];

    ident_manufacturer_letters(ident->manufacturer, letters);
    (void)snprintf(ret, TEXT_MAX, "%08X %s %u %u", ident->id, letters, ident->version,
                   ident->medium);
}

static int append_word(sd_bus_message *m, uint64_t word)
{
    if (word > INT64_MAX)
        return sd_bus_message_append(m, "v", "d", (double)word);
    return sd_bus_message_append(m, "v", "x", (int64_t)word);
}

static int append_decoded(sd_bus_message *m, const struct decoded_value *v)
{
    char text[TEXT_MAX] = "";

    switch (v->kind) {
    case VALUE_SIGNED:
    case VALUE_BCD:
        return sd_bus_message_append(m, "v", "x", v->integer);
    case VALUE_UNSIGNED:
    case VALUE_BITS:
        return append_word(m, v->word);
    case VALUE_REAL:
        return sd_bus_message_append(m, "v", "d", (double)v->real);
    case VALUE_TIME:
        (void)time_text(v->time_kind, &v->time, text);
        break;
    case VALUE_IDENT:
        ident_text(&v->ident, text);
        break;
    case VALUE_TEXT:
        text_of_latin1(v->bytes, v->n, text);
        break;
    case VALUE_BINARY:
        text_of_bytes(v->bytes, v->n, text);
        break;
    case VALUE_NONE:
        break;
    }
    return sd_bus_message_append(m, "v", "s", text);
}

int value_append(sd_bus_message *m, const struct subject *record)
{
    const struct meter_record *def = subject_definition(record);
    const struct meter_cell *cell = subject_cell(record);
    struct decoded_record decoded;
    struct number number;

    if (!is_number(&def->wire)) {
        if (!decode(record, &decoded))
            return sd_bus_message_append(m, "v", "s", "");
        return append_decoded(m, &decoded.value);
    }
    number = meter_cell_number(def, cell);
    return append_number(m, &number);
}

const char *value_error(const struct subject *record)
{
    const char *name = vife_error_name(subject_cell(record)->error);

    return name != NULL ? name : "";
}

size_t value_wire(const struct subject *record, uint8_t bytes[static VALUE_WIRE_MAX])
{
    const struct readout readout = { .everything = true };
    const struct readout_source source = { record->meter, &readout, record->meter->now.cells };
    struct writer w = writer_over(bytes, VALUE_WIRE_MAX);

    readout_encode(&source, record->record, &w);
    return w.failed ? 0 : w.n;
}

/* ---- quantity and unit ----------------------------------------------------------------------- */

static bool decode_vib(const struct subject *s, struct decoded_vib *ret)
{
    uint8_t bytes[VALUE_WIRE_MAX];
    struct writer w = writer_over(bytes, sizeof(bytes));
    const struct vib *vib = &subject_definition(s)->wire.vib;
    enum decode_reason reason;
    struct reader r;

    vib_write(vib, &w);
    r = reader_over(bytes, w.n);
    return !w.failed &&
           vib_decode(&r, vib->text_first ? TEXT_BEFORE_VIFE : TEXT_BEHIND_VIFE, ret, &reason);
}

int value_append_quantity(sd_bus_message *m, const struct subject *record)
{
    struct vib_meaning meaning = { 0 };
    struct decoded_vib vib;

    if (decode_vib(record, &vib))
        vib_meaning_of(&vib, FROM_SLAVE, &meaning);
    return text_append(m, meaning.quantity != NULL ? meaning.quantity : "reserved");
}

/* A count is 10^exponent of the base, and 10^resolution of the unit of the configuration: that
 * leaves one unit. */
static const char *unit_name(const struct vib_meaning *meaning, const struct counting *counting)
{
    int exponent = meaning->exponent - counting->resolution;

    for (size_t i = 0; i < n_vif_units; i++) {
        if (vif_units[i].base == meaning->base && vif_units[i].exponent == exponent)
            return vif_units[i].name;
    }
    return "";
}

int value_append_unit(sd_bus_message *m, const struct subject *record)
{
    const struct meter_record *def = subject_definition(record);
    struct vib_meaning meaning;
    struct decoded_vib vib;
    char text[TEXT_MAX];

    if (!decode_vib(record, &vib))
        return text_append(m, "");
    if (vib_is_text(&vib)) {
        text_of_latin1(vib.text, vib.n_text, text);
        return text_append(m, text);
    }
    vib_meaning_of(&vib, FROM_SLAVE, &meaning);
    return text_append(m, is_number(&def->wire) ? unit_name(&meaning, &def->counting) : "");
}

/* ---- numbers of others ----------------------------------------------------------------------- */

union basic {
    uint8_t y;
    int16_t n;
    uint16_t q;
    int32_t i;
    uint32_t u;
    int64_t x;
    uint64_t t;
    double d;
};

static bool number_of(char type, const union basic *basic, struct number *ret)
{
    *ret = (struct number){ 0 };
    switch (type) {
    case 'y':
        ret->integer = basic->y;
        return true;
    case 'n':
        ret->integer = basic->n;
        return true;
    case 'q':
        ret->integer = basic->q;
        return true;
    case 'i':
        ret->integer = basic->i;
        return true;
    case 'u':
        ret->integer = basic->u;
        return true;
    case 'x':
        ret->integer = basic->x;
        return true;
    case 't':
        ret->is_real = basic->t > INT64_MAX;
        if (ret->is_real)
            ret->real = (double)basic->t;
        else
            ret->integer = (int64_t)basic->t;
        return true;
    case 'd':
        ret->is_real = true;
        ret->real = basic->d;
        return true;
    default:
        return false;
    }
}

int value_read(sd_bus_message *m, struct number *ret)
{
    const char *type;
    union basic basic;
    char what;
    int r = sd_bus_message_peek_type(m, &what, &type);

    if (r <= 0)
        return r < 0 ? r : -EINVAL;
    if (what != 'v' || strlen(type) != 1 || strchr("ynqiuxtd", *type) == NULL)
        return -EINVAL;
    r = sd_bus_message_enter_container(m, 'v', type);
    if (r < 0)
        return r;
    r = sd_bus_message_read_basic(m, *type, &basic);
    if (r < 0)
        return r;
    if (!number_of(*type, &basic, ret))
        return -EINVAL;
    return sd_bus_message_exit_container(m);
}
