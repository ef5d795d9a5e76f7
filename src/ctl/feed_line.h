/* A line of `feed`: the name of a record and its number, as people and mosquitto_sub -v write it.
 */
#ifndef CTL_FEED_LINE_H
#define CTL_FEED_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "meter/quantity.h"

/* A longer line is no value, whatever it is. */
#define FEED_LINE_MAX 4096U

#define FEED_NAME_MAX 250U /* of METER.RECORD: they go into a path on the bus */

enum feed_verdict {
    FEED_VALUE,
    FEED_NOTHING,      /* a blank line or a comment */
    FEED_NO_RECORD,    /* the name is not of the form METER.RECORD */
    FEED_NO_VALUE,     /* nothing behind the name */
    FEED_NO_NUMBER,    /* what is behind it is none */
    FEED_TOO_LARGE,    /* it is beyond all numbers: 1e999 */
    FEED_BYTES_BEHIND, /* something follows the number */
    FEED_TOO_LONG,     /* said by feed_input_next() */
    FEED_VERDICTS,
};

/* Points into the line. */
struct feed_line {
    const char *name; /* as it stands there, without the prefix */
    size_t n_name;
    size_t
        n_meter; /* of FEED_VALUE: `name` is the meter's of so many bytes, one more, the record's */
    const char *value;
    size_t n_value;
    struct number number; /* of FEED_VALUE */
};

/* Takes a line apart, without its line feed; `prefix` (may be NULL) is taken off the name if it is
 * there. */
enum feed_verdict feed_line_parse(const char *line, size_t n, const char *prefix,
                                  struct feed_line *ret);

/* Takes METER.RECORD or METER/RECORD apart: the bytes of the meter's name; 0 when it is neither. */
size_t feed_name_parse(const char *name, size_t n);

/* What is said about a line of this verdict, without a full stop; NULL for the first two. */
const char *feed_verdict_text(enum feed_verdict verdict);

/* ---- lines of what is read ------------------------------------------------------------------- */

#define FEED_INPUT_SIZE 65536U

/* Zeroed to begin. A line that is too long is not kept: its end is waited for. */
struct feed_input {
    char bytes[FEED_INPUT_SIZE];
    size_t begin, end;
    bool is_skipping;
    bool is_at_end; /* nothing more comes: what is left is a line */
};

/* Where to read more into, and how much; 0 while lines that are there have to be taken first. */
size_t feed_input_room(struct feed_input *in, char **ret_at);

/* The next line, or NULL until more has come. Of one that is too long there are the first
 * FEED_LINE_MAX bytes, once, with `ret_too_long`. */
const char *feed_input_next(struct feed_input *in, size_t *ret_n, bool *ret_too_long);

#endif
