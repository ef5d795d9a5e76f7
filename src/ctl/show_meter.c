/* mbus-slavectl show: a meter of the daemon and what its records show now. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/daemon_data.h"
#include "ctl/daemon_json.h"
#include "ctl/daemon_options.h"
#include "ctl/table.h"
#include "ctl/utf8.h"

static const char help[] =
    "mbus-slavectl show [OPTION...] METER\n"
    "Shows a meter of the running mbus-slave and its records: where each value comes from, what a\n"
    "master reads now, how old that is, and what is wrong with it.\n"
    "\n"
    "  --json                 an object\n"
    "  --instance NAME        the daemon whose configuration has control.name NAME\n"
    "  --help                 print this and end\n"
    "\n"
    "Exit status: 0 done, 1 there is no such meter or mbus-slave is not running, 2 usage.\n";

static const struct table_column columns[] = {
    { "record", false }, { "source", false }, { "quantity", false }, { "value", true },
    { "unit", false },   { "age", true },     { "notes", false },    { 0 },
};

/* Whole units, the largest that it is more than two of. */
static void print_age(uint64_t age, char ret[static 32])
{
    uint64_t seconds = age / 1000000;

    if (age == UINT64_MAX)
        ret[0] = '\0';
    else if (seconds < 120)
        (void)snprintf(ret, 32, "%llu s", (unsigned long long)seconds);
    else if (seconds < 7200)
        (void)snprintf(ret, 32, "%llu min", (unsigned long long)seconds / 60);
    else
        (void)snprintf(ret, 32, "%llu h", (unsigned long long)seconds / 3600);
}

static void note(char *notes, size_t size, const char *text)
{
    size_t n = strlen(notes);

    if (*text)
        (void)snprintf(notes + n, size - n, "%s%s", n > 0 ? ", " : "", text);
}

static void fill_notes(const struct record_entry *entry, const struct decoded_record *record,
                       const struct shown *shown, char *ret, size_t size)
{
    char text[64] = "";

    ret[0] = '\0';
    if (record && record->dib.function != DIF_INSTANTANEOUS && record->dib.function != DIF_ERROR)
        note(ret, size, shown->function);
    if (record && record->dib.storage > 0)
        (void)snprintf(text, sizeof(text), "storage %llu", (unsigned long long)record->dib.storage);
    note(ret, size, text);
    text[0] = '\0';
    if (record && record->dib.tariff > 0)
        (void)snprintf(text, sizeof(text), "tariff %u", record->dib.tariff);
    note(ret, size, text);
    text[0] = '\0';
    if (record && record->dib.subunit > 0)
        (void)snprintf(text, sizeof(text), "subunit %u", record->dib.subunit);
    note(ret, size, text);
    note(ret, size, shown->is_summer ? "summer time" : "");
    note(ret, size, entry->is_writable ? "writable" : "");
    note(ret, size, shown->error ? shown->error : "");
    note(ret, size, entry->trouble);
}

static void add_row(struct table *t, const struct record_entry *entry)
{
    struct decoded_record record;
    struct shown shown;
    struct label value = { 0 };
    bool is_record = daemon_record_shown(entry, &record, &shown);
    char age[32], notes[512];

    print_age(entry->age, age);
    fill_notes(entry, is_record ? &record : NULL, &shown, notes, sizeof(notes));
    if (is_record)
        shown_cell(&record, &shown, &value);
    else if (shown.kind == SHOWN_NOTHING)
        label_print(&value, "-");
    else
        value = shown.value;
    table_row(t, shown.error != NULL || *entry->trouble);
    table_cell(t, "%s", entry->name);
    table_cell(t, "%s", entry->kind);
    table_cell(t, "%s", shown.quantity);
    table_cell_label(t, &value);
    table_cell_label(t, &shown.unit);
    table_cell(t, "%s", age);
    table_cell(t, "%s", notes);
}

static bool print_records(struct daemon_list *list)
{
    struct table table = { .columns = columns };
    struct record_entry record;
    bool ok;

    while (daemon_next_record(list, &record))
        add_row(&table, &record);
    ok = table_write(&table, stdout, 2, colours_of(STDOUT_FILENO));
    table_done(&table);
    return ok;
}

static void print_identity(const struct meter_entry *m)
{
    const struct colours *colours = colours_of(STDOUT_FILENO);

    printf("%s%s: address %u, %s %s version %u, ", colours->title, m->name, m->address, m->id,
           m->manufacturer, m->version);
    (void)utf8_write(stdout, TEXT_PLAIN, m->medium);
    printf(", access number %u, status %02X%s\n", m->access, m->status, colours->off);
    if (m->is_mute)
        printf("  %sis silent: a record of it is too old%s\n", colours->wrong, colours->off);
}

static void print_json(const struct meter_entry *meter, struct daemon_list *list)
{
    struct record_entry record;
    const char *between = "\n";

    fputc('{', stdout);
    daemon_json_meter(stdout, meter);
    fputs(",\"records\":[", stdout);
    while (daemon_next_record(list, &record)) {
        printf("%s{", between);
        daemon_json_record(stdout, &record);
        fputc('}', stdout);
        between = ",\n";
    }
    fputs("\n]}\n", stdout);
}

static bool show(struct daemon *d, const struct meter_entry *meter, void *userdata)
{
    const struct daemon_options *options = userdata;
    struct daemon_list list;
    bool ok = true;

    if (!daemon_list_begin(d, "ListRecords", meter->name, &list))
        return false;
    if (options->json) {
        print_json(meter, &list);
    } else {
        print_identity(meter);
        ok = print_records(&list);
    }
    return daemon_list_end(&list) && ok;
}

int ctl_show(int argc, char *argv[])
{
    struct daemon_options options;
    struct daemon daemon;
    int status = daemon_options_open(argc, argv, "the name of a meter", help, &options, &daemon);

    if (status >= 0)
        return status;
    return daemon_with_meter(&daemon, options.argument, show, &options);
}
