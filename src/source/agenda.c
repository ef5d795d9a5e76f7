#include "source/agenda.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "source/source.h"

#define CAPACITY_MIN 16U

/* Places count from 1: 0 is that of a source that is not in it. */
static void place(struct agenda *agenda, struct source *s, size_t at)
{
    agenda->items[at - 1] = s;
    s->place = (uint32_t)at;
}

static struct source *get(const struct agenda *agenda, size_t at)
{
    return agenda->items[at - 1];
}

static void move_up(struct agenda *agenda, struct source *s)
{
    size_t i = s->place;

    for (; i > 1 && s->due < get(agenda, i / 2)->due; i /= 2)
        place(agenda, get(agenda, i / 2), i);
    place(agenda, s, i);
}

static void move_down(struct agenda *agenda, struct source *s)
{
    size_t i = s->place, next;

    for (; (next = 2 * i) <= agenda->n; i = next) {
        if (next < agenda->n && get(agenda, next + 1)->due < get(agenda, next)->due)
            next++;
        if (s->due <= get(agenda, next)->due)
            break;
        place(agenda, get(agenda, next), i);
    }
    place(agenda, s, i);
}

static int make_room(struct agenda *agenda)
{
    size_t capacity = agenda->capacity > 0 ? 2 * agenda->capacity : CAPACITY_MIN;
    struct source **items;

    if (agenda->n < agenda->capacity)
        return 0;
    if (capacity >= UINT32_MAX)
        return -ENOMEM;
    items = reallocarray(agenda->items, capacity, sizeof(struct source *));
    if (items == NULL)
        return -ENOMEM;
    agenda->items = items;
    agenda->capacity = capacity;
    return 0;
}

/* The last one takes its place. */
static void take_out(struct agenda *agenda, struct source *s)
{
    struct source *last = get(agenda, agenda->n--);

    if (last != s) {
        place(agenda, last, s->place);
        move_up(agenda, last);
        move_down(agenda, last);
    }
    s->place = 0;
}

int agenda_put(struct agenda *agenda, struct source *s, usec_t at)
{
    if (at == USEC_NEVER) {
        if (s->place != 0)
            take_out(agenda, s);
        return 0;
    }
    if (s->place == 0) {
        int r = make_room(agenda);

        if (r < 0)
            return r;
        place(agenda, s, ++agenda->n);
    }
    s->due = at;
    move_up(agenda, s);
    move_down(agenda, s);
    return 0;
}

struct source *agenda_first(const struct agenda *agenda)
{
    return agenda->n > 0 ? agenda->items[0] : NULL;
}

void agenda_done(struct agenda *agenda)
{
    sd_event_source_disable_unref(agenda->timer);
    free(agenda->items);
    *agenda = (struct agenda){ 0 };
}
