/* What both ways of a scan share: the bus, and what is said of it. */
#ifndef CTL_SCAN_H
#define CTL_SCAN_H

#include <stdbool.h>

#include "ctl/master.h"
#include "ctl/sighting.h"

struct scan {
    const char *device;
    struct master master;
    struct answer answer;
    bool is_json;
    unsigned n_found;      /* meters that give a telegram */
    unsigned n_unreadable; /* places where something else answers */
    unsigned n_rows;       /* both, as they are written */
    unsigned n_asked;      /* addresses, or selections */
    usec_t begun;
    const char *trouble; /* why the scan gave up, when that is not in `answer` */
};

/* By what scans multiply their times at most. */
#define SCAN_PATIENCE_MAX 4U

/* An answer was late, or nobody's: waits for quiet, and gives the next answers twice the time.
 * Returns the patience of before. */
unsigned scan_calm(struct scan *scan);

/* Counts what was found, and writes it above the progress line. */
void scan_show(struct scan *scan, const struct sighting *sighting);

/* Asks for who is there, at a primary address that answers or at ADDRESS_SELECTED. True when that
 * was one meter that answers for itself, though maybe not in full; false: see scan->answer. */
bool scan_identify(struct scan *scan, uint8_t a, struct sighting *ret);

/* Each asks the whole bus; false when the bus is gone or somebody wants an end. */
bool scan_primary(struct scan *scan);
bool scan_secondary(struct scan *scan);

#endif
