#include "slave/identity.h"

#include "base/macros.h"
#include "meter/action.h"

#define LETTER_BITS 5U
#define LETTERS 26U

/* A record on its way into a draft. */
struct change {
    const struct slave *s;
    struct slave_meter *m;
    bool alone;
    const struct record_view *v;
    struct meter_content *draft;
};

static bool is_allowed(const struct change *c, uint8_t permission)
{
    return c->m->meter->def->allow & permission;
}

/* ---- primary address ------------------------------------------------------------------------- */

/* Address 0 is the only one that several meters of a bus may share (mbus-protocol 6). */
static bool is_taken(const struct change *c, uint8_t address)
{
    uint16_t owner = c->s->by_address[address];

    return address != 0 && (!c->alone || (owner != 0 && &c->s->roster.meters[owner - 1] != c->m));
}

/* An address is unsigned (type C): 128 and up have the highest bit of their byte set. */
static bool read_address(const struct record_view *v, uint64_t *ret)
{
    struct operand operand;

    if (v->dib.data_field >= DATA_FIELD_BCD2) {
        if (!operand_read(v, CODING_UNSIGNED, &operand) || operand.integer < 0)
            return false;
        *ret = (uint64_t)operand.integer;
        return true;
    }
    *ret = bytes_le(v->data, v->n_data);
    return v->n_data > 0 && v->dib.data_field != DATA_FIELD_REAL32;
}

static enum application_error write_address(struct change *c)
{
    uint64_t address;

    if (!is_allowed(c, METER_ALLOW_ADDRESS))
        return APPLICATION_ACCESS_DENIED;
    if (!read_address(c->v, &address))
        return APPLICATION_WRONG_PARAMETER;
    if (address > ADDRESS_PRIMARY_MAX)
        return APPLICATION_UNSPECIFIED; /* never an E5 (mbus-protocol 6) */
    if (is_taken(c, (uint8_t)address))
        return APPLICATION_WRONG_PARAMETER;
    c->draft->address = (uint8_t)address;
    return APPLICATION_FINE;
}

/* ---- secondary address ----------------------------------------------------------------------- */

static bool is_decimal(uint32_t id)
{
    for (; id != 0; id >>= 4) {
        if ((id & 0xF) > 9)
            return false;
    }
    return true;
}

static bool is_manufacturer(uint16_t code)
{
    for (unsigned i = 0; i < 3; i++) {
        unsigned letter = code >> LETTER_BITS * i & 0x1F;

        if (letter < 1 || letter > LETTERS)
            return false;
    }
    return code >> LETTER_BITS * 3 == 0;
}

/* The fixed structure has a code for few of them (mbus-protocol 11.2). */
static bool has_medium(const struct change *c, uint8_t medium)
{
    if (c->m->meter->def->structure == METER_FIXED)
        return fixed_medium(medium) >= 0;
    return medium != MEDIUM_WILDCARD;
}

/* Takes over a whole secondary address; what is not allowed must stay as it is (13.2). */
static enum application_error take_ident(struct change *c, const struct ident *wanted)
{
    struct ident *own = &c->draft->ident;
    bool same_id = wanted->id == own->id;
    bool same_rest = wanted->manufacturer == own->manufacturer && wanted->version == own->version &&
                     wanted->medium == own->medium;

    if ((!same_id && !is_allowed(c, METER_ALLOW_ID)) ||
        (!same_rest && !is_allowed(c, METER_ALLOW_IDENTITY)))
        return APPLICATION_ACCESS_DENIED;
    if ((!same_id && !is_decimal(wanted->id)) ||
        (!same_rest && !(is_manufacturer(wanted->manufacturer) && has_medium(c, wanted->medium))))
        return APPLICATION_WRONG_PARAMETER;
    *own = *wanted;
    return APPLICATION_FINE;
}

/* DIF 0C: the number alone; 07: the 8 bytes of the header. */
static enum application_error write_identification(struct change *c)
{
    const struct record_view *v = c->v;
    struct ident wanted = c->draft->ident;

