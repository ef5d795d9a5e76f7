#include "slave/commands.h"

#include "base/macros.h"
#include "mbus/link.h"
#include "slave/answers.h"
#include "slave/delivery.h"
#include "slave/selection.h"

typedef enum slave_verdict (*command)(struct slave *s, const struct addressee *to,
                                      const struct frame *request, usec_t now);

/* ---- link reset ------------------------------------------------------------------------------ */

static void deselect(struct slave *s)
{
    s->n_selected = 0;
    s->selected = NULL;
}

/* Resets the primary path of every meter that an address means. */
static void reset_primary_paths(struct slave *s, uint8_t a)
{
    for (size_t i = 0; i < s->roster.n; i++) {
        struct slave_meter *m = &s->roster.meters[i];

        if (slave_is_meant(s, a, m))
            path_reset(&m->path);
    }
}

/* How many of the meters answer a SND_NKE to 253 by their `nke_253` (mbus-protocol 7.3). */
static size_t count_nke_253(const struct slave *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->roster.n; i++) {
        const struct slave_meter *m = &s->roster.meters[i];
        enum meter_nke_253 who = m->meter->def->nke_253;

        if (m->meter->is_mute)
            continue;
        n += who == METER_NKE_253_ALWAYS ||
             (who == METER_NKE_253_SELECTED && slave_is_selected(s, m));
    }
    return n;
}

/* mbus-protocol 7.3: the selected meter answers and is deselected. The primary paths are reset too,
 * of whoever is selected or not: a common master resets no other way before it reads (5.3). */
static enum slave_verdict snd_nke_selected(struct slave *s, usec_t now)
{
    size_t n = count_nke_253(s);

    reset_primary_paths(s, ADDRESS_BROADCAST);
    path_reset(&s->selected_path);
    deselect(s);
    return n == 0 ? SLAVE_SILENT : answers_acknowledge(s, n, now);
}

/* mbus-protocol 5.3: clears the FCB memory of the path; 255 means every path of every meter. */
static enum slave_verdict snd_nke(struct slave *s, const struct addressee *to,
                                  const struct frame *request, usec_t now)
{
    if (request->a == ADDRESS_SELECTED)
        return snd_nke_selected(s, now);
    if (to->n == 1)
        path_reset(to->path);
    else
        reset_primary_paths(s, request->a);
    if (!to->broadcast)
        return answers_acknowledge(s, to->n, now);
    path_reset(&s->selected_path);
    deselect(s);
    return SLAVE_SILENT;
}

/* ---- requests -------------------------------------------------------------------------------- */

/* What the C field of an answer says beside its function (mbus-protocol 5.6). */
static uint8_t flags_of(const struct slave_meter *m)
{
    return (uint8_t)((m->alarms_seen != m->meter->n_alarms ? C_ACD : 0) |
                     (m->meter->busy ? C_DFC : 0));
}

/* mbus-protocol 14.2: alarm data, or E5. */
static enum slave_verdict req_ud1(struct slave *s, const struct addressee *to,
                                  const struct frame *request, usec_t now)
{
    if (to->broadcast)
        return SLAVE_SILENT;
    if (to->n > 1)
        return answers_acknowledge(s, to->n, now);
    path_answer_alarm(to->path, to->meter->meter, &to->meter->alarms_seen, request->c & C_FCB,
                      request->c & C_FCV, now);
    if (to->path->alarm.n == 0)
        return answers_acknowledge(s, 1, now);
    answers_give(s, to->path->alarm.telegram, to->path->alarm.n, now);
    return SLAVE_ANSWER;
}

static enum slave_verdict req_ud2(struct slave *s, const struct addressee *to,
                                  const struct frame *request, usec_t now)
{
    struct slave_meter *m = to->meter;

    if (to->broadcast)
        return SLAVE_SILENT;
    if (to->n > 1)
        return answers_clash(s, now);
    path_answer_readout(to->path, m->meter, &m->readout, C_RSP_UD | flags_of(m), &m->error,
                        request->c & C_FCB, request->c & C_FCV, now);
    answers_give(s, to->path->readout.telegram, to->path->readout.n, now);
    return SLAVE_ANSWER;
}

/* mbus-protocol 5.1: the status of the link, as a short frame with our own address. */
static enum slave_verdict req_ske(struct slave *s, const struct addressee *to,
                                  const struct frame *request, usec_t now)
{
    uint8_t c = C_RSP_SKE | flags_of(to->meter);

    (void)request;
    if (to->broadcast)
        return SLAVE_SILENT;
    if (to->n > 1)
        return answers_clash(s, now);
    answers_give(s, s->status, frame_build_short(s->status, c, to->meter->meter->now.address), now);
    return SLAVE_ANSWER;
}

/* ---- selection ------------------------------------------------------------------------------- */

/* mbus-protocol 7.1: every match is selected, everybody else is not; 7.6: more than one clash. */
static enum slave_verdict select_meters(struct slave *s, const struct frame *request, usec_t now)
{
    struct selection selection;

