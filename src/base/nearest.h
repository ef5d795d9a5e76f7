/* "Did you mean ...?": the nearest known name. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* Edit distance of two names: an insertion, a deletion, a replacement or a swap of neighbours costs
 * 2, a difference in case alone 1. Names longer than 63 characters are compared by their first 63.
 */
unsigned nearest_distance(const char *a, const char *b);

/*
 * Keeps the best candidate while a caller walks its names:
 *     struct nearest n = { .wanted = "kwh" };
 *     for (...) nearest_offer(&n, name);
 *     const char *hint = nearest_result(&n);    NULL when nothing is near enough
 */
struct nearest {
    const char *wanted;
    const char *best;
    unsigned distance; /* of best */
};

/* Candidates must outlive the `struct nearest`. The first of equals wins. */
void nearest_offer(struct nearest *n, const char *candidate);

/* The best candidate, or NULL when it differs in more than a third of its letters. */
const char *nearest_result(const struct nearest *n);

#endif
