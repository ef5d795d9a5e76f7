#include "meter/action.h"

#include <string.h>

#include "base/macros.h"

#define EXTENSION 0x80U
#define VIF_TABLE_FB 0xFBU
#define VIF_TABLE_FD 0xFDU
#define VIFE_TABLE_FC 0xFCU
#define BCD_MINUS 0xFU
/* Up to here a real tells whole numbers apart. */
#define WHOLE_MAX 9007199254740992.0

/* How many of the bytes say the VIF: an extension table has one more, and FD a second of its own
 * (mbus-records 6.1). */
static size_t vif_size(const struct record_view *v)
{
    size_t n = 1;

    while (n < v->n_vib && n <= 2 && v->vib[n - 1] == VIF_TABLE_FD)
        n++;
    return v->vib[0] == VIF_TABLE_FB ? 2 : n;
}

/* Behind FC a VIFE is one of a second table, whose codes are phases and the like
 * (mbus-records 8.2).
 */
enum action action_of(const struct record_view *v, size_t *ret_n_vib)
{
    *ret_n_vib = v->n_vib;
    if (v->n_vib <= vif_size(v) || v->vib[v->n_vib - 1] >= ACTION_NONE ||
        v->vib[v->n_vib - 2] == VIFE_TABLE_FC)
        return ACTION_NONE;
    *ret_n_vib = v->n_vib - 1;
    return (enum action)v->vib[v->n_vib - 1];
}

/* ---- numbers of the wire --------------------------------------------------------------------- */

/* mbus-records 4.2: the most negative number means "no value", without sign the largest. */
static bool read_integer(const struct record_view *v, enum value_coding coding, struct operand *ret)
{
    unsigned unused = 64 - 8 * (unsigned)v->n_data;
    uint64_t word = bytes_le(v->data, v->n_data), shifted = word << unused;

    if (coding != CODING_SIGNED) {
        ret->integer = (int64_t)word;
        return word <= INT64_MAX && (coding != CODING_UNSIGNED || word != UINT64_MAX >> unused);
    }
    if (shifted == UINT64_C(1) << 63)
        return false;
    ret->integer = (int64_t)shifted >> unused;
    return true;
}

/* mbus-records 4.1: a minus in the place of the highest digit, and decimal digits below. */
static bool read_bcd(const struct record_view *v, enum value_coding coding, struct operand *ret)
{
    uint64_t packed = bytes_le(v->data, v->n_data);
    int64_t number = 0;
    unsigned shift = 8 * (unsigned)v->n_data;
    bool is_negative = (packed >> (shift - 4) & 0xF) == BCD_MINUS;

    (void)coding;
    if (is_negative)
        shift -= 4;
    while (shift > 0) {
        unsigned digit = packed >> (shift -= 4) & 0xF;

        if (digit > 9)
            return false;
        number = 10 * number + digit;
    }
    ret->integer = is_negative ? -number : number;
    return true;
}

static bool read_real(const struct record_view *v, enum value_coding coding, struct operand *ret)
{
    uint32_t bits = (uint32_t)bytes_le(v->data, v->n_data);
    float real;

    (void)coding;
    memcpy(&real, &bits, sizeof(real));
    ret->is_real = true;
    ret->real = (double)real;
    return __builtin_isfinite(real);
}

bool operand_read(const struct record_view *v, enum value_coding coding, struct operand *ret)
{
    static bool (*const readers[16])(const struct record_view *, enum value_coding,
                                     struct operand *) = {
        [DATA_FIELD_INT8] = read_integer,  [DATA_FIELD_INT16] = read_integer,
        [DATA_FIELD_INT24] = read_integer, [DATA_FIELD_INT32] = read_integer,
        [DATA_FIELD_INT48] = read_integer, [DATA_FIELD_INT64] = read_integer,
        [DATA_FIELD_REAL32] = read_real,   [DATA_FIELD_BCD2] = read_bcd,
        [DATA_FIELD_BCD4] = read_bcd,      [DATA_FIELD_BCD6] = read_bcd,
        [DATA_FIELD_BCD8] = read_bcd,      [DATA_FIELD_BCD12] = read_bcd,
    };

    *ret = (struct operand){ .field = v->dib.data_field };
    return readers[v->dib.data_field] != NULL && readers[v->dib.data_field](v, coding, ret);
}

