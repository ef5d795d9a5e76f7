#include "ctl/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

/* The order in which the places of an address are settled: the digits of the id from the left, then
 * what meters of one id differ in. A to E are no digits of the standard, but some meters have them.
 * Values beyond `likely` are device types that are not defined and codes that are no letters, and
 * are asked for last. */
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
    unsigned n_asked, n_nameless;
    bool is_checked; /* nobody answers to what nobody can match */
    enum search_end end;
};

/* What a bus may cost, and each meter more: those that differ in their last bytes cost most. */
#define QUESTIONS 4000U
#define QUESTIONS_OF_ONE 1000U

/* The digits of an id that the standard has: all of them are in use on a large bus. */
#define DECIMALS 10U

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

/* Of the fixed structure, which has no manufacturer, the id alone is sure. */
bool search_fits(const struct selection *who, const struct ident *ident)
{
    struct selection wanted = *who;

    if (ident->manufacturer == 0xFFFF)
        memset(wanted.bytes + 4, 0xFF, SELECTION_SIZE - 4);
    return matches_by_digits(&wanted, ident);
}

/* Who answers that was not asked for is late, or one of several: asked twice, it is the latter. */
static enum probe ask(struct search *s, const struct selection *who, struct ident *ret)
{
    size_t n = s->n_known + s->n_nameless;

    for (unsigned tries = 2; tries > 0; tries--) {
        enum probe result;

        if (s->n_asked++ >= QUESTIONS + n * QUESTIONS_OF_ONE) {
            s->end = SEARCH_ENDLESS;
            return PROBE_STOP;
        }
        result = s->calls->probe(s->context, who, ret);
        if (result == PROBE_STOP)
            s->end = SEARCH_STOPPED;
        if (result != PROBE_ONE || search_fits(who, ret))
            return result;
    }
    return PROBE_SEVERAL;
}

/* Asks for whom there cannot be: an answer, twice, is noise or a meter that answers always. */
static void check_silence(struct search *s)
{
    static const struct selection nobody = { { 0xEE, 0xEE, 0xEE, 0xEE, 0, 0, 0xEE, 0xEE } };
    unsigned n = 0;
    struct ident ident;

    while (n < 2 && s->end == SEARCH_DONE && ask(s, &nobody, &ident) != PROBE_NOTHING)
        n++;
    if (n == 2 && s->end == SEARCH_DONE)
        s->end = SEARCH_TALKER;
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

    switch (ask(s, who, &ident)) {
    case PROBE_ONE:
        remember(s, &ident);
        return 1;
    case PROBE_NAMELESS:
        s->n_nameless++;
        return 1;
    case PROBE_SEVERAL:
        if (is_explained(s, who, depth))
            return 2;
        if (depth < ARRAY_SIZE(places))
            search_below(s, who, depth);
        else
            s->calls->unresolved(s->context, who, false);
        return 2;
    case PROBE_STOP:
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
    unsigned digit = place->last == 0x0E ? 0x0FU << place->shift : 0xFF;
    unsigned meters = 0, n_several = 0;

    for (unsigned v = 0; v <= last && s->end == SEARCH_DONE; v++) {
        unsigned n;

        if (answered[v])
            continue;
        *byte = (uint8_t)((wild & ~digit) | v << place->shift);
        n = probe(s, who, depth + 1);
        answered[v] = n > 0;
        meters += n;
        n_several += n > 1;
        if (n_several == v + 1 && n_several == DECIMALS)
            check_silence(s);
    }
    if (n_several == place->likely + 1U && s->end == SEARCH_DONE)
        s->end = SEARCH_TALKER;
    *byte = wild;
    return meters;
}

/* Only a wildcard reaches a digit F and a byte FF; or the collision was none. */
static void look_for_rest(struct search *s, const struct selection *who, bool others)
{
    struct ident ident;

    switch (ask(s, who, &ident)) {
    case PROBE_SEVERAL:
        s->calls->unresolved(s->context, who, others);
        break;
    case PROBE_ONE:
        remember(s, &ident);
        break;
    default:
        break;
    }
}

static void search_below(struct search *s, struct selection *who, size_t depth)
{
    bool answered[256] = { false };
    unsigned meters;

    if (!s->is_checked)
        check_silence(s);
    s->is_checked = true;
    meters = try_values(s, who, depth, places[depth].likely, answered);
    /* A request may have been lost: those that were not answered are repeated too. */
    meters += try_values(s, who, depth, places[depth].last, answered);
    if (meters < 2 && s->end == SEARCH_DONE)
        look_for_rest(s, who, meters > 0);
}

enum search_end search_run(const struct search_calls *calls, void *context)
{
    struct search s = { .calls = calls, .context = context };
    struct selection who = selection_any();

    /* Where there seems to be nobody, a second question costs little. */
    if (probe(&s, &who, 0) == 0 && s.end == SEARCH_DONE)
        (void)probe(&s, &who, 0);
    free(s.known);
    return s.end;
}
