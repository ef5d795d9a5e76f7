/* Text of a configuration as the characters of a telegram. */
#ifndef CONFIG_LATIN1_H
#define CONFIG_LATIN1_H

#include <stddef.h>
#include <stdint.h>

/*
 * UTF-8 as ISO 8859-1 (mbus-records 3.2). Returns how many characters there are, of which the first
 * `capacity` are stored; -1 when one is not in ISO 8859-1 or no UTF-8 at all, then `ret_bad` and
 * `ret_n_bad` say which bytes of the text.
 */
int latin1_of(const char *text, uint8_t *ret, size_t capacity, const char **ret_bad,
              size_t *ret_n_bad);

#endif
