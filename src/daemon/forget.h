/* --forget METER: drops what masters have set of a meter, and ends. */
#ifndef DAEMON_FORGET_H
#define DAEMON_FORGET_H

#include "config/config.h"

/* Says on standard output or standard error what became of it. An exit status (options.h). */
int forget_run(const struct config *config, const char *meter);

#endif
