#include "mbus/value_decode.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/macros.h"

#define BCD_MINUS 0xFU

static bool is_time_type(enum vif_type type)
{
    return type == VIF_DATE || type == VIF_DATETIME || type == VIF_TIME_POINT;
}

static bool is_bytes_type(enum vif_type type)
{
    return type == VIF_CONTAINER || type == VIF_RULE || type == VIF_OPAQUE;
}

static void decode_binary(const uint8_t *data, size_t n, enum value_state state,
                          struct decoded_value *ret)
{
    ret->kind = VALUE_BINARY;
    ret->state = state;
    ret->n = (uint8_t)n;
    memcpy(ret->bytes, data, n);
}

/* mbus-records 5 and 8.1: which date or time a data field of so many bytes is. */
static void decode_time(enum vif_type type, const uint8_t *data, size_t n,
                        struct decoded_value *ret)
{
    static const enum value_state states[] = {
        [TIME_GOOD] = VALUE_GOOD,
        [TIME_INVALID] = VALUE_INVALID,
        [TIME_IMPOSSIBLE] = VALUE_IMPOSSIBLE,
    };
    enum time_kind kind;

    if (!time_kind_of(n, &kind) || (type == VIF_DATE && kind != TIME_DATE) ||
        (type == VIF_DATETIME && kind == TIME_DATE)) {
        decode_binary(data, n, VALUE_WRONG_FIELD, ret);
        return;
    }
    ret->kind = VALUE_TIME;
    ret->time_kind = kind;
    time_decode(ret->time_kind, data, &ret->time);
    ret->state = states[time_check(ret->time_kind, &ret->time)];
}

static uint64_t all_ones(size_t n)
{
    return UINT64_MAX >> (64 - 8 * n);
}

static void decode_unsigned(const uint8_t *data, size_t n, struct decoded_value *ret)
{
    ret->kind = VALUE_UNSIGNED;
    ret->word = bytes_le(data, n);
    ret->state = ret->word == all_ones(n) ? VALUE_INVALID : VALUE_GOOD;
}

static void decode_signed(const uint8_t *data, size_t n, struct decoded_value *ret)
{
    uint64_t sign = UINT64_C(1) << (8 * n - 1);
    uint64_t word = bytes_le(data, n);

    ret->kind = VALUE_SIGNED;
    ret->integer = (int64_t)((word & sign) ? word | ~all_ones(n) : word);
    ret->state = word == sign ? VALUE_INVALID : VALUE_GOOD;
}

static void decode_bits(const uint8_t *data, size_t n, struct decoded_value *ret)
{
    ret->kind = VALUE_BITS;
    ret->word = bytes_le(data, n);
}

static void decode_ident(const uint8_t *data, size_t n, struct decoded_value *ret)
{
    if (n != 8) {
        decode_unsigned(data, n, ret);
        return;
    }
    ret->kind = VALUE_IDENT;
    ret->ident = (struct ident){ .id = (uint32_t)bytes_le(data, 4),
                                 .manufacturer = (uint16_t)bytes_le(data + 4, 2),
                                 .version = data[6],
                                 .medium = data[7] };
}

static void decode_integer(enum vif_type type, const uint8_t *data, size_t n,
                           struct decoded_value *ret)
{
    switch (type) {
    case VIF_NUMBER:
    case VIF_OPAQUE:
        decode_signed(data, n, ret);
        break;
    case VIF_UNSIGNED:
    case VIF_LABEL:
    case VIF_FRACTION:
    case VIF_MANUFACTURER:
    case VIF_MEDIUM:
        decode_unsigned(data, n, ret);
        break;
    case VIF_BITS:
        decode_bits(data, n, ret);
        break;
    case VIF_IDENTIFICATION:
        decode_ident(data, n, ret);
        break;
    case VIF_DATE:
    case VIF_DATETIME:
    case VIF_TIME_POINT:
        decode_time(type, data, n, ret);
        break;
    case VIF_CONTAINER:
    case VIF_RULE:
        decode_binary(data, n, VALUE_GOOD, ret);
        break;
    }
}

/* mbus-records 4.1: what the digits say; `has_sign` where F in front is a minus sign. */
static void read_digits(bool has_sign, struct decoded_value *v)
{
    size_t n_letters = 0, n_f = 0;
    uint8_t first = v->n ? v->bytes[0] : BCD_MINUS;

    v->integer = 0;
    for (size_t i = 0; i < v->n; i++) {
        n_letters += v->bytes[i] > 9;
        n_f += v->bytes[i] == BCD_MINUS;
        if (i > 0 || first != BCD_MINUS || !has_sign)
            v->integer = 10 * v->integer + v->bytes[i];
    }
    if (n_f == v->n)
        v->state = VALUE_INVALID;
    else if (n_letters == 0)
        v->state = VALUE_GOOD;
    else if (n_letters > 1 || first <= 9 || !has_sign || first == 0xD || first == 0xE)
        v->state = VALUE_NO_NUMBER;
    else
        v->state = first == BCD_MINUS ? VALUE_GOOD : VALUE_OVERFLOW;
    if (v->state == VALUE_NO_NUMBER || v->state == VALUE_INVALID)
        v->integer = 0;
    else if (first == BCD_MINUS)
        v->integer = -v->integer;
}

