/* Numbers as people and programs write them, and nothing that only looks like one. */
#ifndef CTL_NUMBER_H
#define CTL_NUMBER_H

#include <stddef.h>

#include "meter/quantity.h"

enum number_verdict {
    NUMBER_GOOD,
    NUMBER_NONE,       /* text, hex, "nan", "inf", "1,5", blanks */
    NUMBER_NOT_FINITE, /* 1e999 */
};

/* Reads `n` bytes, all of them, as a decimal: "-12", "0.5", ".5", "1e3". Whole where it is written
 * without point and exponent and fits 64 bits, else real. */
enum number_verdict number_read(const char *text, size_t n, struct number *ret);

#endif
