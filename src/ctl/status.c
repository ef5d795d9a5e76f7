/* mbus-slavectl status: how the daemon is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/daemon_data.h"
#include "ctl/daemon_json.h"
#include "ctl/daemon_options.h"
#include "ctl/table.h"
#include "ctl/utf8.h"

static const char help[] =
    "mbus-slavectl status [OPTION...]\n"
    "Says how the running mbus-slave is: its version, where it keeps its state, its ports with "
    "what\n"
    "went over them, and which records are in error and why.\n"
    "\n"
    "  --json                 an object; all records that are in error\n"
    "  --instance NAME        the daemon whose configuration has control.name NAME\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 it is running, whatever troubles it has, 1 it is not, 2 usage.\n";

/* So many records in error are named; the others are counted. */
#define NAMED_MAX 20U

static const struct table_column columns[] = {
    { "port", false },      { "kind", false },    { "state", false },   { "baud", true },
    { "meters", true },     { "requests", true }, { "answers", true },  { "late", true },
    { "bad frames", true }, { "foreign", true },  { "trouble", false }, { 0 },
};

/* ---- what is asked for ----------------------------------------------------------------------- */

/* What the daemon says about itself; the texts are owned. */
struct status {
    char *version, *directory, *trouble;
};

static bool ask(struct daemon *d, struct status *ret)
{
    return (ret->version = daemon_text(d, "Version")) != NULL &&
           (ret->directory = daemon_text(d, "StateDirectory")) != NULL &&
           (ret->trouble = daemon_text(d, "StateTrouble")) != NULL;
}

static void status_done(struct status *status)
{
    free(status->version);
    free(status->directory);
    free(status->trouble);
}

/* Takes up a record that is in error, number `n` of them from 0. */
typedef void (*error_fn)(const char *meter, const struct record_entry *record, unsigned n);

static bool walk_records(struct daemon *d, const char *meter, error_fn take, unsigned *n)
{
    struct daemon_list list;
    struct record_entry record;

    if (!daemon_list_begin(d, "ListRecords", meter, &list))
        return false;
    while (daemon_next_record(&list, &record)) {
        if (*record.error)
            take(meter, &record, (*n)++);
    }
    return daemon_list_end(&list);
}

struct totals {
    unsigned meters, with_errors, errors;
};

/* Calls for each record that is in error, in all meters. */
static bool walk_errors(struct daemon *d, error_fn take, struct totals *ret)
{
    struct daemon_list list;
    struct meter_entry meter;
    bool ok = true;

    *ret = (struct totals){ 0 };
    if (!daemon_list_begin(d, "ListMeters", NULL, &list))
        return false;
    while (ok && daemon_next_meter(&list, &meter)) {
        ret->meters++;
        ret->with_errors += meter.errors > 0;
        if (meter.errors > 0)
            ok = walk_records(d, meter.name, take, &ret->errors);
    }
    return daemon_list_end(&list) && ok;
}

/* ---- for people ------------------------------------------------------------------------------ */

static void print_state(const struct status *status, const struct colours *colours)
{
    bool is_kept = *status->directory != '\0', is_fine = *status->trouble == '\0';

    printf("%smbus-slave %s is running%s\n", colours->title, status->version, colours->off);
    fputs("State:  ", stdout);
    if (!is_kept && is_fine)
        fputs("nothing is kept", stdout);
    (void)utf8_write(stdout, TEXT_PLAIN, status->directory);
    if (!is_fine) {
        printf("%s%s", is_kept ? ", " : "", colours->wrong);
        (void)utf8_write(stdout, TEXT_PLAIN, status->trouble);
        fputs(colours->off, stdout);
    }
    fputc('\n', stdout);
}

static void add_port(struct table *t, const struct port_entry *p)
{
    table_row(t, !p->is_open || *p->trouble);
    table_cell(t, "%s", p->device);
    table_cell(t, "%s", p->kind);
    table_cell(t, "%s", p->is_open ? "open" : "closed");
    if (p->baud > 0)
        table_cell(t, "%u", p->baud);
    else
        table_cell(t, "%s", "");
    table_cell(t, "%u", p->meters);
    table_cell(t, "%llu", (unsigned long long)p->requests);
    table_cell(t, "%llu", (unsigned long long)p->answers);
    table_cell(t, "%llu", (unsigned long long)p->late);
    table_cell(t, "%llu", (unsigned long long)p->bad_frames);
    table_cell(t, "%llu", (unsigned long long)p->foreign);
    table_cell(t, "%s", p->trouble);
}

