/* A line on a terminal's standard error that says how far something is. */
#ifndef CTL_PROGRESS_H
#define CTL_PROGRESS_H

#include "base/macros.h"

/* Shows a line in place of the one before, if standard error is a terminal. */
void progress_show(const char *format, ...) PRINTF(1, 2);

/* Takes the line away, for what is to be printed. */
void progress_erase(void);

#endif
