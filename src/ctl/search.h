/* The search for meters by wildcards of the secondary address, digit by digit (mbus-protocol 7.6).
 * Pure: who asks the bus, and who hears of what was found, are functions of the caller. */
#ifndef CTL_SEARCH_H
#define CTL_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/address.h"

/* What a selection has brought. */
enum probe {
    PROBE_NOTHING,
    PROBE_ONE,      /* one meter, and it said who it is */
    PROBE_NAMELESS, /* one meter that does not: all that is known of it is who was asked */
    PROBE_SEVERAL,  /* a collision */
    PROBE_STOP,     /* the bus is gone, or somebody wants an end */
};

struct search_calls {
    /* Asks who matches; `ret` for PROBE_ONE. */
    enum probe (*probe)(void *context, const struct selection *who, struct ident *ret);
    /* The meter of the last PROBE_ONE was not found before. */
    void (*found)(void *context);
    /* Several meters to which nothing is left to tell them apart by: they share an address, or no
     * longer selection than `who` is answered by them; `others`: than by one of them. */
    void (*unresolved)(void *context, const struct selection *who, bool others);
};

enum search_end {
    SEARCH_DONE,
    SEARCH_STOPPED, /* by a probe */
    SEARCH_TALKER,  /* what nobody can match is answered too */
    SEARCH_ENDLESS, /* far more questions than so many meters need */
};

/* Whether a meter that answered to a selection is one that it asks for. */
bool search_fits(const struct selection *who, const struct ident *ident);

/* Searches the whole bus. */
enum search_end search_run(const struct search_calls *calls, void *context);

#endif
