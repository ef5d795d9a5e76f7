/* mbus-slavectl list: the meters that the daemon is. */
#include <stdio.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/daemon_data.h"
#include "ctl/daemon_json.h"
#include "ctl/daemon_options.h"
#include "ctl/table.h"

static const char help[] =
    "mbus-slavectl list [OPTION...]\n"
    "Lists the meters of the running mbus-slave: name, primary address, identification,\n"
    "manufacturer, version, medium, status byte, records in error, and answers that were sent.\n"
    "\n"
    "  --json                 an array of objects\n"
    "  --instance NAME        the daemon whose configuration has control.name NAME\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 done, 1 mbus-slave is not running, 2 usage.\n";

static const struct table_column columns[] = {
    { "meter", false },
    { "address", true },
    { "id", false },
    { "manufacturer", false },
    { "version", true },
    { "medium", false },
    { "status", false },
    { "errors", true },
    { "answers", true },
    { "", false },
    { 0 },
};

static void add_row(struct table *t, const struct meter_entry *m)
{
    table_row(t, m->errors > 0 || m->is_mute);
    table_cell(t, "%s", m->name);
    table_cell(t, "%u", m->address);
    table_cell(t, "%s", m->id);
    table_cell(t, "%s", m->manufacturer);
    table_cell(t, "%u", m->version);
    table_cell(t, "%s", m->medium);
    table_cell(t, "%02X", m->status);
    table_cell(t, "%u", m->errors);
    table_cell(t, "%llu", (unsigned long long)m->answers);
    table_cell(t, "%s", m->is_mute ? "silent" : "");
}

static bool print_table(struct daemon_list *list)
{
    struct table table = { .columns = columns };
    struct meter_entry meter;
    bool ok;

    while (daemon_next_meter(list, &meter))
        add_row(&table, &meter);
    ok = table_write(&table, stdout, 0, colours_of(STDOUT_FILENO));
    table_done(&table);
    return ok;
}

static void print_json(struct daemon_list *list)
{
    struct meter_entry meter;
    const char *between = "\n";

    fputc('[', stdout);
    while (daemon_next_meter(list, &meter)) {
        printf("%s{", between);
        daemon_json_meter(stdout, &meter);
        fputc('}', stdout);
        between = ",\n";
    }
    fputs("\n]\n", stdout);
}

int ctl_list(int argc, char *argv[])
{
    struct daemon_options options;
    struct daemon_list list;
    struct daemon daemon;
    int status = daemon_options_open(argc, argv, NULL, help, &options, &daemon);
    bool ok;

    if (status >= 0)
        return status;
    ok = daemon_list_begin(&daemon, "ListMeters", NULL, &list);
    if (ok) {
        if (options.json)
            print_json(&list);
        else
            ok = print_table(&list);
        ok = daemon_list_end(&list) && ok;
    }
    daemon_close(&daemon);
    return ok ? CTL_DONE : CTL_FAILED;
}
