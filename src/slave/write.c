#include "slave/write.h"

#include <string.h>

#include "base/macros.h"
#include "meter/action.h"
#include "meter/draft.h"
#include "slave/identity.h"

#define DIF_GLOBAL_READOUT 0x7FU

/* A frame being carried out. */
struct writing {
    const struct slave *s;
    struct slave_meter *m;
    bool alone;
    struct readout chosen; /* records for the readout, so far */
    bool has_chosen;
};

/* A record of the frame: without its action, which stands beside it. */
struct request {
    struct record_view v;
    size_t n_vib;
    enum action action;
};

static bool is_allowed(const struct writing *w, uint8_t permission)
{
    return w->m->meter->def->allow & permission;
}

/* ---- which of our records is meant ----------------------------------------------------------- */

static bool same_place(const struct dib *a, const struct dib *b)
{
    return a->storage == b->storage && a->tariff == b->tariff && a->subunit == b->subunit &&
           a->function == b->function;
}

/* "Any VIF" addresses all that is in the same place (mbus-records 9.1). */
static bool has_any_vif(const struct request *r)
{
    return (r->v.vib[0] & 0x7F) == 0x7E;
}

static bool is_meant(const struct request *r, const struct meter_record *own)
{
    return same_place(&r->v.dib, &own->wire.dib) &&
           (has_any_vif(r) || record_view_is_vib(&r->v, r->n_vib, &own->wire.vib));
}

/* ---- values ---------------------------------------------------------------------------------- */

/* What an action makes of a record; nothing has changed yet. */
static enum application_error work_out(const struct meter *meter, size_t i, enum action action,
                                       const struct record_view *v, struct value *ret)
{
    const struct meter_record *own = &meter->def->records[i];
    struct operand operand = { 0 };

    if (action != ACTION_CLEAR && !operand_read(v, own->wire.coding, &operand))
        return APPLICATION_WRONG_PARAMETER;
    if (!own->writable)
        return APPLICATION_ACCESS_DENIED;
    if (meter->draft.cells[i].error != 0 && action != ACTION_WRITE && action != ACTION_CLEAR)
        return APPLICATION_WRONG_PARAMETER;
    if (!action_apply(action, &own->wire, &meter->draft.cells[i].value, &operand, &own->min,
                      &own->max, ret))
        return APPLICATION_WRONG_PARAMETER;
    return APPLICATION_FINE;
}

static enum application_error apply(struct meter *meter, size_t i, enum action action,
                                    const struct record_view *v)
{
    struct value result;
    enum application_error error = work_out(meter, i, action, v, &result);

    if (error == APPLICATION_FINE)
        meter_draft_set_value(meter, i, &result);
    return error;
}

/* Changes every record that is meant; more than one only by "any VIF". */
static enum application_error apply_to_meant(struct meter *meter, const struct request *r,
                                             enum action action)
{
    enum application_error error = APPLICATION_WRONG_PARAMETER;

    for (size_t i = 0; i < meter->def->n_records; i++) {
        if (!is_meant(r, &meter->def->records[i]))
            continue;
        error = apply(meter, i, action, &r->v);
        if (error != APPLICATION_FINE || !has_any_vif(r))
            return error;
    }
    return error;
}

static bool has_writable(const struct meter_def *def, const struct request *r)
{
    for (size_t i = 0; i < def->n_records; i++) {
        if (def->records[i].writable && is_meant(r, &def->records[i]))
            return true;
    }
    return false;
}

/* A record of our own goes first; else a write may mean the meter itself. */
static enum application_error change_value(struct writing *w, const struct request *r)
{
    enum action action = r->action == ACTION_NONE ? ACTION_WRITE : r->action;
    struct meter *meter = w->m->meter;

    if (has_any_vif(r) && action != ACTION_CLEAR)
        return APPLICATION_WRONG_PARAMETER;
    if (action == ACTION_WRITE && !has_writable(meter->def, r) &&
        identity_is_meant(&r->v, r->n_vib))
        return identity_write(w->s, w->m, w->alone, &r->v, r->n_vib);
    return apply_to_meant(meter, r, action);
}

/* ---- other actions --------------------------------------------------------------------------- */

/* mbus-protocol 13.6: kept until a synchronise; checked as if it were written now. */
static enum application_error delay(struct writing *w, const struct request *r)
{
    struct meter *meter = w->m->meter;
    const uint8_t *begin = r->v.vib - 1 - r->v.n_dife;
    size_t n = (size_t)(r->v.data + r->v.n_data - begin);
    enum application_error error;
    struct value unused;
    size_t i = 0;

