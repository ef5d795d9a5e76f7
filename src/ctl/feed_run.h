/* `feed` at work: lines in, calls to the daemon out, over its restarts. */
#ifndef CTL_FEED_RUN_H
#define CTL_FEED_RUN_H

#include "ctl/daemon.h"

/* Feeds what standard input has until its end or a signal; `d` is open. Returns the exit status. */
int feed_run(struct daemon *d, const char *prefix);

#endif
