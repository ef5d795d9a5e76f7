#include "ctl/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/nearest.h"
#include "ctl/ctl.h"

#define OPTIONS_MAX 15U
#define FIRST 256

static int unknown(const char *command, const char *written, int c,
                   const struct ctl_option *options)
{
    struct nearest nearest = { .wanted = written + strspn(written, "-") };

    if (c == ':') {
        fprintf(stderr, "%s: needs a value\n", written);
    } else {
        fprintf(stderr, "%s: no such option", written);
        nearest_offer(&nearest, "help");
        for (const struct ctl_option *o = options; o->name; o++)
            nearest_offer(&nearest, o->name);
        if (nearest_result(&nearest))
            fprintf(stderr, "; did you mean --%s?", nearest_result(&nearest));
        fprintf(stderr, "\n");
    }
    fprintf(stderr, "mbus-slavectl %s --help lists the options.\n", command);
    return CTL_USAGE;
}

/* The table as getopt_long() wants it, --help in front. */
static void convert(const struct ctl_option *options, struct option *ret)
{
    size_t n = 0;

    ret[n++] = (struct option){ "help", no_argument, NULL, FIRST };
    for (const struct ctl_option *o = options; o->name && n < OPTIONS_MAX; o++, n++)
        ret[n] = (struct option){ o->name, o->text ? required_argument : no_argument, NULL,
                                  FIRST + (int)n };
    ret[n] = (struct option){ 0 };
}

static void take(const struct ctl_option *option)
{
    if (option->flag)
        *option->flag = true;
    if (option->text)
        *option->text = optarg;
}

/* `order`: how getopt_long() treats what is no option. */
static int parse(int argc, char *argv[], const struct ctl_option *options, const char *help,
                 const char *order, int *ret_status)
{
    struct option table[OPTIONS_MAX + 1];

    convert(options, table);
    optind = 0; /* begin anew, and behind argv[0] */
    opterr = 0;
    for (;;) {
        int c = getopt_long(argc, argv, order, table, NULL);

        if (c < 0)
            return optind;
        if (c == FIRST) {
            fputs(help, stdout);
            *ret_status = CTL_DONE;
            return -1;
        }
        if (c < FIRST) {
            char letter[3] = { '-', (char)optopt, '\0' };
            bool is_letter = c == '?' && optopt > 0 && optopt < FIRST;

            *ret_status = unknown(argv[0], is_letter ? letter : argv[optind - 1], c, options);
            return -1;
        }
        take(&options[c - FIRST - 1]);
    }
}

int ctl_options(int argc, char *argv[], const struct ctl_option *options, const char *help,
                int *ret_status)
{
    return parse(argc, argv, options, help, ":", ret_status);
}

int ctl_options_before(int argc, char *argv[], const struct ctl_option *options, const char *help,
                       int *ret_status)
{
    return parse(argc, argv, options, help, "+:", ret_status);
}
