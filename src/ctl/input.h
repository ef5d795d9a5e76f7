/* Telegrams out of a file: hex as people keep it, or the bytes themselves. */
#ifndef CTL_INPUT_H
#define CTL_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was read. `lines` says of each byte on which line it stood, from 1; all 0 in a binary file.
 */
struct input {
    uint8_t *bytes;
    unsigned *lines;
    size_t n;
    unsigned bad_line;   /* the first line that is no hex, or 0; it gave no byte */
    unsigned bad_column; /* of the character that is wrong, in bytes from 1 */
    const char *bad;     /* what is wrong with it */
};

/* Takes `text` for hex when it has no control characters but white space: pairs of digits, with or
 * without blanks, colons, commas, dashes and 0x between them, a comment from # on; a byte order
 * mark of UTF-8 in front is skipped. Returns 0 or -ENOMEM; `ret` is to be freed by input_done(). */
int input_parse(const uint8_t *text, size_t n, struct input *ret);

/* Reads a file, or standard input for NULL, and parses it. Returns 0 or a negative errno: -EFBIG
 * beyond 16 MiB. */
int input_read(const char *path, struct input *ret);

/* How many telegrams the bytes fall into. */
unsigned input_telegrams(const struct input *input);

void input_done(struct input *input);

/*
 * How many bytes from `at` on belong together: a good frame, over the end of a line if need be;
 * else what is left of the line; in a binary file what is before the next good frame with data. At
 * least 1; `at` < input->n.
 */
size_t input_telegram(const struct input *input, size_t at);

#endif
