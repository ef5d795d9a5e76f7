/* mbus-slavectl forget: drops what masters have set in a meter. */
#include <stdio.h>

#include "ctl/ctl.h"
#include "ctl/daemon_options.h"
#include "ctl/daemon_data.h"

static const char help[] =
    "mbus-slavectl forget [OPTION...] METER\n"
    "Drops what masters have set in a meter of the running mbus-slave: address, identification,\n"
    "clock, values and readout. It is again what the configuration says.\n"
    "\n"
    "  --json                 print an object: meter, forgotten\n"
    "  --instance NAME        the daemon whose configuration has control.name NAME\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 done, also when there was nothing, 1 there is no such meter, no permission, "
    "or\n"
    "mbus-slave is not running, 2 usage.\n";

static bool forget(struct daemon *d, const struct meter_entry *entry, void *userdata)
{
    const struct daemon_options *options = userdata;
    const char *meter = entry->name;
    sd_bus_message *reply = NULL;
    char path[DAEMON_NAME_MAX + 1];
    int was_there = 0, r;

    if (!daemon_path(meter, NULL, path) ||
        !daemon_call(d, path, DAEMON_METER, "Forget", NULL, &reply))
        return false;
    r = sd_bus_message_read(reply, "b", &was_there);
    sd_bus_message_unref(reply);
    if (r < 0)
        return daemon_misunderstood("Forget", r);
    if (options->json)
        printf("{\"meter\":\"%s\",\"forgotten\":%s}\n", meter, was_there ? "true" : "false");
    else if (was_there)
        printf("%s: what masters had set is forgotten\n", meter);
    else
        printf("%s: masters had set nothing\n", meter);
    return true;
}

int ctl_forget(int argc, char *argv[])
{
    struct daemon_options options;
    struct daemon daemon;
    int status = daemon_options_open(argc, argv, "the name of a meter", help, &options, &daemon);

    if (status >= 0)
        return status;
    return daemon_with_meter(&daemon, options.argument, forget, &options);
}
