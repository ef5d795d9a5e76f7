/* The meters of a bus: who answers at which address, and what happens when others come. */
#include <string.h>

#include "slave/slave.h"

/* A meter of the fixed structure has no manufacturer and no version: FF in them matches wildcards
 * alone (mbus-protocol 11). */
static struct ident selection_ident(const struct meter *meter)
{
    struct ident ident = meter->now.ident;

    if (meter->def->structure == METER_FIXED) {
        ident.manufacturer = UINT16_MAX;
        ident.version = UINT8_MAX;
        ident.medium = (uint8_t)fixed_medium(ident.medium);
    }
    return ident;
}

/* What was remembered of another address is not of this one (mbus-protocol 13.1). */
static void note_address(struct slave_meter *m)
{
    if (m->address != m->meter->now.address)
        path_reset(&m->path);
    m->address = m->meter->now.address;
}

static void note_awake(struct slave *s, size_t i)
{
    const struct meter *meter = s->roster.meters[i].meter;

    if (s->n_awake++ == 0)
        s->first_awake = i;
    s->n_unset += meter->now.address == 0;
    s->allows_baud = s->allows_baud || (meter->def->allow & METER_ALLOW_BAUD);
    if (s->by_address[meter->now.address] == 0)
        s->by_address[meter->now.address] = (uint16_t)(i + 1);
}

/* Who is mute is selected no longer; when it speaks again it must be selected anew. */
static void find_selected(struct slave *s)
{
    size_t n_selected = s->n_selected;

    s->n_selected = 0;
    s->selected = NULL;
    for (size_t i = 0; n_selected > 0 && i < s->roster.n; i++) {
        struct slave_meter *m = &s->roster.meters[i];

        if (m->selection != s->selection)
            continue;
        if (m->meter->is_mute)
            m->selection = 0;
        else if (s->n_selected++ == 0)
            s->selected = m;
    }
}

void slave_update_addresses(struct slave *s)
{
    memset(s->by_address, 0, sizeof(s->by_address));
    s->n_unset = s->n_awake = s->first_awake = 0;
    s->allows_baud = false;
    for (size_t i = 0; i < s->roster.n; i++) {
        struct slave_meter *m = &s->roster.meters[i];

        s->roster.idents[i] = selection_ident(m->meter);
        note_address(m);
        if (!m->meter->is_mute)
            note_awake(s, i);
    }
    find_selected(s);
}

static void begin_meter(struct slave_meter *m)
{
    path_reset(&m->path);
    m->address = m->meter->now.address;
    m->error = APPLICATION_FINE;
}

void slave_init(struct slave *s, const struct slave_roster *roster,
                const struct slave_timing *timing)
{
    *s = (struct slave){ .roster = *roster, .timing = *timing };
    receiver_init(&s->receiver, timing->gap);
    s->selected_path.readout.snapshot = roster->selected_snapshot;
    path_reset(&s->selected_path);
    for (size_t i = 0; i < roster->n; i++)
        begin_meter(&roster->meters[i]);
    slave_update_addresses(s);
}

bool slave_is_selected(const struct slave *s, const struct slave_meter *m)
{
    return s->n_selected > 0 && m->selection == s->selection;
}

bool slave_is_meant(const struct slave *s, uint8_t a, const struct slave_meter *m)
{
    if (m->meter->is_mute)
        return false;
    if (a == ADDRESS_SELECTED)
        return slave_is_selected(s, m);
    return a >= ADDRESS_TEST || m->meter->now.address == a;
}

/* Notes in each meter where it is in a roster, for find_meter(). */
static void note_places(const struct slave_roster *roster)
{
    for (size_t i = 0; i < roster->n; i++)
        roster->meters[i].meter->place = i;
}

/* Where a meter is in the roster whose places were noted last; a place may be one of another
 * roster's. */
static struct slave_meter *find_meter(const struct slave_roster *roster, const struct meter *meter)
{
    if (meter->place >= roster->n || roster->meters[meter->place].meter != meter)
        return NULL;
    return &roster->meters[meter->place];
}

/* An answer that waits, or whose echo may come, moves along with the telegram that it is. */
static void move_answer(struct slave_answer *answer, const struct slave_meter *from,
                        struct slave_meter *to)
{
    const uint8_t *begin = (const uint8_t *)from;

    if (answer->n > 0 && answer->bytes >= begin && answer->bytes < begin + sizeof(*from))
        answer->bytes = (uint8_t *)to + (answer->bytes - begin);
}

/* A sequence of telegrams goes on when its meter still reads the same (path.readout.generation). */
static void move_snapshot(struct path_readout *to, const struct path_readout *from,
                          const struct meter *meter)
{
    if (to->snapshot == NULL || from->generation != meter->generation ||
        from->n_snapshot != meter->def->n_records || from->n_snapshot == 0)
        return;
    memcpy(to->snapshot, from->snapshot, from->n_snapshot * sizeof(*to->snapshot));
}

static void move_meter(struct slave *s, const struct slave_meter *from, struct slave_meter *to)
{
    struct meter_cell *snapshot = to->path.readout.snapshot;

    *to = *from;
    to->path.readout.snapshot = snapshot;
    move_snapshot(&to->path.readout, &from->path.readout, to->meter);
    move_answer(&s->pending, from, to);
    move_answer(&s->sent, from, to);
}

/* Answers that nobody gives any more must not point into memory that is gone. */
static void drop_answers_of(struct slave *s, const struct slave_roster *gone)
{
    const uint8_t *begin = (const uint8_t *)gone->meters,
                  *end = (const uint8_t *)(gone->meters + gone->n);

    if (s->pending.n > 0 && s->pending.bytes >= begin && s->pending.bytes < end)
        s->pending.n = 0;
    if (s->sent.n > 0 && s->sent.bytes >= begin && s->sent.bytes < end)
        s->sent.n = 0;
}

void slave_change_roster(struct slave *s, const struct slave_roster *roster)
{
    struct path_readout selected = s->selected_path.readout;
    struct slave_roster old = s->roster;

    note_places(&old);
    for (size_t i = 0; i < roster->n; i++) {
        struct slave_meter *to = &roster->meters[i];
        const struct slave_meter *from = find_meter(&old, to->meter);

        if (from != NULL)
            move_meter(s, from, to);
        else
            begin_meter(to);
    }
    drop_answers_of(s, &old);
    s->roster = *roster;
    s->writer = NULL;
    s->asked = NULL;
    find_selected(s);
    selected.snapshot = roster->selected_snapshot;
    if (s->selected != NULL)
        move_snapshot(&selected, &s->selected_path.readout, s->selected->meter);
    s->selected_path.readout.snapshot = roster->selected_snapshot;
    slave_update_addresses(s);
}
