#include "base/nearest.h"

#include <string.h>

#define NAME_MAX_COMPARED 63U

static unsigned lesser(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned replacing(char a, char b)
{
    if (a == b)
        return 0;
    return lower(a) == lower(b) ? 1 : 2;
}

static size_t compared_length(const char *s)
{
    size_t n = strlen(s);

    return n < NAME_MAX_COMPARED ? n : NAME_MAX_COMPARED;
}

/* The table of edit distances by rows; a swap looks two rows back. */
unsigned nearest_distance(const char *a, const char *b)
{
    size_t na = compared_length(a), nb = compared_length(b);
    unsigned rows[3][NAME_MAX_COMPARED + 1];
    unsigned *before = rows[0], *previous = rows[1], *row = rows[2];

    for (size_t j = 0; j <= nb; j++)
        previous[j] = (unsigned)(2 * j);
    memcpy(before, previous, sizeof(rows[0]));
    for (size_t i = 1; i <= na; i++) {
        unsigned *spare = before;

        row[0] = (unsigned)(2 * i);
        for (size_t j = 1; j <= nb; j++) {
            unsigned best = lesser(previous[j], row[j - 1]) + 2;

            best = lesser(best, previous[j - 1] + replacing(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = lesser(best, before[j - 2] + 2);
            row[j] = best;
        }
        before = previous;
        previous = row;
        row = spare;
    }
    return previous[nb];
}

void nearest_offer(struct nearest *n, const char *candidate)
{
    unsigned distance = nearest_distance(n->wanted, candidate);

    if (n->best == NULL || distance < n->distance) {
        n->best = candidate;
        n->distance = distance;
    }
}

const char *nearest_result(const struct nearest *n)
{
    unsigned allowed;

    if (n->best == NULL)
        return NULL;
    allowed = (unsigned)(2 * compared_length(n->wanted)) / 3;
    return n->distance <= (allowed > 3 ? allowed : 3) ? n->best : NULL;
}
