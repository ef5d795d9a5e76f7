#include "ctl/shown.h"

#include <string.h>

#include "base/macros.h"
#include "ctl/decimal.h"
#include "mbus/time_text.h"

static const char *const functions[] = {
    [DIF_INSTANTANEOUS] = "instantaneous",
    [DIF_MAXIMUM] = "maximum",
    [DIF_MINIMUM] = "minimum",
    [DIF_ERROR] = "error",
};

/* Why a value is none, or is doubtful; the names stand beside those of the record errors. */
static const char *const states[] = {
    [VALUE_GOOD] = NULL,
    [VALUE_INVALID] = "no_value",
    [VALUE_OVERFLOW] = "overflow",
    [VALUE_NO_NUMBER] = "no_number",
    [VALUE_IMPOSSIBLE] = "no_such_date",
    [VALUE_WRONG_FIELD] = "vif_dif_mismatch",
    [VALUE_UNSURE] = "sign_unsure",
};

bool shown_modifier(const struct modifier *modifier, struct label *ret)
{
    switch (modifier->kind) {
    case MODIFIER_NAMED:
        if (modifier->row->effect == VIFE_FACTOR || modifier->row->effect == VIFE_OFFSET)
            return false;
        label_print(ret, "%s", modifier->name);
        return true;
    case MODIFIER_ACTION:
        label_print(ret, "%s", modifier->name);
        return true;
    case MODIFIER_RESERVED:
        label_print(ret, "reserved_%s%02X", modifier->is_second ? "FC_" : "", modifier->code);
        return true;
    case MODIFIER_MANUFACTURER:
        label_print(ret, "manufacturer_%02X", modifier->code);
        return true;
    case MODIFIER_ERROR:
        break;
    }
    return false;
}

void shown_manufacturer(uint16_t code, struct label *ret)
{
    char letters[4];

    ident_manufacturer_letters(code, letters);
    if (ident_manufacturer(letters) == code)
        label_print(ret, "%s", letters);
    else
        label_print(ret, "%04X", code);
}

bool shown_medium(uint8_t code, struct label *ret)
{
    const char *name = medium_name(code);

    if (name)
        label_print(ret, "%s", name);
    else
        label_print(ret, "%u", code);
    return name != NULL;
}

static void show_ident(const struct ident *ident, struct label *ret)
{
    label_print(ret, "%08X ", ident->id);
    shown_manufacturer(ident->manufacturer, ret);
    label_print(ret, " %u ", ident->version);
    (void)shown_medium(ident->medium, ret);
}

static void show_time(const struct decoded_value *v, struct label *ret)
{
    char text[TIME_TEXT_MAX];

    label_add(ret, (const uint8_t *)text, time_text(v->time_kind, &v->time, text));
}

/* mbus-records 4.1, the display column. */
static void show_letters(const struct decoded_value *v, struct label *ret)
{
    static const char digits[16] = "0123456789AbC E-";

    for (size_t i = 0; i < v->n; i++)
        label_add(ret, (const uint8_t *)&digits[v->bytes[i] & 0x0F], 1);
}

static void show_unit(const struct decoded_record *r, int *exponent, struct label *ret)
{
    const struct vif_unit *unit = vif_unit_for(r->family, r->base, r->exponent);

    *exponent = r->exponent;
    if (vib_is_text(&r->vib)) {
        label_add(ret, r->vib.text, r->vib.n_text);
    } else if (unit) {
        *exponent -= unit->exponent;
        label_print(ret, "%s", unit->name);
    }
}

static void show_number(const struct decoded_record *r, int exponent, struct shown *ret)
{
    struct decimal decimal;
    char text[DECIMAL_TEXT_MAX];

    if (!decimal_of(&r->value, r->type, exponent, &decimal))
        return;
    for (unsigned i = 0; r->value.kind != VALUE_BITS && i < r->offsets.n; i++)
        decimal_add_power(&decimal, r->offsets.exponents[i] + exponent - r->exponent);
    ret->kind = SHOWN_NUMBER;
    if (r->type == VIF_MANUFACTURER && r->value.kind == VALUE_UNSIGNED && r->value.word <= 0xFFFF) {
        ret->kind = SHOWN_STRING;
        shown_manufacturer((uint16_t)r->value.word, &ret->value);
    } else if (r->type == VIF_MEDIUM && r->value.kind == VALUE_UNSIGNED && r->value.word <= 0xFF) {
        ret->kind = shown_medium((uint8_t)r->value.word, &ret->value) ? SHOWN_STRING : SHOWN_NUMBER;
    } else {
        label_add(&ret->value, (const uint8_t *)text, decimal_text(&decimal, text));
    }
}

static void show_value(const struct decoded_record *r, int exponent, struct shown *ret)
{
    const struct decoded_value *v = &r->value;

    ret->kind = SHOWN_STRING;
    switch (v->kind) {
    case VALUE_TIME:
        show_time(v, &ret->value);
        ret->is_summer = v->time.summer;
        break;
    case VALUE_IDENT:
        show_ident(&v->ident, &ret->value);
        break;
    case VALUE_TEXT:
        label_add(&ret->value, v->bytes, v->n);
        break;
    case VALUE_BINARY:
        label_hex(&ret->value, v->bytes, v->n);
        break;
    default:
        ret->kind = SHOWN_NOTHING;
        show_number(r, exponent, ret);
        break;
    }
}

void shown_of(const struct decoded_record *record, struct shown *ret)
{
    enum value_state state = record->value.state;
    int exponent;

    *ret = (struct shown){ .function = functions[record->dib.function],
                           .quantity = record->quantity ? record->quantity : "reserved",
                           .error = record->error ? record->error : states[state] };
    show_unit(record, &exponent, &ret->unit);
    if (state == VALUE_NO_NUMBER)
        show_letters(&record->value, &ret->letters);
    if (record->error == NULL && state != VALUE_INVALID && state != VALUE_IMPOSSIBLE)
        show_value(record, exponent, ret);
}

void shown_cell(const struct decoded_record *record, const struct shown *shown, struct label *ret)
{
    bool is_text = shown->kind == SHOWN_STRING && record->value.kind == VALUE_TEXT;

    if (shown->kind == SHOWN_NOTHING)
        label_print(ret, "-");
    else if (record->value.kind == VALUE_BITS)
        label_print(ret, "0x%llX", (unsigned long long)record->value.word);
    if (is_text)
        label_print(ret, "\"");
    if (record->value.kind != VALUE_BITS)
        label_add(ret, shown->value.bytes, shown->value.n);
    if (is_text)
        label_print(ret, "\"");
}
