/* A piece of a message, put together word by word: what is longer than a line is cut. */
#ifndef CONFIG_PHRASE_H
#define CONFIG_PHRASE_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "base/timing.h"

struct phrase {
    char text[768];
    size_t n;
};

void phrase_add(struct phrase *phrase, const char *format, ...) PRINTF(2, 3);

/* Text in quotes: control characters and bytes that are no UTF-8 as escapes, cut after 60
 * characters. */
void phrase_quote(struct phrase *phrase, const char *text);
void phrase_quote_bytes(struct phrase *phrase, const char *bytes, size_t n);

/* The same without quotes, whole. */
void phrase_bytes(struct phrase *phrase, const char *bytes, size_t n);

/* The shortest decimal that reads as the same double. */
void phrase_real(struct phrase *phrase, double real);

/* integer * 10^exponent, exactly. */
void phrase_scaled(struct phrase *phrase, int64_t integer, int exponent);

/* A duration in the largest unit that is whole: "500 ms", "1 h". */
void phrase_duration(struct phrase *phrase, usec_t duration);

/* An item of `a, b or c`: call with the index of the item and how many there are. */
void phrase_item(struct phrase *phrase, size_t i, size_t n, const char *format, ...) PRINTF(4, 5);

#endif
