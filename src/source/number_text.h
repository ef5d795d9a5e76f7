/* A number as programs read it. */
#ifndef SOURCE_NUMBER_TEXT_H
#define SOURCE_NUMBER_TEXT_H

#include <stdbool.h>

#include "meter/quantity.h"

#define NUMBER_TEXT_MAX 64U

/*
 * The shortest decimal that reads as the same number: "12", "-0.25"; without an exponent where a
 * shell would not know one, that is for 1e-9 up to 1e21. `is_single`: the number was a real32 on
 * the wire, so that its "0.1" is not 0.10000000149011612.
 */
void number_text(const struct number *number, bool is_single, char ret[static NUMBER_TEXT_MAX]);

#endif
