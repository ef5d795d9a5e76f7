/* The records that `feed` knows by name, and what is known of each. */
#ifndef CTL_FEED_NAMES_H
#define CTL_FEED_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/daemon.h"

enum feed_kind {
    FEED_UNKNOWN, /* there is none, or none any more */
    FEED_PUSHED,  /* it takes values */
    FEED_OTHER,   /* its values come from elsewhere */
};

/* A name; it stays in place for as long as its set lives. */
struct feed_name {
    enum feed_kind kind;
    bool was_reported; /* that it takes no values; forgotten when it does */
    uint32_t hash;
    size_t n;
    char text[]; /* METER.RECORD, with a terminating zero */
};

/* Zeroed to begin; feed_names_done() ends. */
struct feed_names {
    struct feed_name **slots; /* a power of two of them */
    size_t n, n_slots;
};

/* The name of a meter's record, added as FEED_UNKNOWN if it was not there. NULL: no memory, or
 * there are FEED_NAMES_MAX already. */
struct feed_name *feed_names_take(struct feed_names *names, const char *meter, size_t n_meter,
                                  const char *record, size_t n_record);

/* Asks the daemon for all records and sets the kind of each name by that. False when it was said
 * why that failed. */
bool feed_names_read(struct feed_names *names, struct daemon *d);

void feed_names_done(struct feed_names *names);

/* A broker may have more topics than anybody wants to hear of. */
#define FEED_NAMES_MAX 262144U

#endif
