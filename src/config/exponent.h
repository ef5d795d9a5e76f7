/* Resolutions as exponents of ten. */
#ifndef CONFIG_EXPONENT_H
#define CONFIG_EXPONENT_H

#include <stdbool.h>

#include "config/node.h"

#define EXPONENT_MAX 12

/* The exponent of ten nearest to a value, -12 to 12; *ret_exact: whether the value is that power.
 */
int exponent_of(double value, bool *ret_exact);

/* The exponent nearest to a wanted one that the unit and quantity of a record group can express;
 * the wanted one where they do not say. */
int exponent_that_works(const struct node *record, int wanted);

#endif