    deselect(s);
    if (++s->selection == 0)
        s->selection = 1; /* 0 is nobody's */
    path_reset(&s->selected_path);
    if (!selection_parse(request->data, request->n, &selection))
        return SLAVE_SILENT;
    for (size_t i = 0; i < s->roster.n; i++) {
        struct slave_meter *m = &s->roster.meters[i];

        if (!selection_matches_ident(&selection, &s->roster.idents[i]) || m->meter->is_mute ||
            !selection_matches_records(&selection, m->meter))
            continue;
        m->selection = s->selection;
        if (s->n_selected++ == 0)
            s->selected = m;
    }
    return s->n_selected == 0 ? SLAVE_SILENT : answers_acknowledge(s, s->n_selected, now);
}

/* mbus-protocol 7.7: a slave of mode 1 ends deselected, whatever the content. */
static enum slave_verdict select_mode_2(struct slave *s)
{
    deselect(s);
    return SLAVE_SILENT;
}

static enum slave_verdict snd_ud(struct slave *s, const struct addressee *to,
                                 const struct frame *request, usec_t now)
{
    bool at_253 = request->a == ADDRESS_SELECTED;

    if (request->ci == CI_SELECT || request->ci == CI_SELECT_MODE_2) {
        if (!at_253)
            return SLAVE_UNKNOWN;
        return request->ci == CI_SELECT ? select_meters(s, request, now) : select_mode_2(s);
    }
    if (to->n == 0)
        return SLAVE_OTHER_ADDRESS;
    if (request->ci >= CI_RATE_FIRST && request->ci <= CI_RATE_LAST)
        return delivery_change_rate(s, to, request, now);
    return delivery_write(s, to, request, now);
}

/* ---- who is meant, and what is to be done ---------------------------------------------------- */

static struct addressee all_meters(struct slave *s, bool broadcast)
{
    struct slave_meter *first = &s->roster.meters[s->first_awake];

    return (struct addressee){
        .n = s->n_awake, .meter = first, .path = &first->path, .broadcast = broadcast
    };
}

/* mbus-protocol 6. */
static struct addressee find_addressee(struct slave *s, uint8_t a)
{
    struct addressee to = { 0 };

    switch (a) {
    case ADDRESS_TEST:
    case ADDRESS_BROADCAST:
        return all_meters(s, a == ADDRESS_BROADCAST);
    case ADDRESS_SELECTED:
        to.n = s->n_selected;
        to.meter = s->selected;
        to.path = &s->selected_path;
        return to;
    default:
        if (a > ADDRESS_PRIMARY_MAX || s->by_address[a] == 0)
            return to;
        to.n = a == 0 ? s->n_unset : 1;
        to.meter = &s->roster.meters[s->by_address[a] - 1];
        to.path = &to.meter->path;
        return to;
    }
}

#define ANY_FCB (0xFF ^ (C_FCB | C_FCV))

/* mbus-protocol 5.1, column "frame": the bits of `mask` tell the functions apart. */
static const struct {
    enum frame_kind kind;
    uint8_t c, mask;
    bool unselected; /* at 253 also for a slave that is not selected */
    command run;
} commands[] = {
    { FRAME_KIND_SHORT, C_PRM | LINK_SND_NKE, 0xFF, true, snd_nke },
    { FRAME_KIND_SHORT, C_PRM | LINK_REQ_SKE, 0xFF, false, req_ske },
    { FRAME_KIND_SHORT, C_PRM | LINK_REQ_UD1, ANY_FCB, false, req_ud1 },
    { FRAME_KIND_SHORT, C_PRM | LINK_REQ_UD2, ANY_FCB, false, req_ud2 },
    { FRAME_KIND_LONG, C_PRM | LINK_SND_UD, ANY_FCB, true, snd_ud },
};

static enum slave_verdict execute(struct slave *s, const struct addressee *to,
                                  const struct frame *request, usec_t now)
{
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        if (commands[i].kind != request->kind || (request->c & commands[i].mask) != commands[i].c)
            continue;
        if (to->n == 0 && (request->a != ADDRESS_SELECTED || !commands[i].unselected))
            return SLAVE_OTHER_ADDRESS;
        return commands[i].run(s, to, request, now);
    }
    return to->n > 0 ? SLAVE_UNKNOWN : SLAVE_OTHER_ADDRESS;
}

enum slave_verdict commands_execute(struct slave *s, const struct frame *request, usec_t now)
{
    struct addressee to = find_addressee(s, request->a);
    enum slave_verdict verdict;

    s->asked = to.n == 1 && !to.broadcast ? to.meter->meter : NULL;
    verdict = execute(s, &to, request, now);
    if (s->asked != NULL) {
        s->asked->tally.requests++;
        s->asked->tally.errors += verdict == SLAVE_REFUSED || verdict == SLAVE_UNKNOWN;
    }
    return verdict;
}
