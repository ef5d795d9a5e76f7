/* UTF-8 that comes from outside, for terminals and programs: no control character comes out as one.
 */
#ifndef CTL_UTF8_H
#define CTL_UTF8_H

#include <stdio.h>

#include "ctl/text.h"

/* Writes `text`; what is no UTF-8 comes out as \xFF to people, and as the replacement character to
 * programs. Returns how many columns it takes on a terminal; `out` NULL only counts. */
size_t utf8_write(FILE *out, enum text_form form, const char *text);

/* Writes it in quotes for JSON, or null where it is NULL. */
void utf8_write_json(FILE *out, const char *text);

#endif
