/* A number as a program or a person writes it. */
#ifndef METER_NUMBER_H
#define METER_NUMBER_H

#include <stddef.h>

#include "meter/quantity.h"

/* Characters that a number may have, zeros in front counted: the largest double, and more decimals
 * than any has. */
#define NUMBER_CHARACTERS_MAX 1100U

enum number_verdict {
    NUMBER_OK,
    NUMBER_EMPTY,     /* nothing but blanks */
    NUMBER_NONE,      /* no number, or something in front of it or behind it */
    NUMBER_TOO_LARGE, /* for a double */
    NUMBER_TOO_LONG,  /* more than NUMBER_CHARACTERS_MAX characters */
};

/*
 * Reads n bytes as one decimal number: a sign, digits with or without a point, an exponent, blanks
 * and line ends around it, and nothing else: no unit, hexadecimal, infinity or NaN. What has
 * neither point nor exponent and fits 64 bits is whole; all else is the nearest double.
 */
enum number_verdict number_parse(const char *text, size_t n, struct number *ret);

#endif
