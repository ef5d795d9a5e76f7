#include "store/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int compare_lines(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int r = memcmp(x->bytes, y->bytes, x->n < y->n ? x->n : y->n);

    if (r != 0)
        return r;
    return (x->n > y->n) - (x->n < y->n);
}

static size_t split(const char *bytes, size_t n, struct line *ret)
{
    size_t lines = 0;

    for (const char *newline; n > 0 && (newline = memchr(bytes, '\n', n)) != NULL; lines++) {
        size_t length = (size_t)(newline - bytes);

        if (ret)
            ret[lines] = (struct line){ .bytes = bytes, .n = length };
        bytes += length + 1;
        n -= length + 1;
    }
    return lines;
}

int lines_init(struct lines *ret, const char *bytes, size_t n)
{
    *ret = (struct lines){ .n = split(bytes, n, NULL) };
    if (ret->n == 0)
        return 0;
    ret->items = calloc(ret->n, sizeof(*ret->items));
    if (!ret->items) {
        ret->n = 0;
        return -ENOMEM;
    }
    split(bytes, n, ret->items);
    qsort(ret->items, ret->n, sizeof(*ret->items), compare_lines);
    return 0;
}

void lines_done(struct lines *lines)
{
    free(lines->items);
    *lines = (struct lines){ 0 };
}

struct line_range lines_all(const struct lines *lines)
{
    return (struct line_range){ .first = lines->items, .n = lines->n };
}

/* How a line compares to some bytes from *at on; *at moves behind them when they are equal. */
static int compare_piece(const struct line *line, size_t *at, const char *piece, size_t n)
{
    size_t left = line->n - *at;
    int r = memcmp(line->bytes + *at, piece, left < n ? left : n);

    if (r != 0)
        return r;
    if (left < n)
        return -1;
    *at += n;
    return 0;
}

/* The same for a word and the blank behind it. */
static int compare_word(const struct line *line, size_t *at, const char *word)
{
    for (; *word; word++) {
        char piece[4];
        int r = compare_piece(line, at, piece, text_escape(*word, piece));

        if (r != 0)
            return r;
    }
    return compare_piece(line, at, " ", 1);
}

/* How many lines at the front of the range come before the word, or with it (`past`). */
static size_t count_before(struct line_range range, const char *word, bool past, size_t *ret_at)
{
    size_t low = 0, high = range.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2, at = range.at;
        int r = compare_word(&range.first[middle], &at, word);

        if (r == 0)
            *ret_at = at;
        if (r < 0 || (r == 0 && past))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct line_range lines_with(struct line_range range, const char *word)
{
    size_t at = range.at;
    size_t first = count_before(range, word, false, &at);
    size_t end = count_before(range, word, true, &at);

    if (end == first)
        return (struct line_range){ 0 };
    return (struct line_range){ .first = range.first + first, .n = end - first, .at = at };
}

struct text_in lines_rest(struct line_range range)
{
    return (struct text_in){ .at = range.first->bytes + range.at,
                             .end = range.first->bytes + range.first->n };
}

void lines_claim(struct line_range range)
{
    for (size_t i = 0; i < range.n; i++)
        range.first[i].is_claimed = true;
}

void lines_unclaim(struct line_range range)
{
    for (size_t i = 0; i < range.n; i++)
        range.first[i].is_claimed = false;
}