static bool print_ports(struct daemon *d, const struct colours *colours)
{
    struct table table = { .columns = columns };
    struct daemon_list list;
    struct port_entry port;
    bool ok;

    if (!daemon_list_begin(d, "ListPorts", NULL, &list))
        return false;
    while (daemon_next_port(&list, &port))
        add_port(&table, &port);
    printf("Ports:  %zu\n", table.n_rows);
    ok = table_write(&table, stdout, 2, colours);
    table_done(&table);
    return daemon_list_end(&list) && ok;
}

static void count_error(const char *meter, const struct record_entry *record, unsigned n)
{
    (void)meter;
    (void)record;
    (void)n;
}

static void print_error(const char *meter, const struct record_entry *record, unsigned n)
{
    const struct colours *colours = colours_of(STDOUT_FILENO);

    if (n >= NAMED_MAX)
        return;
    printf("  %s%s.%s: %s", colours->wrong, meter, record->name, record->error);
    if (*record->trouble) {
        fputs(": ", stdout);
        (void)utf8_write(stdout, TEXT_PLAIN, record->trouble);
    }
    printf("%s\n", colours->off);
}

static bool print_meters(struct daemon *d, const struct colours *colours)
{
    struct totals totals, named;

    if (!walk_errors(d, count_error, &totals))
        return false;
    printf("Meters: %u, ", totals.meters);
    if (totals.errors == 0) {
        printf("%sall records are good%s\n", colours->good, colours->off);
        return true;
    }
    printf("%s%u with records in error%s\n", colours->wrong, totals.with_errors, colours->off);
    if (!walk_errors(d, print_error, &named))
        return false;
    if (named.errors > NAMED_MAX)
        printf("  and %u more\n", named.errors - NAMED_MAX);
    return true;
}

/* ---- for programs ---------------------------------------------------------------------------- */

static bool print_ports_json(struct daemon *d)
{
    struct daemon_list list;
    struct port_entry port;
    const char *between = "\n";

    if (!daemon_list_begin(d, "ListPorts", NULL, &list))
        return false;
    fputs(",\"ports\":[", stdout);
    while (daemon_next_port(&list, &port)) {
        printf("%s{", between);
        daemon_json_port(stdout, &port);
        fputc('}', stdout);
        between = ",\n";
    }
    fputs("\n]", stdout);
    return daemon_list_end(&list);
}

static void print_error_json(const char *meter, const struct record_entry *record, unsigned n)
{
    printf("%s{\"meter\":\"%s\",\"record\":\"%s\",", n > 0 ? ",\n" : "\n", meter, record->name);
    daemon_json_optional(stdout, "error", record->error);
    fputc(',', stdout);
    daemon_json_optional(stdout, "trouble", record->trouble);
    fputc('}', stdout);
}

static bool print_json(struct daemon *d, const struct status *status)
{
    struct totals totals;

    fputs("{\"version\":", stdout);
    utf8_write_json(stdout, status->version);
    fputc(',', stdout);
    daemon_json_optional(stdout, "state_directory", status->directory);
    fputc(',', stdout);
    daemon_json_optional(stdout, "state_trouble", status->trouble);
    if (!print_ports_json(d))
        return false;
    fputs(",\"errors\":[", stdout);
    if (!walk_errors(d, print_error_json, &totals))
        return false;
    printf("\n],\"meters\":%u,\"meters_with_errors\":%u}\n", totals.meters, totals.with_errors);
    return true;
}

int ctl_status(int argc, char *argv[])
{
    const struct colours *colours = colours_of(STDOUT_FILENO);
    struct daemon_options options;
    struct daemon daemon;
    struct status answer = { 0 };
    int status = daemon_options_open(argc, argv, NULL, help, &options, &daemon);
    bool ok;

    if (status >= 0)
        return status;
    ok = ask(&daemon, &answer);
    if (ok && options.json)
        ok = print_json(&daemon, &answer);
    else if (ok) {
        print_state(&answer, colours);
        ok = print_ports(&daemon, colours) && print_meters(&daemon, colours);
    }
    status_done(&answer);
    daemon_close(&daemon);
    return ok ? CTL_DONE : CTL_FAILED;
}
