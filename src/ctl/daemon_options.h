/* The options and arguments of the commands that ask the daemon. */
#ifndef CTL_DAEMON_OPTIONS_H
#define CTL_DAEMON_OPTIONS_H

#include <stdbool.h>

#include "ctl/daemon.h"

struct daemon_options {
    const char *instance; /* NULL: the one without a name */
    bool json;
    const char *argument; /* NULL where the command takes none */
};

/*
 * Parses the options --json and --instance and the one argument that `what` names ("a meter"; NULL:
 * none is taken), then connects. -1 when `d` is open, for daemon_close() to end; else the exit
 * status.
 */
int daemon_options_open(int argc, char *argv[], const char *what, const char *help,
                        struct daemon_options *ret, struct daemon *d);

/* One line and where to read on. Returns CTL_USAGE. */
int daemon_usage(const char *command, const char *text);

#endif
