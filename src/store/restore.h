/* A meter or a port takes on what was kept of it: what a master has set, as far as the
 * configuration of today lets it (a setting whose configured value has changed since is the
 * file's), counters, and numbers of records that are what they were. */
#ifndef STORE_RESTORE_H
#define STORE_RESTORE_H

#include "store/lines.h"
#include "store/notice.h"

/* `meter->now` must be as its definition says; `tell` may be NULL. */
void restore_meter(struct line_range all, struct meter *meter, state_tell *tell, void *userdata);

/* The rate of a port: the one that a master has set, else `configured` (0: auto). */
unsigned restore_rate(struct line_range all, const char *device, unsigned configured,
                      state_tell *tell, void *userdata);

#endif