    while (i < meter->def->n_records && !is_meant(r, &meter->def->records[i]))
        i++;
    if (has_any_vif(r) || i == meter->def->n_records)
        return APPLICATION_WRONG_PARAMETER;
    error = work_out(meter, i, ACTION_WRITE, &r->v, &unused);
    if (error != APPLICATION_FINE)
        return error;
    if (n > sizeof(meter->delayed) - meter->draft_n_delayed)
        return APPLICATION_BUSY;
    memcpy(meter->delayed + meter->draft_n_delayed, begin, n);
    meter->draft_n_delayed = (uint8_t)(meter->draft_n_delayed + n);
    return APPLICATION_FINE;
}

/* Copies one value, or that it is not good, to the record of a storage number, which may have
 * another width, and bounds of its own where a master may write it. */
static bool freeze_one(struct meter *meter, size_t from, size_t to)
{
    const struct record *source = &meter->def->records[from].wire;
    const struct record *target = &meter->def->records[to].wire;
    const struct value *value = &meter->draft.cells[from].value;
    struct operand operand = { .is_real = source->dib.data_field == DATA_FIELD_REAL32,
                               .integer = value->integer,
                               .real = (double)value->real,
                               .field = source->dib.data_field };
    struct value min = { .integer = INT64_MIN, .real = -__builtin_inff() };
    struct value max = { .integer = INT64_MAX, .real = __builtin_inff() };
    struct value frozen;

    if (meter->draft.cells[from].error != 0) {
        meter->draft.cells[to].error = meter->draft.cells[from].error;
        return true;
    }
    if (meter->def->records[to].writable) {
        min = meter->def->records[to].min;
        max = meter->def->records[to].max;
    }
    if (!action_apply(ACTION_WRITE, target, value, &operand, &min, &max, &frozen))
        return false;
    meter_draft_set_value(meter, to, &frozen);
    return true;
}

/* The record that holds the same quantity at a storage number; n_records: there is none. */
static size_t find_stored(const struct meter_def *def, const struct record *now, uint64_t storage)
{
    for (size_t i = 0; i < def->n_records; i++) {
        const struct record *own = &def->records[i].wire;
        struct dib wanted = now->dib;

        wanted.storage = storage;
        if (same_place(&wanted, &own->dib) && own->vib.n == now->vib.n &&
            memcmp(own->vib.bytes, now->vib.bytes, now->vib.n) == 0)
            return i;
    }
    return def->n_records;
}

/* mbus-protocol 13.6: the present value goes to the storage number of the DIF. */
static enum application_error freeze(struct writing *w, const struct request *r)
{
    struct meter *meter = w->m->meter;
    struct request now = *r;
    bool any = false;

    if (!is_allowed(w, METER_ALLOW_FREEZE))
        return APPLICATION_ACCESS_DENIED;
    now.v.dib.storage = 0;
    for (size_t i = 0; r->v.dib.storage != 0 && i < meter->def->n_records; i++) {
        size_t to;

        if (!is_meant(&now, &meter->def->records[i]))
            continue;
        to = find_stored(meter->def, &meter->def->records[i].wire, r->v.dib.storage);
        if (to == meter->def->n_records)
            continue;
        if (!freeze_one(meter, i, to))
            return APPLICATION_WRONG_PARAMETER;
        any = true;
    }
    return any ? APPLICATION_FINE : APPLICATION_WRONG_PARAMETER;
}

/* mbus-protocol 13.5: changes what is sent by default. */
static enum application_error list(struct writing *w, const struct request *r)
{
    struct meter *meter = w->m->meter;
    struct record_view asked = r->v;
    bool any = false;

    if (!is_allowed(w, METER_ALLOW_READOUT))
        return APPLICATION_ACCESS_DENIED;
    asked.n_vib = r->n_vib;
    for (size_t i = 0; i < meter->def->n_records; i++) {
        if (!readout_means(&asked, &meter->def->records[i].wire))
            continue;
        meter->draft.cells[i].unlisted = r->action == ACTION_UNLIST;
        any = true;
    }
    return any ? APPLICATION_FINE : APPLICATION_WRONG_PARAMETER;
}

/* ---- the records of a frame ------------------------------------------------------------------ */

static enum application_error choose(struct writing *w, const struct record_view *v)
{
    const uint8_t *begin = v->vib - 1 - v->n_dife;
    size_t n = (size_t)(v->data - begin);

    if (!is_allowed(w, METER_ALLOW_READOUT))
        return APPLICATION_ACCESS_DENIED;
    memcpy(w->chosen.list + w->chosen.n_list, begin, n);
    w->chosen.n_list = (uint8_t)(w->chosen.n_list + n);
    w->has_chosen = true;
    return APPLICATION_FINE;
}

