#include "slave/delivery.h"

#include "meter/draft.h"
#include "slave/answers.h"
#include "slave/application.h"

/* Whatever was carried out, the next REQ_UD2 of either FCB gets telegram 1, on every way to the
 * meter (mbus-protocol 5.5, 12). */
static void rewind_paths(struct slave *s, struct slave_meter *m)
{
    path_rewind(&m->path);
    if (slave_is_selected(s, m))
        path_rewind(&s->selected_path);
}

/* mbus-protocol 13.4: the rate is the bus's, so one meter that allows it is enough; the rate in
 * force can always be asked for. The FCB memories stay as they are. */
enum slave_verdict delivery_change_rate(struct slave *s, const struct addressee *to,
                                        const struct frame *request, usec_t now)
{
    unsigned baud = rate_of_ci(request->ci);

    if (request->n > 0 || (baud != s->rate.now && !s->allows_baud)) {
        if (to->n != 1 || to->broadcast || to->meter->meter->def->on_refused != METER_REFUSAL_ERROR)
            return SLAVE_REFUSED;
        to->meter->error = request->n > 0 ? APPLICATION_WRONG_PARAMETER : APPLICATION_ACCESS_DENIED;
        return answers_acknowledge(s, 1, now);
    }
    rate_ask(&s->rate, baud, to->broadcast ? now + s->timing.turn : USEC_NEVER);
    for (size_t i = 0; i < s->roster.n; i++) {
        if (slave_is_meant(s, request->a, &s->roster.meters[i]))
            rewind_paths(s, &s->roster.meters[i]);
    }
    return to->broadcast ? SLAVE_SILENT : answers_acknowledge(s, to->n, now);
}

/* A SND_UD on its way to all it is meant for, and what became of it. */
struct delivery {
    const struct frame *request;
    const struct addressee *to;
    bool is_repeated; /* at 253: there the FCB memory is one */
    bool alone;       /* one meter is meant: by its address, or by the header of the frame */
    size_t n_meant, n_acks;
    usec_t now;
};

static struct path *path_to(struct slave *s, const struct delivery *d, struct slave_meter *m)
{
    return d->request->a == ADDRESS_SELECTED ? &s->selected_path : &m->path;
}

/* What cannot be read, or no meter can be, is never acknowledged (mbus-protocol 6, 13.7). */
static bool is_unreadable(enum application_error error)
{
    return error == APPLICATION_UNSPECIFIED || error == APPLICATION_UNKNOWN_CI ||
           error == APPLICATION_CUT_OFF || error == APPLICATION_TOO_MANY_DIFE ||
           error == APPLICATION_TOO_MANY_VIFE;
}

/* mbus-protocol 13.7: a refusal is silent, or an E5 and an application error later. */
static void refuse(struct delivery *d, struct slave_meter *m, enum application_error error)
{
    meter_draft_abandon(m->meter);
    if (m->meter->def->on_refused != METER_REFUSAL_ERROR || d->to->broadcast)
        return;
    m->error = error;
    d->n_acks += !is_unreadable(error);
}

/* mbus-protocol 5.5: a frame that comes once more is acknowledged and not carried out. */
static void deliver_to(struct slave *s, struct delivery *d, struct slave_meter *m)
{
    struct path *path = path_to(s, d, m);
    enum application_error error;

    if (!application_is_for(d->request, m))
        return;
    d->n_meant++;
    if (d->is_repeated || (d->request->a != ADDRESS_SELECTED &&
                           path_is_repeated_write(path, m->meter, d->request, d->now))) {
        d->n_acks++;
        return;
    }
    error = application_execute(s, m, d->alone, d->request);
    if (error != APPLICATION_FINE) {
        refuse(d, m, error);
        return;
    }
    path_remember_write(path, d->request, d->now);
    /* A draft does so when it is in force, on every bus (meter->generation). */
    if (!m->meter->drafting)
        rewind_paths(s, m);
    s->storing = s->storing || m->meter->drafting;
    d->n_acks++;
}

static bool is_for(const struct slave *s, const struct delivery *d, const struct slave_meter *m)
{
    return slave_is_meant(s, d->request->a, m) && application_is_for(d->request, m);
}

static bool is_for_one(const struct slave *s, const struct delivery *d)
{
    size_t n = 0;

    for (size_t i = 0; i < s->roster.n && n < 2; i++)
        n += is_for(s, d, &s->roster.meters[i]);
    return n == 1;
}

static void deliver(struct slave *s, struct delivery *d)
{
    const struct addressee *to = d->to;

    s->writer = to->n == 1 ? to->meter : NULL;
    s->at_253 = d->request->a == ADDRESS_SELECTED;
    d->alone = to->n == 1 || is_for_one(s, d);
    d->is_repeated = d->request->a == ADDRESS_SELECTED &&
                     path_is_repeated_write(to->path, to->meter->meter, d->request, d->now);
    if (to->n == 1) {
        deliver_to(s, d, to->meter);
        return;
    }
    for (size_t i = 0; i < s->roster.n; i++) {
        if (slave_is_meant(s, d->request->a, &s->roster.meters[i]))
            deliver_to(s, d, &s->roster.meters[i]);
    }
}

enum slave_verdict delivery_write(struct slave *s, const struct addressee *to,
                                  const struct frame *request, usec_t now)
{
    struct delivery d = { .request = request, .to = to, .now = now };

    deliver(s, &d);
    if (d.n_meant == 0)
        return SLAVE_OTHER_ADDRESS;
    if (to->broadcast)
        return d.n_acks > 0 ? SLAVE_SILENT : SLAVE_REFUSED;
    return d.n_acks > 0 ? answers_acknowledge(s, d.n_acks, now) : SLAVE_REFUSED;
}
