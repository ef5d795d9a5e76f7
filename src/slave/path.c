#include "slave/path.h"

#include <string.h>

#include "mbus/link.h"

void path_rewind(struct path *path)
{
    path->readout.fcb = (struct fcb_memory){ .virgin = true };
    path->readout.next = 0;
    path->readout.n = 0;
    path->readout.n_snapshot = 0;
}

void path_reset(struct path *path)
{
    path_rewind(path);
    path_forget_write(path);
    path->alarm.fcb = (struct fcb_memory){ .virgin = true };
    path->alarm.n = 0;
}

/* Notes the FCB of a request; whether it is the one of the request before. */
static bool note_fcb(struct fcb_memory *memory, bool fcb)
{
    bool is_same = !memory->virgin && memory->last == fcb;

    *memory = (struct fcb_memory){ .virgin = false, .last = fcb };
    return is_same;
}

/* ---- REQ_UD2 --------------------------------------------------------------------------------- */

/* The same FCB again within the repeat time gets the very same bytes. After it the master is one
 * that never toggles, and wants fresh values. */
static bool is_repeat(const struct path_readout *r, const struct meter *meter, bool fcb, usec_t now)
{
    return fcb == r->fcb.last && r->n > 0 && now - r->time <= meter->def->repeat_time;
}

/* A toggled FCB asks for what follows, unless the master has given up on the sequence. */
static bool is_continued(const struct path_readout *r, const struct meter *meter, bool fcb,
                         usec_t now)
{
    usec_t limit = meter->def->session_time;

    return fcb != r->fcb.last && r->next > 0 && (limit == 0 || now - r->answered <= limit);
}

/* All telegrams of a sequence show the values that the first has seen (mbus-protocol 12). */
static const struct meter_cell *cells_of(struct path_readout *r, const struct meter *meter,
                                         size_t first)
{
    size_t n = meter->def->n_records;

    if (r->snapshot == NULL || n == 0)
        return meter->now.cells;
    if (first == 0) {
        memcpy(r->snapshot, meter->now.cells, n * sizeof(*r->snapshot));
        r->n_snapshot = n;
    }
    return r->snapshot;
}

static void make_telegram(struct path_readout *r, struct meter *meter,
                          const struct readout *readout, uint8_t c, size_t first, usec_t now)
{
    struct readout_source source = { meter, readout, cells_of(r, meter, first) };

    r->n = rsp_ud_encode(&source, first, c, r->telegram, sizeof(r->telegram), &r->next);
    if (r->n > 0)
        meter->access++;
    r->time = now;
}

/* mbus-protocol 14.1: in the place of a telegram; a toggled FCB goes on with the data. */
static void make_error(struct path_readout *r, const struct meter *meter, uint8_t c,
                       enum application_error error, usec_t now)
{
    r->telegram[FRAME_DATA_OFFSET] = (uint8_t)error;
    r->n = frame_seal_long(r->telegram, c, meter->now.address, CI_APPLICATION_ERROR, 1);
    r->time = now;
}

void path_answer_readout(struct path *path, struct meter *meter, const struct readout *readout,
                         uint8_t c, enum application_error *error, bool fcb, bool fcv, usec_t now)
{
    struct path_readout *r = &path->readout;
    bool counts, continued;

    /* A write or a reload has changed what is read: nothing old is worth repeating. */
    if (r->generation != meter->generation)
        path_rewind(path);
    r->generation = meter->generation;
    counts = fcv && !r->fcb.virgin;
    continued = counts && is_continued(r, meter, fcb, now);
    if (!counts || !is_repeat(r, meter, fcb, now)) {
        if (!continued)
            r->next = 0;
        if (*error != APPLICATION_FINE)
            make_error(r, meter, c, *error, now);
        else
            make_telegram(r, meter, readout, c, r->next, now);
        *error = APPLICATION_FINE;
    }
    r->answered = now;
    if (fcv)
        note_fcb(&r->fcb, fcb);
}

/* ---- SND_UD ---------------------------------------------------------------------------------- */

/* FNV-1a. Two different writes in a row with the same FCB and the same hash are one chance in 2^64.
 */
static uint64_t hash(const struct frame *request)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);

    h = (h ^ request->ci) * UINT64_C(0x100000001B3);
    for (size_t i = 0; i < request->n; i++)
        h = (h ^ request->data[i]) * UINT64_C(0x100000001B3);
    return h;
}

bool path_is_repeated_write(const struct path *path, const struct meter *meter,
                            const struct frame *request, usec_t now)
{
    const struct path_write *w = &path->write;
    bool fcb = request->c & C_FCB;

    return (request->c & C_FCV) && !w->fcb.virgin && fcb == w->fcb.last &&
           now - w->time <= meter->def->repeat_time && w->content == hash(request);
}

void path_remember_write(struct path *path, const struct frame *request, usec_t now)
{
    /* What comes after it is new, whatever its FCB. */
    if (!(request->c & C_FCV)) {
        path_forget_write(path);
        return;
    }
    path->write = (struct path_write){ .fcb = { .last = request->c & C_FCB },
                                       .time = now,
                                       .content = hash(request) };
}

void path_forget_write(struct path *path)
{
    path->write.fcb = (struct fcb_memory){ .virgin = true };
}

/* ---- REQ_UD1 --------------------------------------------------------------------------------- */

static void tell_alarm(struct path_alarm *a, const struct meter *meter, uint32_t seen, usec_t now)
{
    a->time = now;
    a->told = meter->n_alarms;
    a->n = 0;
    if (seen == meter->n_alarms)
        return;
    a->telegram[FRAME_DATA_OFFSET] = meter->alarm;
    a->n = frame_seal_long(a->telegram, C_RSP_UD, meter->now.address, CI_ALARM, 1);
}

void path_answer_alarm(struct path *path, const struct meter *meter, uint32_t *seen, bool fcb,
                       bool fcv, usec_t now)
{
    struct path_alarm *a = &path->alarm;
    bool is_same;

    if (!fcv) {
        tell_alarm(a, meter, *seen, now);
        *seen = meter->n_alarms;
        return;
    }
    is_same = note_fcb(&a->fcb, fcb);
    if (is_same && now - a->time <= meter->def->repeat_time)
        return;
    /* What was confirmed on another way in between may be more. */
    if (!is_same && a->n > 0 && meter->n_alarms - a->told < meter->n_alarms - *seen)
        *seen = a->told;
    tell_alarm(a, meter, *seen, now);
}
