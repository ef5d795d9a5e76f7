/* Patterns that find a number in a text: POSIX extended regular expressions. */
#ifndef CONFIG_PATTERN_H
#define CONFIG_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* Characters of a pattern: the compiler of the C library goes as deep as there are brackets. */
#define PATTERN_MAX 500U
/* Repetitions as counts, all of a pattern multiplied: so many copies the compiler may make. */
#define PATTERN_COPIES_MAX 1000U

/* Whether a text is a pattern that can be compiled and used in short time; `why` (of n bytes) is
 * set when it is not, as what stands behind the text in a sentence. */
bool pattern_check(const char *text, char *why, size_t n);

#endif
