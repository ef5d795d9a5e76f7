/* What a save is made of: meters, rates of ports, and the lines of others. */
#ifndef STORE_SET_H
#define STORE_SET_H

#include <stdbool.h>

#include "meter/meter.h"
#include "store/buffer.h"
#include "store/lines.h"
#include "store/state.h"

struct set {
    struct meter *const *meters; /* not owned, nor are the rates */
    size_t n_meters;
    const struct state_rate *rates;
    size_t n_rates;
    struct buffer foreign; /* lines that stay as they are */
};

void set_done(struct set *set);

/* Keeps those lines of a file that meters and rates of the set do not write themselves. 0 or
 * -ENOMEM. */
int set_adopt_foreign(struct set *set, struct line_range all);

/* Copies the lines that nobody has claimed to the end of a buffer. 0 or -ENOMEM. */
int set_copy_unclaimed(struct line_range all, struct buffer *ret);

/* Which content of a meter is written. */
enum set_content {
    SET_NOW,   /* what is in force */
    SET_DRAFT, /* what shall be, where a draft is under way */
};

/* Writes the whole file into a buffer, without more memory than that has; false when it does not
 * fit. */
bool set_render(const struct set *set, enum set_content content, struct buffer *ret);

/* How many bytes set_render() takes at most, whatever will be. */
size_t set_longest(const struct set *set);

#endif
