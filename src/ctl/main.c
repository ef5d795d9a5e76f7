/* mbus-slavectl: finds the command and runs it. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/nearest.h"
#include "ctl/ctl.h"

static const struct ctl_command commands[] = {
    { CTL_DAEMON, "status", "", "how it is: ports, state, records in error", ctl_status },
    { CTL_DAEMON, "list", "", "list its meters", ctl_list },
    { CTL_DAEMON, "show", "METER", "what the records of a meter show, and why", ctl_show },
    { CTL_DAEMON, "set", "METER.RECORD VALUE", "give a value to a record", ctl_set },
    { CTL_DAEMON, "feed", "", "give values from standard input to records", ctl_feed },
    { CTL_DAEMON, "telegram", "METER", "the telegrams that a master would read now", ctl_telegram },
    { CTL_DAEMON, "monitor", "", "print each frame as it passes", ctl_monitor },
    { CTL_DAEMON, "forget", "METER", "drop what masters have set in a meter", ctl_forget },
    { CTL_TELEGRAMS, "decode", "[FILE...]", "say what telegrams mean", ctl_decode },
    { CTL_TELEGRAMS, "units", "", "list every unit, quantity and type", ctl_units },
    { CTL_MASTER, "read", "DEVICE ADDRESS", "ask a meter and say what it answers", ctl_read },
    { CTL_MASTER, "scan", "DEVICE", "list the meters of a bus", ctl_scan },
};

static const char *const topics[CTL_TOPICS] = {
    [CTL_DAEMON] = "About the running mbus-slave:",
    [CTL_TELEGRAMS] = "About telegrams:",
    [CTL_MASTER] = "As a small master:",
};

static void print_topic(enum ctl_topic topic)
{
    puts(topics[topic]);
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        char usage[64];

        if (commands[i].topic != topic)
            continue;
        (void)snprintf(usage, sizeof(usage), "%s %s", commands[i].name, commands[i].arguments);
        printf("  %-25s %s\n", usage, commands[i].summary);
    }
    putchar('\n');
}

static void print_help(void)
{
    puts("mbus-slavectl COMMAND [OPTION...]\n"
         "Talks to mbus-slave, looks into M-Bus telegrams, and asks meters for them.\n");
    for (unsigned i = 0; i < CTL_TOPICS; i++)
        print_topic((enum ctl_topic)i);
    puts("  --version                 print the version and end\n"
         "  --help                    print this and end; COMMAND --help says more about one\n"
         "\n"
         "Exit status: 0 done, 1 what was asked about is wrong or absent, 2 usage.");
}

static int unknown(const char *written)
{
    bool is_option = written[0] == '-';
    struct nearest nearest = { .wanted = is_option ? written + strspn(written, "-") : written };
    const char *best;

    if (is_option) {
        nearest_offer(&nearest, "help");
        nearest_offer(&nearest, "version");
    } else {
        for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
            nearest_offer(&nearest, commands[i].name);
    }
    best = nearest_result(&nearest);
    fprintf(stderr, "%s: no such %s", written, is_option ? "option" : "command");
    if (best)
        fprintf(stderr, "; did you mean %s%s?", is_option ? "--" : "", best);
    fprintf(stderr, "\nmbus-slavectl --help lists the commands.\n");
    return CTL_USAGE;
}

/* What was printed has to have arrived: a full disk is a failure. Where an earlier write has
 * failed, its errno is long gone; writing again may tell it. */
static int finish(int status)
{
    bool has_failed = ferror(stdout);

    errno = 0;
    if (fflush(stdout) == 0 && !has_failed)
        return status;
    fprintf(stderr, "standard output: %s\n", errno ? strerror(errno) : "not all could be written");
    return status == CTL_DONE ? CTL_FAILED : status;
}

int main(int argc, char *argv[])
{
    if (argc < 2) {
        fprintf(stderr, "a command is missing\nmbus-slavectl --help lists the commands.\n");
        return CTL_USAGE;
    }
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        if (strcmp(commands[i].name, argv[1]) == 0)
            return finish(commands[i].run(argc - 1, argv + 1));
    }
    if (strcmp(argv[1], "--help") == 0) {
        print_help();
        return finish(CTL_DONE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("mbus-slavectl " MBUS_SLAVE_VERSION);
        return finish(CTL_DONE);
    }
    return unknown(argv[1]);
}
