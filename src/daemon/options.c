#include "daemon/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/nearest.h"

enum {
    OPTION_CONFIG = 256,
    OPTION_DEVICE,
    OPTION_BAUD,
    OPTION_ADDR,
    OPTION_ID,
    OPTION_MANUF,
    OPTION_CHECK,
    OPTION_FORGET,
    OPTION_VERBOSE,
    OPTION_VERSION,
    OPTION_HELP,
    OPTION_LATER,
};

static const struct option options[] = {
    { "config", required_argument, NULL, OPTION_CONFIG },
    { "device", required_argument, NULL, OPTION_DEVICE },
    { "baud", required_argument, NULL, OPTION_BAUD },
    { "addr", required_argument, NULL, OPTION_ADDR },
    { "id", required_argument, NULL, OPTION_ID },
    { "manuf", required_argument, NULL, OPTION_MANUF },
    { "check", no_argument, NULL, OPTION_CHECK },
    { "forget", required_argument, NULL, OPTION_FORGET },
    { "verbose", no_argument, NULL, OPTION_VERBOSE },
    { "version", no_argument, NULL, OPTION_VERSION },
    { "help", no_argument, NULL, OPTION_HELP },
    /* Promised, and refused until they are there. */
    { "doctor", no_argument, NULL, OPTION_LATER },
    { "line-test", no_argument, NULL, OPTION_LATER },
    { "safe-lines", no_argument, NULL, OPTION_LATER },
    { 0 },
};

static const char help[] =
    "mbus-slave [OPTION...]\n"
    "Answers an M-Bus master as a meter that " CONFIG_DEFAULT_FILE " describes.\n"
    "\n"
    "  --config FILE   read this file instead of " CONFIG_DEFAULT_FILE "\n"
    "  --check         print what is wrong with the configuration, or one line for each\n"
    "                  port and meter, and end\n"
    "  --forget METER  drop what masters have set of a meter: addresses, clock, values;\n"
    "                  the daemon must not be running\n"
    "  --verbose       log every frame\n"
    "  --version       print the version and end\n"
    "  --help          print this and end\n"
    "\n"
    "In place of the settings of the first port and the first meter:\n"
    "  --device D      /dev/ttyAMA0, pty, tcp:PORT, tcp:ADDRESS:PORT\n"
    "  --baud N        300 600 1200 2400 4800 9600 19200 38400, or auto\n"
    "  --addr N        primary address, 0 to 250\n"
    "  --id ID         identification number, 1 to 8 digits\n"
    "  --manuf ABC     manufacturer, three letters\n"
    "\n"
    "Exit status: 0 stopped, 1 failed while running, 2 unknown option, 78 configuration.\n";

static int usage_error(void)
{
    fprintf(stderr, "mbus-slave --help lists the options.\n");
    return EXIT_USAGE;
}

/* getopt_long() has put the option that it does not know, or that misses its argument, there. */
static int unknown_option(const char *written, int c)
{
    struct nearest nearest = { .wanted = written };

    if (c == ':') {
        fprintf(stderr, "%s: needs a value\n", written);
        return usage_error();
    }
    fprintf(stderr, "%s: no such option", written);
    if (strncmp(written, "--", 2) == 0) {
        nearest.wanted += 2;
        for (const struct option *o = options; o->name != NULL; o++)
            nearest_offer(&nearest, o->name);
        if (nearest_result(&nearest) != NULL)
            fprintf(stderr, "; did you mean --%s?", nearest_result(&nearest));
    }
    fprintf(stderr, "\n");
    return usage_error();
}

static int take(int c, const char *written, struct options *ret)
{
    switch (c) {
    case OPTION_CONFIG:
        ret->config = optarg;
        return -1;
    case OPTION_DEVICE:
        ret->overrides.device = optarg;
        return -1;
    case OPTION_BAUD:
        ret->overrides.baud = optarg;
        return -1;
    case OPTION_ADDR:
        ret->overrides.addr = optarg;
        return -1;
    case OPTION_ID:
        ret->overrides.id = optarg;
        return -1;
    case OPTION_MANUF:
        ret->overrides.manuf = optarg;
        return -1;
    case OPTION_CHECK:
        ret->check = true;
        return -1;
    case OPTION_FORGET:
        ret->forget = optarg;
        return -1;
    case OPTION_VERBOSE:
        ret->verbose = true;
        return -1;
    case OPTION_VERSION:
        puts("mbus-slave " MBUS_SLAVE_VERSION);
        return EXIT_STOPPED;
    case OPTION_HELP:
        fputs(help, stdout);
        return EXIT_STOPPED;
    case OPTION_LATER:
        fprintf(stderr, "%s: not in this version\n", written);
        return EXIT_USAGE;
    default:
        return unknown_option(written, c);
    }
}

int options_parse(int argc, char *argv[], struct options *ret)
{
    *ret = (struct options){ 0 };
    opterr = 0;
    for (;;) {
        int at = optind;
        int c = getopt_long(argc, argv, "+:", options, NULL);
        int status;

        if (c < 0)
            break;
        status = take(c, argv[at], ret);
        if (status >= 0)
            return status;
    }
    if (optind < argc) {
        fprintf(stderr, "%s: arguments without an option are not understood\n", argv[optind]);
        return usage_error();
    }
    return -1;
}
