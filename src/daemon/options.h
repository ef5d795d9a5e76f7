/* The command line. */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include <stdbool.h>

#include "config/config.h"

/* Exit status of the program; 78 is EX_CONFIG of sysexits.h. */
#define EXIT_STOPPED 0
#define EXIT_FAILED 1
#define EXIT_USAGE 2
#define EXIT_CONFIG 78

struct options {
    const char *config; /* NULL: the default file */
    struct config_overrides overrides;
    const char *forget; /* a meter, or NULL */
    bool check;
    bool verbose;
};

/* Parses the arguments; prints what --help and --version ask for. Returns -1 to go on, else the
 * exit status. */
int options_parse(int argc, char *argv[], struct options *ret);

#endif
