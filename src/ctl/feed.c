/* mbus-slavectl feed: values of many records from standard input. */
#include <stdio.h>

#include "ctl/ctl.h"
#include "ctl/daemon.h"
#include "ctl/feed_run.h"
#include "ctl/options.h"

static const char help[] =
    "mbus-slavectl feed [OPTION...]\n"
    "Gives the values that come on standard input to records whose source is \"pushed\": lines\n"
    "METER.RECORD VALUE or METER/RECORD VALUE, as mosquitto_sub -v prints them. Blank lines and "
    "those\n"
    "that begin with # are skipped. A line that is wrong is reported and changes nothing.\n"
    "\n"
    "  --strip PREFIX         take PREFIX off the names, as \"home/\" off home/heat/power\n"
    "  --instance NAME        the daemon whose configuration has control.name NAME\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 all values were taken, 1 some were not, 2 usage.\n";

int ctl_feed(int argc, char *argv[])
{
    const char *prefix = NULL, *instance = NULL;
    const struct ctl_option options[] = { { "strip", NULL, &prefix },
                                          { "instance", NULL, &instance },
                                          { 0 } };
    int status, first = ctl_options(argc, argv, options, help, &status);
    struct daemon daemon;

    if (first < 0)
        return status;
    if (first < argc) {
        fprintf(stderr,
                "%s: feed takes no argument: values come on standard input\nmbus-slavectl feed "
                "--help says how it is used.\n",
                argv[first]);
        return CTL_USAGE;
    }
    status = daemon_open(&daemon, instance);
    if (status != CTL_DONE)
        return status;
    status = feed_run(&daemon, prefix);
    daemon_close(&daemon);
    return status;
}
