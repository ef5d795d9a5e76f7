/* Values on their way: up to a thousand go in one call, one call after the other. */
#ifndef CTL_FEED_VALUES_H
#define CTL_FEED_VALUES_H

#include <stddef.h>

#include "ctl/daemon.h"
#include "ctl/feed_names.h"
#include "meter/quantity.h"

#define FEED_VALUES_MAX 1000U

/* In the order in which they came. */
struct feed_values {
    struct {
        struct feed_name *name;
        struct number number;
    } items[FEED_VALUES_MAX];
    size_t n;
};

/* A call of SetValues with all of them, for the caller to send. 0 or a negative errno. */
int feed_values_message(const struct feed_values *values, struct daemon *d, sd_bus_message **ret);

/* Drops the values whose names stand in a sentence of the daemon's, and makes these names
 * FEED_OTHER, which was reported with that. Returns how many values that were. */
size_t feed_values_drop_named(struct feed_values *values, const char *sentence);

/* Drops the values of names that take none (any more). Returns how many. */
size_t feed_values_drop_untaken(struct feed_values *values);

#endif
