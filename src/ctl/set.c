/* mbus-slavectl set: a value for a record, or values for several at once. */
#include <stdio.h>
#include <string.h>

#include "ctl/colour.h"
#include "ctl/ctl.h"
#include "ctl/daemon_data.h"
#include "ctl/daemon_options.h"
#include "ctl/feed_line.h"
#include "ctl/options.h"
#include "meter/number.h"

static const char help[] =
    "mbus-slavectl set [OPTION...] METER.RECORD VALUE\n"
    "mbus-slavectl set [OPTION...] METER.RECORD=VALUE...\n"
    "Gives a value to a record of the running mbus-slave whose source is \"pushed\", in the unit "
    "of "
    "the\n"
    "record; several at once, or none of them where one is refused. Options stand in front.\n"
    "\n"
    "  --instance NAME        the daemon whose configuration has control.name NAME\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 done, 1 there is no such record, it takes no value, it cannot carry this one, "
    "no\n"
    "permission, or mbus-slave is not running, 2 usage.\n";

#define PAIRS_MAX 1000

struct pair {
    const char *name; /* METER.RECORD or METER/RECORD, of so many bytes */
    size_t n;
    const char *value;
    struct number number;
};

/* Checks a pair; false when it was said what is wrong. */
static bool take_pair(struct pair *pair)
{
    int n = (int)pair->n;

    if (feed_name_parse(pair->name, pair->n) == 0) {
        complain("%.*s: METER.RECORD is needed", n, pair->name);
        return false;
    }
    switch (number_parse(pair->value, strlen(pair->value), &pair->number)) {
    case NUMBER_OK:
        return true;
    case NUMBER_EMPTY:
    case NUMBER_NONE:
    case NUMBER_TOO_LONG:
        complain("%.*s: \"%s\" is no number", n, pair->name, pair->value);
        break;
    case NUMBER_TOO_LARGE:
        complain("%.*s: \"%s\" is larger than any number", n, pair->name, pair->value);
        break;
    }
    return false;
}

/* NAME VALUE, or each NAME=VALUE. CTL_DONE, or what to end with. */
static int take_arguments(int n, char *argv[], struct pair *pairs, size_t *ret_n)
{
    if (n == 2 && strchr(argv[0], '=') == NULL) {
        pairs[0] = (struct pair){ .name = argv[0], .n = strlen(argv[0]), .value = argv[1] };
        *ret_n = 1;
        return take_pair(&pairs[0]) ? CTL_DONE : CTL_USAGE;
    }
    if (n < 1 || n > PAIRS_MAX)
        return daemon_usage("set", n < 1 ? "METER.RECORD and a value are needed"
                                         : "more than 1000 values: feed takes them");
    for (int i = 0; i < n; i++) {
        const char *sign = strchr(argv[i], '=');

        if (sign == NULL)
            return daemon_usage("set",
                                "METER.RECORD and one value, or METER.RECORD=VALUE for each");
        pairs[i] = (struct pair){ argv[i], (size_t)(sign - argv[i]), sign + 1, { 0 } };
        if (!take_pair(&pairs[i]))
            return CTL_USAGE;
    }
    *ret_n = (size_t)n;
    return CTL_DONE;
}

/* The meter and the record apart, in `ret`. */
static void split(const struct pair *pair, char ret[static FEED_NAME_MAX + 1], char **ret_record)
{
    size_t meter = feed_name_parse(pair->name, pair->n);

    (void)snprintf(ret, FEED_NAME_MAX + 1, "%.*s", (int)pair->n, pair->name);
    ret[meter] = '\0';
    *ret_record = ret + meter + 1;
}

static bool send_pairs(struct daemon *d, const struct pair *pairs, size_t n)
{
    sd_bus_message *m = NULL;
    char name[FEED_NAME_MAX + 1];
    int r = daemon_settings_begin(d, &m);

    for (size_t i = 0; r >= 0 && i < n; i++) {
        (void)snprintf(name, sizeof(name), "%.*s", (int)pairs[i].n, pairs[i].name);
        r = daemon_settings_append(m, name, &pairs[i].number);
    }
    if (r >= 0)
        r = daemon_settings_end(m);
    if (r < 0)
        m = sd_bus_message_unref(m);
    return daemon_send(d, m, NULL);
}

/* A value that its record cannot carry was taken, and is shown as the error that it is. */
static bool check_pair(struct daemon *d, const struct pair *pair)
{
    sd_bus_message *reply = NULL;
    struct daemon_value value;
    const char *error = "";
    char names[FEED_NAME_MAX + 1], path[DAEMON_NAME_MAX + 1], *record;
    int r;

    split(pair, names, &record);
    if (!daemon_path(names, record, path)) {
        complain("%s.%s: there is no such record", names, record);
        return false;
    }
    if (!daemon_call(d, path, DAEMON_RECORD, "Get", NULL, &reply))
        return false;
    r = daemon_read_value(reply, &value);
    if (r >= 0)
        r = sd_bus_message_read(reply, "s", &error);
    if (r < 0)
        (void)daemon_misunderstood("Get", r);
    else if (*error)
        complain("%s.%s: cannot show %s: %s", names, record, pair->value, error);
    r = r < 0 || *error ? -1 : 0;
    sd_bus_message_unref(reply);
    return r == 0;
}

int ctl_set(int argc, char *argv[])
{
    const char *instance = NULL;
    const struct ctl_option options[] = { { "instance", NULL, &instance }, { 0 } };
    static struct pair pairs[PAIRS_MAX];
    struct daemon daemon;
    size_t n = 0;
    int status, first = ctl_options_before(argc, argv, options, help, &status);
    bool ok;

    if (first < 0)
        return status;
    status = take_arguments(argc - first, argv + first, pairs, &n);
    if (status != CTL_DONE)
        return status;
    status = daemon_open(&daemon, instance);
    if (status != CTL_DONE)
        return status;
    ok = send_pairs(&daemon, pairs, n);
    for (size_t i = 0; ok && i < n; i++)
        status = check_pair(&daemon, &pairs[i]) ? status : CTL_FAILED;
    daemon_close(&daemon);
    return ok ? status : CTL_FAILED;
}
