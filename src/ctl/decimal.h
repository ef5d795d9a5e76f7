/* Scaled numbers as exact decimals: 2850427 counts of 10^-2 are 28504.27, not a double near it. */
#ifndef CTL_DECIMAL_H
#define CTL_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

#include "mbus/value_decode.h"
#include "mbus/vif.h"

/* digits * 10^exponent; digits is decimal, without leading zeros, "0" for zero. */
struct decimal {
    bool negative;
    char digits[48];
    int exponent;
};

/* The number that a value holds, in counts of 10^exponent; VIF_FRACTION counts in 2^-12, bits count
 * nothing and are their word. A real
 * becomes the shortest decimal that reads back as the same real. False for what holds none. */
bool decimal_of(const struct decoded_value *value, enum vif_type type, int exponent,
                struct decimal *ret);

/* Adds 10^exponent. A sum of more digits than a decimal holds, of a huge and a tiny number, stays
 * as it was. */
void decimal_add_power(struct decimal *decimal, int exponent);

#define DECIMAL_TEXT_MAX 128U

/* Writes it into DECIMAL_TEXT_MAX bytes: in full, trailing zeros kept; "1.5e-42" where that would
 * be long. JSON takes either. Returns the length. */
size_t decimal_text(const struct decimal *decimal, char *ret);

#endif
