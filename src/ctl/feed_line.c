#include "ctl/feed_line.h"

#include <string.h>

#include "meter/number.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Bytes of the name of a meter or record at the front; they begin with a letter. */
static size_t name_length(const char *at, size_t n)
{
    size_t i = 0;

    if (n == 0 || *at < 'a' || *at > 'z')
        return 0;
    while (i < n && is_name_character(at[i]))
        i++;
    return i;
}

size_t feed_name_parse(const char *name, size_t n)
{
    size_t meter = n <= FEED_NAME_MAX ? name_length(name, n) : 0, record;

    if (meter == 0 || meter == n || (name[meter] != '.' && name[meter] != '/'))
        return 0;
    record = name_length(name + meter + 1, n - meter - 1);
    return record > 0 && meter + 1 + record == n ? meter : 0;
}

static size_t skip(const char *line, size_t n, size_t at, bool blanks)
{
    while (at < n && is_blank(line[at]) == blanks)
        at++;
    return at;
}

static void drop_prefix(const char *prefix, struct feed_line *line)
{
    size_t n = prefix ? strlen(prefix) : 0;

    if (n == 0 || n > line->n_name || memcmp(line->name, prefix, n) != 0)
        return;
    line->name += n;
    line->n_name -= n;
}

static enum feed_verdict take_number(struct feed_line *line)
{
    switch (number_parse(line->value, line->n_value, &line->number)) {
    case NUMBER_OK:
        return FEED_VALUE;
    case NUMBER_TOO_LARGE:
        return FEED_TOO_LARGE;
    case NUMBER_EMPTY:
        return FEED_NO_VALUE;
    case NUMBER_NONE:
    case NUMBER_TOO_LONG:
        break;
    }
    return FEED_NO_NUMBER;
}

enum feed_verdict feed_line_parse(const char *line, size_t n, const char *prefix,
                                  struct feed_line *ret)
{
    size_t begin = skip(line, n, 0, true), end = skip(line, n, begin, false);
    size_t value = skip(line, n, end, true), value_end = skip(line, n, value, false);
    enum feed_verdict verdict;

    *ret = (struct feed_line){ .name = line + begin,
                               .n_name = end - begin,
                               .value = line + value,
                               .n_value = value_end - value };
    if (begin == n || line[begin] == '#')
        return FEED_NOTHING;
    drop_prefix(prefix, ret);
    ret->n_meter = feed_name_parse(ret->name, ret->n_name);
    if (ret->n_meter == 0)
        return FEED_NO_RECORD;
    if (ret->n_value == 0)
        return FEED_NO_VALUE;
    verdict = take_number(ret);
    if (verdict == FEED_VALUE && skip(line, n, value_end, true) < n)
        return FEED_BYTES_BEHIND;
    return verdict;
}

const char *feed_verdict_text(enum feed_verdict verdict)
{
    static const char *const texts[FEED_VERDICTS] = {
        [FEED_NO_RECORD] = "names no record; METER.RECORD or METER/RECORD does",
        [FEED_NO_VALUE] = "has no value",
        [FEED_NO_NUMBER] = "is no number",
        [FEED_TOO_LARGE] = "is larger than any number",
        [FEED_BYTES_BEHIND] = "has something behind the number",
        [FEED_TOO_LONG] = "is longer than 4096 bytes",
    };

    return texts[verdict];
}

/* ---- lines of what is read ------------------------------------------------------------------- */

size_t feed_input_room(struct feed_input *in, char **ret_at)
{
    size_t n = in->end - in->begin;

    /* What is left of a line is moved to the front only when there is little room behind it. */
    if (in->begin > 0 && (n == 0 || FEED_INPUT_SIZE - in->end < 2U * FEED_LINE_MAX)) {
        memmove(in->bytes, in->bytes + in->begin, n);
        in->begin = 0;
        in->end = n;
    }
    *ret_at = in->bytes + in->end;
    return FEED_INPUT_SIZE - in->end;
}

/* Goes on to the end of a line of which nothing is wanted; false while that is not there. */
static bool skip_line(struct feed_input *in)
{
    const char *from = in->bytes + in->begin, *feed = memchr(from, '\n', in->end - in->begin);

    in->begin = feed ? (size_t)(feed - in->bytes) + 1 : in->end;
    in->is_skipping = feed == NULL;
    return feed != NULL;
}

const char *feed_input_next(struct feed_input *in, size_t *ret_n, bool *ret_too_long)
{
    const char *line, *feed;
    size_t n;

    *ret_too_long = false;
    if (in->is_skipping && !skip_line(in))
        return NULL;
    line = in->bytes + in->begin;
    n = in->end - in->begin;
    feed = memchr(line, '\n', n);
    if (feed)
        n = (size_t)(feed - line);
    if (n > FEED_LINE_MAX) {
        *ret_too_long = true;
        *ret_n = FEED_LINE_MAX;
        (void)skip_line(in);
        return line;
    }
    if (feed == NULL && (!in->is_at_end || n == 0))
        return NULL;
    in->begin += n + (feed ? 1 : 0);
    *ret_n = n;
    return line;
}
