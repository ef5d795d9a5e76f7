#include "mbus/record_view.h"

#include "mbus/lvar.h"

#define EXTENSION 0x80U
#define SPECIAL 0x0FU
#define FILLER 0x2FU
#define PLAIN_TEXT 0x7CU
#define ANY 0x7EU

static bool fail(struct record_reader *r, enum record_fault fault)
{
    r->fault = fault;
    return false;
}

static bool take(struct record_reader *r, uint8_t *ret)
{
    if (r->at == r->end)
        return fail(r, RECORD_CUT_OFF);
    *ret = *r->at++;
    return true;
}

static bool read_dib(struct record_reader *r, uint8_t dif, struct record_view *v)
{
    struct dib *ret = &v->dib;
    uint8_t byte = dif;

    *ret = dib_of_dif(dif);
    for (unsigned i = 0; byte & EXTENSION; i++) {
        if (i == DIFE_MAX)
            return fail(r, RECORD_TOO_MANY_DIFE);
        if (!take(r, &byte))
            return false;
        dib_add_dife(ret, i, byte);
        v->n_dife = i + 1;
    }
    return true;
}

static bool read_vib(struct record_reader *r, struct record_view *ret)
{
    uint8_t byte;

    ret->vib = r->at;
    if (!take(r, &byte))
        return false;
    if ((byte & ~EXTENSION) == PLAIN_TEXT)
        return fail(r, RECORD_PLAIN_TEXT); /* nobody selects or writes by it */
    for (unsigned i = 0; byte & EXTENSION; i++) {
        if (i == VIFE_MAX)
            return fail(r, RECORD_TOO_MANY_VIFE);
        if (!take(r, &byte))
            return false;
    }
    ret->n_vib = (size_t)(r->at - ret->vib);
    return true;
}

static bool read_data(struct record_reader *r, struct record_view *ret)
{
    int length = (int)data_field_length(ret->dib.data_field);

    if (ret->dib.data_field == DATA_FIELD_VARIABLE) {
        if (!take(r, &ret->lvar))
            return false;
        struct lvar lvar = lvar_decode(ret->lvar);
        length = lvar.kind == LVAR_RESERVED ? -1 : lvar.length;
    }
    if (length < 0)
        return fail(r, RECORD_RESERVED_LVAR);
    if (r->end - r->at < length)
        return fail(r, RECORD_CUT_OFF);
    ret->data = r->at;
    ret->n_data = (size_t)length;
    r->at += length;
    return true;
}

enum record_step record_next(struct record_reader *r, struct record_view *ret)
{
    uint8_t dif;

    do {
        if (!take(r, &dif))
            return RECORD_NONE;
    } while (dif == FILLER);
    *ret = (struct record_view){ 0 };
    if ((dif & SPECIAL) == SPECIAL) {
        ret->dib.data_field = (enum data_field)dif;
        return RECORD_SPECIAL;
    }
    if (!read_dib(r, dif, ret) || !read_vib(r, ret) || !read_data(r, ret))
        return RECORD_MALFORMED;
    return RECORD_ONE;
}

static uint8_t code_of(uint8_t byte)
{
    return byte & (uint8_t)~EXTENSION;
}

bool record_view_means_vib(const struct record_view *v, size_t n, const struct vib *vib)
{
    for (size_t i = 0; i < n; i++) {
        if (code_of(v->vib[i]) == ANY)
            return true;
        if (i >= vib->n || code_of(v->vib[i]) != code_of(vib->bytes[i]))
            return false;
    }
    return n == vib->n;
}

bool record_view_is_vib(const struct record_view *v, size_t n, const struct vib *vib)
{
    if (n != vib->n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (code_of(v->vib[i]) != code_of(vib->bytes[i]))
            return false;
    }
    return true;
}
