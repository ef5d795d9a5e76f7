/* Arrays of texts that end with NULL, such as the words of a command; inside config/ only. */
#ifndef CONFIG_STRINGS_H
#define CONFIG_STRINGS_H

#include <stdbool.h>

/* Accepts NULL. */
void strings_free(char **strings);

/* Whether both hold the same texts, or both are NULL. */
bool strings_equal(char *const *a, char *const *b);

#endif
