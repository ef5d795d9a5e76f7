/* The options of a command: long ones, with the nearest name for what is misspelt. */
#ifndef CTL_OPTIONS_H
#define CTL_OPTIONS_H

#include <stdbool.h>

/* An option; { 0 } ends a table. */
struct ctl_option {
    const char *name;  /* without the dashes */
    bool *flag;        /* set when it is given; or */
    const char **text; /* takes the value that it then must have */
};

/*
 * Parses the options of argv (argv[0] is the command), which may stand anywhere, and moves what is
 * no option behind them. `--help` prints `help`. Returns the index of the first argument that is no
 * option, or, with an exit status in `ret_status`, -1.
 */
int ctl_options(int argc, char *argv[], const struct ctl_option *options, const char *help,
                int *ret_status);

/* The same where options stand before all else, so that what follows may begin with a dash: -5. */
int ctl_options_before(int argc, char *argv[], const struct ctl_option *options, const char *help,
                       int *ret_status);

#endif
