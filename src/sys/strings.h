/* Lists of strings as programs get them: pointers, the last one NULL. */
#ifndef SYS_STRINGS_H
#define SYS_STRINGS_H

#include <stdlib.h>

/* A copy of list and strings in one block, for free(); NULL when out of memory. */
char **strings_copy(const char *const list[]);

static inline void strings_freep(char ***list)
{
    free((void *)*list);
}

#endif