/* ---- arithmetic ------------------------------------------------------------------------------ */

static bool write_number(int64_t old, int64_t operand, int64_t *ret)
{
    (void)old;
    *ret = operand;
    return true;
}

static bool add(int64_t old, int64_t operand, int64_t *ret)
{
    return !__builtin_add_overflow(old, operand, ret);
}

static bool subtract(int64_t old, int64_t operand, int64_t *ret)
{
    return !__builtin_sub_overflow(old, operand, ret);
}

static bool or_bits(int64_t old, int64_t operand, int64_t *ret)
{
    *ret = old | operand;
    return true;
}

static bool and_bits(int64_t old, int64_t operand, int64_t *ret)
{
    *ret = old & operand;
    return true;
}

static bool xor_bits(int64_t old, int64_t operand, int64_t *ret)
{
    *ret = old ^ operand;
    return true;
}

static bool and_not_bits(int64_t old, int64_t operand, int64_t *ret)
{
    *ret = old & ~operand;
    return true;
}

static bool clear(int64_t old, int64_t operand, int64_t *ret)
{
    (void)old;
    (void)operand;
    *ret = 0;
    return true;
}

static const struct {
    bool (*run)(int64_t old, int64_t operand, int64_t *ret);
    bool for_reals;                /* also where bits have no meaning */
    double real_old, real_operand; /* what a real becomes: their sum, each times this */
} arithmetic[] = {
    [ACTION_WRITE] = { write_number, true, 0, 1 },    [ACTION_ADD] = { add, true, 1, 1 },
    [ACTION_SUBTRACT] = { subtract, true, 1, -1 },    [ACTION_OR] = { or_bits, false, 0, 0 },
    [ACTION_AND] = { and_bits, false, 0, 0 },         [ACTION_XOR] = { xor_bits, false, 0, 0 },
    [ACTION_AND_NOT] = { and_not_bits, false, 0, 0 }, [ACTION_CLEAR] = { clear, true, 0, 0 },
};

static bool apply_real(enum action action, float old, const struct operand *operand, float min,
                       float max, float *ret)
{
    double result = arithmetic[action].real_old * (double)old;

    if (!arithmetic[action].for_reals)
        return false;
    if (action != ACTION_CLEAR)
        result += arithmetic[action].real_operand *
                  (operand->is_real ? operand->real : (double)operand->integer);
    if (!(result >= (double)min && result <= (double)max))
        return false;
    *ret = (float)result;
    return true;
}

/* A real that a master writes into a whole number must be one. */
static bool to_integer(const struct operand *operand, int64_t *ret)
{
    if (!operand->is_real) {
        *ret = operand->integer;
        return true;
    }
    if (!(operand->real >= -WHOLE_MAX && operand->real <= WHOLE_MAX))
        return false;
    *ret = (int64_t)operand->real;
    return (double)*ret >= operand->real && (double)*ret <= operand->real;
}

/* Nobody adds to a date, nor clears it. */
static bool apply_time(enum action action, enum data_field field, const struct operand *operand,
                       struct value *ret)
{
    if (action != ACTION_WRITE || operand->field != field ||
        !value_is_time(field, operand->integer))
        return false;
    ret->integer = operand->integer;
    return true;
}

bool action_apply(enum action action, const struct record *own, const struct value *old,
                  const struct operand *operand, const struct value *min, const struct value *max,
                  struct value *ret)
{
    enum data_field field = own->dib.data_field;
    int64_t number = 0, lowest, highest;

    if (action >= ARRAY_SIZE(arithmetic))
        return false;
    *ret = (struct value){ 0 };
    if (field == DATA_FIELD_REAL32)
        return apply_real(action, old->real, operand, min->real, max->real, &ret->real);
    if (!value_range(field, own->coding, &lowest, &highest))
        return false;
    if (own->coding == CODING_TIME)
        return apply_time(action, field, operand, ret);
    if ((action != ACTION_CLEAR && !to_integer(operand, &number)) ||
        !arithmetic[action].run(old->integer, number, &ret->integer))
        return false;
    return ret->integer >= lowest && ret->integer <= highest && ret->integer >= min->integer &&
           ret->integer <= max->integer;
}