static enum application_error choose_everything(struct writing *w)
{
    if (!is_allowed(w, METER_ALLOW_READOUT))
        return APPLICATION_ACCESS_DENIED;
    w->chosen = (struct readout){ .everything = true };
    w->has_chosen = true;
    return APPLICATION_FINE;
}

/* Behind FF, what looks like an action may be a maker's code (mbus-records 11): it is none where
 * one of our records is called so. */
static struct request request_of(const struct meter_def *def, const struct record_view *v)
{
    struct request r = { .v = *v };

    r.action = action_of(v, &r.n_vib);
    for (size_t i = 0; i < def->n_records && r.action != ACTION_NONE; i++) {
        if (record_view_is_vib(v, v->n_vib, &def->records[i].wire.vib))
            r = (struct request){ .v = *v, .n_vib = v->n_vib, .action = ACTION_NONE };
    }
    return r;
}

static enum application_error take_record(struct writing *w, const struct record_view *v)
{
    static enum application_error (*const actions[])(struct writing *, const struct request *) = {
        [ACTION_WRITE] = change_value,
        [ACTION_ADD] = change_value,
        [ACTION_SUBTRACT] = change_value,
        [ACTION_OR] = change_value,
        [ACTION_AND] = change_value,
        [ACTION_XOR] = change_value,
        [ACTION_AND_NOT] = change_value,
        [ACTION_CLEAR] = change_value,
        [ACTION_DELAYED] = delay,
        [ACTION_FREEZE] = freeze,
        [ACTION_LIST] = list,
        [ACTION_UNLIST] = list,
        [ACTION_NONE] = change_value,
    };
    struct request r = request_of(w->m->meter->def, v);

    if (v->dib.data_field == DATA_FIELD_SELECTION && r.action == ACTION_NONE)
        return choose(w, v);
    if (actions[r.action] == NULL)
        return APPLICATION_UNKNOWN_COMMAND;
    meter_draft_begin(w->m->meter);
    return actions[r.action](w, &r);
}

static enum application_error error_of(enum record_fault fault)
{
    static const enum application_error errors[] = {
        [RECORD_GOOD] = APPLICATION_UNSPECIFIED,
        [RECORD_CUT_OFF] = APPLICATION_CUT_OFF,
        [RECORD_TOO_MANY_DIFE] = APPLICATION_TOO_MANY_DIFE,
        [RECORD_TOO_MANY_VIFE] = APPLICATION_TOO_MANY_VIFE,
        [RECORD_PLAIN_TEXT] = APPLICATION_WRONG_PARAMETER,
        [RECORD_RESERVED_LVAR] = APPLICATION_WRONG_PARAMETER,
    };

    return fault < ARRAY_SIZE(errors) ? errors[fault] : APPLICATION_UNSPECIFIED;
}

static enum application_error take_all(struct writing *w, const uint8_t *data, size_t n)
{
    struct record_reader reader = { .at = data, .end = data + n };
    enum application_error error = APPLICATION_FINE;
    struct record_view v;

    while (error == APPLICATION_FINE) {
        switch (record_next(&reader, &v)) {
        case RECORD_NONE:
            return APPLICATION_FINE;
        case RECORD_ONE:
            error = take_record(w, &v);
            break;
        case RECORD_SPECIAL:
            error = v.dib.data_field == (enum data_field)DIF_GLOBAL_READOUT
                        ? choose_everything(w)
                        : APPLICATION_WRONG_PARAMETER;
            break;
        case RECORD_MALFORMED:
            return error_of(reader.fault);
        }
    }
    return error;
}

enum application_error write_records(struct slave *s, struct slave_meter *m, bool alone,
                                     const uint8_t *data, size_t n)
{
    struct writing w = { .s = s, .m = m, .alone = alone };
    enum application_error error = take_all(&w, data, n);

    if (error != APPLICATION_FINE || !w.has_chosen)
        return error;
    if (m->meter->drafting) {
        s->has_chosen = true;
        s->chosen = w.chosen; /* the same for all meters that get this frame */
    } else {
        m->readout = w.chosen;
    }
    return error;
}

void write_delayed(struct slave_meter *m)
{
    struct meter *meter = m->meter;
    struct record_reader reader = { .at = meter->delayed,
                                    .end = meter->delayed + meter->n_delayed };
    struct request r = { 0 };

    if (meter->n_delayed == 0)
        return;
    meter_draft_begin(meter);
    while (record_next(&reader, &r.v) == RECORD_ONE) {
        r.action = action_of(&r.v, &r.n_vib);
        apply_to_meant(meter, &r, ACTION_WRITE);
    }
    meter->draft_n_delayed = 0;
}
