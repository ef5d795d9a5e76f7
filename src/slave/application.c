#include "slave/application.h"

#include "base/macros.h"
#include "mbus/header.h"
#include "slave/selection.h"
#include "slave/write.h"

#define SHORT_HEADER_SIZE 4U
#define CONFIGURATION_SIZE 2U /* the last bytes of both headers: not 0 means encrypted */

/* The data of a frame behind its header, and whom it is for. */
struct order {
    struct slave *s;
    struct slave_meter *m;
    bool alone;
    const uint8_t *data;
    size_t n;
};

/* mbus-protocol 9: which records are sent from now on; an unknown type and a telegram beyond the
 * last leave the default. */
static enum application_error reset(const struct order *o)
{
    static const uint16_t known = 0x3F7F; /* types 0 to 6 and 8 to D */
    struct readout *readout = &o->m->readout;
    struct readout_source source = { o->m->meter, readout, o->m->meter->now.cells };
    uint8_t code = o->n > 0 ? o->data[0] : 0;

    *readout = (struct readout){ .application = code & 0xF0 };
    if ((known >> (code >> 4) & 1) && (code & 0x0FU) <= rsp_ud_count(&source))
        readout->application = code;
    else
        readout->application = 0;
    return APPLICATION_FINE;
}

static enum application_error data(const struct order *o)
{
    return write_records(o->s, o->m, o->alone, o->data, o->n);
}

/* mbus-protocol 14.3: what was delayed happens now. CI 54 means something else with data. */
static enum application_error synchronise(const struct order *o)
{
    if (o->n > 0)
        return APPLICATION_WRONG_PARAMETER;
    write_delayed(o->m);
    return APPLICATION_FINE;
}

static const struct ci {
    uint8_t ci, header; /* bytes of the header */
    uint8_t permission; /* 0: what the data say decides */
    enum application_error (*run)(const struct order *o);
} cis[] = {
    { CI_RESET, 0, METER_ALLOW_RESET, reset },
    { CI_DATA, 0, 0, data },
    { CI_RESET_LONG, LONG_HEADER_SIZE, METER_ALLOW_RESET, reset },
    { CI_SYNCHRONISE_OLD, 0, METER_ALLOW_FREEZE, synchronise },
    { CI_DATA_SHORT, SHORT_HEADER_SIZE, 0, data },
    { CI_DATA_LONG, LONG_HEADER_SIZE, 0, data },
    { CI_SYNCHRONISE, 0, METER_ALLOW_FREEZE, synchronise },
};

static const struct ci *find_ci(uint8_t ci)
{
    for (size_t i = 0; i < ARRAY_SIZE(cis); i++) {
        if (cis[i].ci == ci)
            return &cis[i];
    }
    return NULL;
}

bool application_is_for(const struct frame *request, const struct slave_meter *m)
{
    const struct ci *ci = find_ci(request->ci);
    struct selection selection;

    if (ci == NULL || ci->header != LONG_HEADER_SIZE || request->n < ci->header)
        return true;
    return selection_parse(request->data, SELECTION_SIZE, &selection) &&
           selection_matches_ident(&selection, &m->meter->now.ident);
}

static bool is_encrypted(const struct frame *request, uint8_t header)
{
    return header > 0 && (request->data[header - 1] | request->data[header - CONFIGURATION_SIZE]);
}

enum application_error application_execute(struct slave *s, struct slave_meter *m, bool alone,
                                           const struct frame *request)
{
    const struct ci *ci = find_ci(request->ci);

    if (ci == NULL)
        return APPLICATION_UNKNOWN_CI;
    if (request->n < ci->header)
        return APPLICATION_CUT_OFF;
    if (is_encrypted(request, ci->header))
        return APPLICATION_WRONG_PARAMETER;
    if (ci->permission != 0 && !(m->meter->def->allow & ci->permission))
        return APPLICATION_ACCESS_DENIED;
    return ci->run(
        &(struct order){ s, m, alone, request->data + ci->header, request->n - ci->header });
}
