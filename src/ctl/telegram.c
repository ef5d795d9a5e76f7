/* mbus-slavectl telegram: what a master would read from a meter of the daemon now. */
#include <stdio.h>

#include "ctl/ctl.h"
#include "ctl/daemon_data.h"
#include "ctl/daemon_options.h"
#include "ctl/options.h"
#include "ctl/show.h"

static const char help[] =
    "mbus-slavectl telegram [OPTION...] METER\n"
    "Prints the telegrams that a master would read now from a meter of the running mbus-slave: in\n"
    "hex, and what they mean. It does not count as an access.\n"
    "\n"
    "  --json                 an array of telegrams, as decode has them\n"
    "  --hex                  the bytes alone\n"
    "  --instance NAME        the daemon whose configuration has control.name NAME\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 done, 1 there is no such meter or mbus-slave is not running, 2 usage.\n";

struct printing {
    const struct write_form *form; /* NULL: hex alone */
    bool is_table;                 /* hex in front of each */
    unsigned n;
    bool is_wrong; /* one cannot be decoded */
};

static void print_one(struct printing *p, const uint8_t *bytes, size_t n)
{
    struct found found = { .bytes = bytes, .n = n, .number = ++p->n };

    if (p->is_table && p->n > 1)
        fputc('\n', stdout);
    if (p->is_table || p->form == NULL) {
        text_write_hex(stdout, bytes, n, " ");
        fputc('\n', stdout);
    }
    if (p->form == NULL)
        return;
    show_examine(&found);
    p->form->telegram(stdout, &found);
    p->is_wrong = p->is_wrong || found.fault.reason != DECODE_GOOD;
}

/* An array of byte arrays. */
static bool print_all(sd_bus_message *reply, struct printing *p)
{
    const void *bytes;
    size_t n;
    int r = sd_bus_message_enter_container(reply, SD_BUS_TYPE_ARRAY, "ay");

    if (p->form)
        p->form->begin(stdout, 1);
    while (r > 0 && (r = sd_bus_message_read_array(reply, 'y', &bytes, &n)) > 0)
        print_one(p, bytes, n);
    if (p->form)
        p->form->end(stdout, 1);
    return r < 0 ? daemon_misunderstood("Telegram", r) : !p->is_wrong;
}

static bool print(struct daemon *d, const struct meter_entry *meter, void *userdata)
{
    sd_bus_message *reply = NULL;
    char path[DAEMON_NAME_MAX + 1];
    bool ok = daemon_path(meter->name, NULL, path) &&
              daemon_call(d, path, DAEMON_METER, "Telegram", NULL, &reply) &&
              print_all(reply, userdata);

    sd_bus_message_unref(reply);
    return ok;
}

int ctl_telegram(int argc, char *argv[])
{
    bool json = false, hex = false;
    const char *instance = NULL;
    const struct ctl_option options[] = {
        { "json", &json, NULL }, { "hex", &hex, NULL }, { "instance", NULL, &instance }, { 0 }
    };
    struct printing p = { 0 };
    struct daemon daemon;
    int status, first = ctl_options(argc, argv, options, help, &status);

    if (first < 0)
        return status;
    if (first + 1 != argc)
        return daemon_usage("telegram", "the name of one meter is needed");
    if (json && hex)
        return daemon_usage("telegram", "--json and --hex exclude each other");
    p.form = hex ? NULL : show_form(json, false, false);
    p.is_table = !json && !hex;
    status = daemon_open(&daemon, instance);
    if (status != CTL_DONE)
        return status;
    return daemon_with_meter(&daemon, argv[first], print, &p);
}