static void decode_bcd(const uint8_t *data, size_t n, bool has_sign, struct decoded_value *ret)
{
    ret->kind = VALUE_BCD;
    for (size_t i = n; i-- > 0;) {
        ret->bytes[ret->n++] = data[i] >> 4;
        ret->bytes[ret->n++] = data[i] & 0x0F;
    }
    read_digits(has_sign, ret);
}

static void decode_real(const uint8_t *data, struct decoded_value *ret)
{
    uint32_t bits = (uint32_t)bytes_le(data, 4);

    ret->kind = VALUE_REAL;
    ret->word = bits;
    memcpy(&ret->real, &bits, sizeof(bits));
    if (isnan(ret->real))
        ret->state = VALUE_INVALID;
    else if (isinf(ret->real))
        ret->state = VALUE_OVERFLOW;
}

static void decode_text(const uint8_t *data, size_t n, struct decoded_value *ret)
{
    ret->kind = VALUE_TEXT;
    for (size_t i = n; i-- > 0;)
        ret->bytes[ret->n++] = data[i];
}

/* A number of 1 to 8 bytes; longer ones, and type M, are bytes. */
static void decode_lvar_binary(enum vif_type type, const uint8_t *data, size_t n,
                               struct decoded_value *ret)
{
    if (type == VIF_DATE) {
        decode_binary(data, n, VALUE_WRONG_FIELD, ret);
    } else if (n == 0 || n > 8 || is_bytes_type(type) || is_time_type(type)) {
        decode_binary(data, n, VALUE_GOOD, ret);
    } else if (type == VIF_BITS) {
        decode_bits(data, n, ret);
    } else {
        decode_unsigned(data, n, ret);
        if (ret->state == VALUE_GOOD && data[n - 1] & 0x80)
            ret->state = VALUE_UNSURE;
    }
}

static void decode_variable(enum vif_type type, const uint8_t *data, size_t n,
                            struct decoded_value *ret)
{
    enum lvar_kind kind = lvar_decode(ret->lvar).kind;

    if (kind == LVAR_BINARY) {
        decode_lvar_binary(type, data, n, ret);
    } else if (is_time_type(type)) {
        decode_binary(data, n, VALUE_WRONG_FIELD, ret);
    } else if (kind == LVAR_BCD_POSITIVE || kind == LVAR_BCD_NEGATIVE) {
        decode_bcd(data, n, false, ret);
        if (kind == LVAR_BCD_NEGATIVE)
            ret->integer = -ret->integer;
    } else if (is_bytes_type(type)) {
        decode_binary(data, n, VALUE_GOOD, ret);
    } else {
        decode_text(data, n, ret);
    }
}

void value_decode(enum data_field field, uint8_t lvar, enum vif_type type, const uint8_t *data,
                  size_t n, struct decoded_value *ret)
{
    *ret = (struct decoded_value){ .lvar = lvar };
    switch (field) {
    case DATA_FIELD_NONE:
    case DATA_FIELD_SELECTION:
        break;
    case DATA_FIELD_VARIABLE:
        decode_variable(type, data, n, ret);
        break;
    case DATA_FIELD_INT8:
    case DATA_FIELD_INT16:
    case DATA_FIELD_INT24:
    case DATA_FIELD_INT32:
    case DATA_FIELD_INT48:
    case DATA_FIELD_INT64:
        decode_integer(type, data, n, ret);
        break;
    default:
        if (is_time_type(type))
            decode_binary(data, n, VALUE_WRONG_FIELD, ret);
        else if (field == DATA_FIELD_REAL32)
            decode_real(data, ret);
        else
            decode_bcd(data, n, true, ret);
        break;
    }
}

static void encode_digits(const struct decoded_value *v, struct writer *w)
{
    for (size_t i = v->n; i >= 2; i -= 2)
        write_u8(w, (uint8_t)(v->bytes[i - 2] << 4 | v->bytes[i - 1]));
}

static void encode_text(const struct decoded_value *v, struct writer *w)
{
    for (size_t i = v->n; i-- > 0;)
        write_u8(w, v->bytes[i]);
}

static void encode_ident(const struct ident *ident, struct writer *w)
{
    write_le(w, ident->id, 4);
    write_le(w, ident->manufacturer, 2);
    write_u8(w, ident->version);
    write_u8(w, ident->medium);
}

void decoded_value_encode(enum data_field field, const struct decoded_value *value,
                          struct writer *w)
{
    size_t n = data_field_length(field);

    if (field == DATA_FIELD_VARIABLE) {
        write_u8(w, value->lvar);
        n = lvar_decode(value->lvar).length;
    }
    switch (value->kind) {
    case VALUE_NONE:
        break;
    case VALUE_SIGNED:
        write_le(w, (uint64_t)value->integer, n);
        break;
    case VALUE_UNSIGNED:
    case VALUE_BITS:
    case VALUE_REAL:
        write_le(w, value->word, n);
        break;
    case VALUE_BCD:
        encode_digits(value, w);
        break;
    case VALUE_TIME:
        time_encode(value->time_kind, &value->time, w);
        break;
    case VALUE_IDENT:
        encode_ident(&value->ident, w);
        break;
    case VALUE_TEXT:
        encode_text(value, w);
        break;
    case VALUE_BINARY:
        write_bytes(w, value->bytes, value->n);
        break;
    }
}