    if (!is_allowed(c, METER_ALLOW_ID | METER_ALLOW_IDENTITY))
        return APPLICATION_ACCESS_DENIED;
    if (v->dib.data_field == DATA_FIELD_INT64)
        wanted = (struct ident){ .manufacturer = (uint16_t)bytes_le(v->data + 4, 2),
                                 .version = v->data[6],
                                 .medium = v->data[7] };
    else if (v->dib.data_field != DATA_FIELD_BCD8)
        return APPLICATION_WRONG_PARAMETER;
    wanted.id = (uint32_t)bytes_le(v->data, 4);
    return take_ident(c, &wanted);
}

static enum application_error write_manufacturer(struct change *c)
{
    struct ident wanted = c->draft->ident;

    if (c->v->dib.data_field != DATA_FIELD_INT16)
        return APPLICATION_WRONG_PARAMETER;
    wanted.manufacturer = (uint16_t)bytes_le(c->v->data, 2);
    return take_ident(c, &wanted);
}

static enum application_error write_medium(struct change *c)
{
    struct ident wanted = c->draft->ident;

    if (c->v->dib.data_field != DATA_FIELD_INT8)
        return APPLICATION_WRONG_PARAMETER;
    wanted.medium = c->v->data[0];
    return take_ident(c, &wanted);
}

static enum application_error write_version(struct change *c)
{
    struct ident wanted = c->draft->ident;

    if (c->v->dib.data_field != DATA_FIELD_INT8)
        return APPLICATION_WRONG_PARAMETER;
    wanted.version = c->v->data[0];
    return take_ident(c, &wanted);
}

/* ---- clock ----------------------------------------------------------------------------------- */

/* `sizes`: a bit for each size of data that this VIF takes. */
static enum application_error write_moment(struct change *c, unsigned sizes)
{
    struct datetime *clock = &c->m->meter->draft_clock, moment;

    if (!is_allowed(c, METER_ALLOW_CLOCK))
        return APPLICATION_ACCESS_DENIED;
    if ((sizes >> c->v->n_data & 1) == 0 || c->v->dib.data_field > DATA_FIELD_INT64 ||
        c->v->dib.data_field == DATA_FIELD_REAL32 ||
        !datetime_read(c->v->data, c->v->n_data, &moment))
        return APPLICATION_WRONG_PARAMETER;
    if (moment.has_date)
        clock->day = moment.day;
    if (moment.has_time)
        clock->second = moment.second;
    clock->has_date = clock->has_date || moment.has_date;
    clock->has_time = clock->has_time || moment.has_time;
    return APPLICATION_FINE;
}

static enum application_error write_date(struct change *c)
{
    return write_moment(c, 1U << 2);
}

/* Types J, F and I (mbus-records 4.3 to 4.6). */
static enum application_error write_time(struct change *c)
{
    return write_moment(c, 1U << 3 | 1U << 4 | 1U << 6);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct {
    struct vib vib;
    enum application_error (*write)(struct change *c);
} targets[] = {
    { { .bytes = { 0x7A }, .n = 1 }, write_address },
    { { .bytes = { 0x79 }, .n = 1 }, write_identification },
    { { .bytes = { 0xFD, 0x09 }, .n = 2 }, write_medium },
    { { .bytes = { 0xFD, 0x0A }, .n = 2 }, write_manufacturer },
    { { .bytes = { 0xFD, 0x0C }, .n = 2 }, write_version },
    { { .bytes = { 0x6C }, .n = 1 }, write_date },
    { { .bytes = { 0x6D }, .n = 1 }, write_time },
};

static int find_target(const struct record_view *v, size_t n_vib)
{
    if (v->dib.storage != 0 || v->dib.tariff != 0 || v->dib.subunit != 0 ||
        v->dib.function != DIF_INSTANTANEOUS)
        return -1;
    for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
        if (record_view_is_vib(v, n_vib, &targets[i].vib))
            return (int)i;
    }
    return -1;
}

bool identity_is_meant(const struct record_view *v, size_t n_vib)
{
    return find_target(v, n_vib) >= 0;
}

enum application_error identity_write(const struct slave *s, struct slave_meter *m, bool alone,
                                      const struct record_view *v, size_t n_vib)
{
    struct change c = { s, m, alone, v, &m->meter->draft };

    return targets[find_target(v, n_vib)].write(&c);
}
