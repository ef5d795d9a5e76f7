/* Any bytes as what `feed` reads, in pieces of any size: the lines are those that a simple reading
 * of all at once finds, however they were cut; one that is too long is said once; what is taken for
 * a value is a name of a meter, one of a record and a finite number. Input: size of the pieces, of
 * the prefix, the prefix, then the bytes. */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/feed_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

static void check_name(const char *name, size_t n)
{
    REQUIRE(n > 0 && name[0] >= 'a' && name[0] <= 'z');
    for (size_t i = 0; i < n; i++)
        REQUIRE((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') ||
                name[i] == '_');
}

static void check_line(const char *text, size_t n, const char *prefix)
{
    struct feed_line line;
    enum feed_verdict verdict = feed_line_parse(text, n, prefix, &line);

    REQUIRE(verdict < FEED_TOO_LONG);
    REQUIRE(line.name >= text && line.name + line.n_name <= text + n);
    REQUIRE(line.value >= text && line.value + line.n_value <= text + n);
    if (verdict != FEED_VALUE)
        return;
    check_name(line.name, line.n_meter);
    check_name(line.name + line.n_meter + 1, line.n_name - line.n_meter - 1);
    REQUIRE(!line.number.is_real || isfinite(line.number.real));
}

/* The next line of the whole. */
static bool next(const char **at, const char *end, const char **ret, size_t *ret_n)
{
    const char *feed;

    if (*at == end)
        return false;
    feed = memchr(*at, '\n', (size_t)(end - *at));
    *ret = *at;
    *ret_n = (size_t)((feed ? feed : end) - *at);
    *at = feed ? feed + 1 : end;
    return true;
}

static void take_lines(struct feed_input *in, const char **at, const char *end, const char *prefix)
{
    const char *line, *expected;
    bool is_too_long;
    size_t n, n_expected;

    while ((line = feed_input_next(in, &n, &is_too_long)) != NULL) {
        REQUIRE(next(at, end, &expected, &n_expected));
        REQUIRE(is_too_long == (n_expected > FEED_LINE_MAX));
        REQUIRE(n == (is_too_long ? FEED_LINE_MAX : n_expected));
        REQUIRE(memcmp(line, expected, n) == 0);
        if (!is_too_long)
            check_line(line, n, prefix);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct feed_input *in;
    size_t piece, n_prefix;
    const char *at, *end, *given;
    char prefix[256] = { 0 };

    if (size < 2 || size - 2 < data[1])
        return 0;
    piece = data[0] < 128 ? data[0] + 1U : (data[0] - 127U) * 512U;
    n_prefix = data[1];
    memcpy(prefix, data + 2, n_prefix);
    at = given = (const char *)data + 2 + n_prefix;
    end = (const char *)data + size;
    in = calloc(1, sizeof(*in));
    if (in == NULL)
        return 0;
    while (given < end) {
        char *into;
        size_t room = feed_input_room(in, &into), some = (size_t)(end - given);

        REQUIRE(room > 0);
        some = some < piece ? some : piece;
        some = some < room ? some : room;
        memcpy(into, given, some);
        in->end += some;
        given += some;
        take_lines(in, &at, end, prefix);
    }
    in->is_at_end = true;
    take_lines(in, &at, end, prefix);
    REQUIRE(at == end);
    free(in);
    return 0;
}
