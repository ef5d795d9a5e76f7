/* Durations as people write them: "500 ms", "10 s", "15 min", "1 h", "2 d". */
#ifndef CONFIG_DURATION_H
#define CONFIG_DURATION_H

#include <stdbool.h>

#include "base/timing.h"

/* False when the text is no duration, or beyond what usec_t can hold. */
bool duration_parse(const char *text, usec_t *ret);

#endif
