#include "ctl/daemon_options.h"

#include <stdio.h>

#include "ctl/ctl.h"
#include "ctl/options.h"

int daemon_usage(const char *command, const char *text)
{
    fprintf(stderr, "%s\nmbus-slavectl %s --help says how it is used.\n", text, command);
    return CTL_USAGE;
}

/* -1, or an exit status. */
static int take_argument(int argc, char *argv[], int first, const char *what,
                         struct daemon_options *ret)
{
    char text[160];

    if (what == NULL && first < argc)
        (void)snprintf(text, sizeof(text), "%s: %s takes no argument", argv[first], argv[0]);
    else if (what && first == argc)
        (void)snprintf(text, sizeof(text), "%s is needed", what);
    else if (what && first + 1 < argc)
        (void)snprintf(text, sizeof(text), "%s is all it takes", what);
    else {
        ret->argument = what ? argv[first] : NULL;
        return -1;
    }
    return daemon_usage(argv[0], text);
}

int daemon_options_open(int argc, char *argv[], const char *what, const char *help,
                        struct daemon_options *ret, struct daemon *d)
{
    const struct ctl_option options[] = { { "json", &ret->json, NULL },
                                          { "instance", NULL, &ret->instance },
                                          { 0 } };
    int status, first;

    *ret = (struct daemon_options){ 0 };
    first = ctl_options(argc, argv, options, help, &status);
    if (first < 0)
        return status;
    status = take_argument(argc, argv, first, what, ret);
    if (status >= 0)
        return status;
    status = daemon_open(d, ret->instance);
    return status == CTL_DONE ? -1 : status;
}
