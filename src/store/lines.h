/* Lines of a state file in order, so that those that begin with certain words are found at once. */
#ifndef STORE_LINES_H
#define STORE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "store/text.h"

struct line {
    const char *bytes; /* without the newline; not owned */
    size_t n;
    bool is_claimed; /* it is somebody's: lines_claim() */
};

struct lines {
    struct line *items;
    size_t n;
};

/* Lines that all begin with the same words. */
struct line_range {
    struct line *first;
    size_t n;
    size_t at; /* how many bytes they have in common: where the next word begins */
};

/* Sorts the lines of a text, which must outlive `ret`; every line ends with a newline. 0 or
 * -ENOMEM; lines_done(). */
int lines_init(struct lines *ret, const char *bytes, size_t n);

/* Accepts what is zeroed. */
void lines_done(struct lines *lines);

struct line_range lines_all(const struct lines *lines);

/* Those of a range whose next word is this one, and which go on behind it. */
struct line_range lines_with(struct line_range range, const char *word);

/* The words behind those that the lines of a range (n > 0) have in common, in its first line. */
struct text_in lines_rest(struct line_range range);

void lines_claim(struct line_range range);
void lines_unclaim(struct line_range range);

#endif
