/* What the commands that show telegrams share. */
#ifndef CTL_SHOW_H
#define CTL_SHOW_H

#include <stdbool.h>

#include "ctl/write.h"

/* The form that the options ask for: the table, with colours where somebody looks at it, when none
 * does. NULL when they exclude each other. */
const struct write_form *show_form(bool json, bool xml, bool hex);

/* Decodes the bytes of `found` and fills what says how far that went: the first thing that is
 * wrong, in the frame, its header or a record. */
void show_examine(struct found *found);

#endif
