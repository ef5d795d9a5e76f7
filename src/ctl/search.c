#include "ctl/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

/* The order in which the places of an address are settled: the digits of the id from the left, then
 * what meters of one id differ in. A to E are no digits of the standard, but some meters have them.
 * Values beyond `likely`, device types that are not defined and codes that are no letters, are
 * tried only where a collision has not been explained by the others. */
static const struct place {
    uint8_t at;    /* byte of the selection */
    uint8_t shift; /* of a digit in it */
    uint8_t likely, last;
} places[] = {
    { 3, 4, 0x0E, 0x0E }, { 3, 0, 0x0E, 0x0E }, { 2, 4, 0x0E, 0x0E },
    { 2, 0, 0x0E, 0x0E }, { 1, 4, 0x0E, 0x0E }, { 1, 0, 0x0E, 0x0E },
    { 0, 4, 0x0E, 0x0E }, { 0, 0, 0x0E, 0x0E }, { 7, 0, 0x3F, 0xFE }, /* medium */
    { 6, 0, 0xFE, 0xFE },                                             /* version */
    { 4, 0, 0xFE, 0xFE },                                             /* manufacturer */
    { 5, 0, 0x6B, 0xFE },
};

struct search {
    const struct search_calls *calls;
    void *context;
    struct ident *known;
    size_t n_known;
    bool has_stopped;
};

static void search_below(struct search *s, struct selection *who, size_t depth);

static bool is_known(const struct search *s, const struct ident *ident)
{
    for (size_t i = 0; i < s->n_known; i++) {
        const struct ident *k = &s->known[i];

        if (k->id == ident->id && k->manufacturer == ident->manufacturer &&
            k->version == ident->version && k->medium == ident->medium)
            return true;
    }
    return false;
}

/* A meter that takes a part of a selection for a wildcard which is none answers more than once. */
static void remember(struct search *s, const struct ident *ident)
{
    struct ident *more;

    if (is_known(s, ident))
        return;
    more = realloc(s->known, (s->n_known + 1) * sizeof(*s->known));
    if (more) {
        s->known = more;
        s->known[s->n_known++] = *ident;
    }
    s->calls->found(s->context);
}

static bool matches_by_digits(const struct selection *who, const struct ident *ident)
{
    struct selection own = selection_of(ident);

    for (size_t i = 0; i < SELECTION_SIZE; i++) {
        uint8_t b = who->bytes[i];
        unsigned any = (b >> 4 == 0x0F ? 0xF0U : 0) | ((b & 0x0F) == 0x0F ? 0x0FU : 0);

        if ((b | any) != (own.bytes[i] | any))
            return false;
    }
    return true;
}

/* Some meters take the F of a version 1F for "any digit" (mbus-protocol 7.4): if these are meters
 * that we know, there is nothing to search. */
static bool is_explained(const struct search *s, const struct selection *who, size_t depth)
{
    uint8_t settled = depth > 0 ? who->bytes[places[depth - 1].at] : 0;
    unsigned n = 0;

    if (depth == 0 || places[depth - 1].last != 0xFE ||
        ((settled & 0x0F) != 0x0F && settled >> 4 != 0x0F))
        return false;
    for (size_t i = 0; i < s->n_known; i++)
        n += matches_by_digits(who, &s->known[i]);
    return n >= 2;
}

/* How many meters answer to a selection; 2 for several. */
static unsigned probe(struct search *s, struct selection *who, size_t depth)
{
    struct ident ident;

    switch (s->calls->probe(s->context, who, &ident)) {
    case PROBE_ONE:
        remember(s, &ident);
        return 1;
    case PROBE_NAMELESS:
        return 1;
    case PROBE_SEVERAL:
        if (is_explained(s, who, depth))
            return 2;
        if (depth < ARRAY_SIZE(places))
            search_below(s, who, depth);
        else
            s->calls->unresolved(s->context, who);
        return 2;
    case PROBE_STOP:
        s->has_stopped = true;
        return 0;
    case PROBE_NOTHING:
        break;
    }
    return 0;
}

/* Asks with the values up to `last` at one place, but for those that have answered. */
static unsigned try_values(struct search *s, struct selection *who, size_t depth, unsigned last,
                           bool *answered)
{
    const struct place *place = &places[depth];
    uint8_t *byte = &who->bytes[place->at], wild = *byte;
    unsigned digit = place->last == 0x0E ? 0x0FU << place->shift : 0xFF, meters = 0;

    for (unsigned v = 0; v <= last && !s->has_stopped; v++) {
        unsigned n;

        if (answered[v])
            continue;
        *byte = (uint8_t)((wild & ~digit) | v << place->shift);
        n = probe(s, who, depth + 1);
        answered[v] = n > 0;
        meters += n;
    }
    *byte = wild;
    return meters;
}

static void search_below(struct search *s, struct selection *who, size_t depth)
{
    bool answered[256] = { false };
    unsigned meters = try_values(s, who, depth, places[depth].likely, answered);

    /* A request may have been lost: those that were not answered are repeated too. */
    if (meters < 2)
        meters += try_values(s, who, depth, places[depth].last, answered);
    if (meters == 0 && !s->has_stopped)
        s->calls->unresolved(s->context, who);
}

bool search_run(const struct search_calls *calls, void *context)
{
    struct search s = { .calls = calls, .context = context };
    struct selection who = selection_any();

    /* Where there seems to be nobody, a second question costs little. */
    if (probe(&s, &who, 0) == 0 && !s.has_stopped)
        (void)probe(&s, &who, 0);
    free(s.known);
    return !s.has_stopped;
}
