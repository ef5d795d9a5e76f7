/* mbus-slavectl units: what the tables hold, so that nobody has to look into them. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/options.h"
#include "ctl/shown.h"
#include "mbus/data_type.h"
#include "mbus/vib_decode.h"
#include "mbus/vif.h"
#include "mbus/vife.h"

static const char help[] = "mbus-slavectl units [OPTION...]\n"
                           "Lists what a record of mbus-slave.conf can be: every quantity with the "
                           "units it is counted in,\n"
                           "every type and every modifier. `mbus-slavectl decode` uses the same "
                           "names.\n"
                           "\n"
                           "  --json                 the same as an object\n"
                           "  --help                 print this and end\n";

static const char *const meanings[] = {
    [VIF_NUMBER] = "number",
    [VIF_UNSIGNED] = "unsigned number",
    [VIF_LABEL] = "unsigned number, or text",
    [VIF_BITS] = "bits",
    [VIF_FRACTION] = "number of 2^-12",
    [VIF_DATE] = "date",
    [VIF_DATETIME] = "date and time",
    [VIF_TIME_POINT] = "date, or date and time",
    [VIF_MANUFACTURER] = "three letters",
    [VIF_MEDIUM] = "medium",
    [VIF_IDENTIFICATION] = "unsigned number, or text",
    [VIF_OPAQUE] = "the manufacturer's",
    [VIF_CONTAINER] = "bytes",
    [VIF_RULE] = "bytes",
};

/* Whether row `i` is the first of its quantity. */
static bool is_first(size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (strcmp(vif_families[j].quantity, vif_families[i].quantity) == 0)
            return false;
    }
    return true;
}

static bool is_counted_in(const char *quantity, enum vif_base base)
{
    for (size_t i = 0; i < n_vif_families; i++) {
        if (vif_families[i].base == base && strcmp(vif_families[i].quantity, quantity) == 0)
            return true;
    }
    return false;
}

static void write_units(const char *quantity, const char *quote, const char *between)
{
    const char *before = "";

    for (size_t i = 0; i < n_vif_units; i++) {
        if (!is_counted_in(quantity, vif_units[i].base))
            continue;
        printf("%s%s%s%s", before, quote, vif_units[i].name, quote);
        before = between;
    }
}

static void print_codes(const struct vif_family *f)
{
    static const char *const prefixes[] = {
        [VIF_TABLE_PRIMARY] = "",
        [VIF_TABLE_FB] = "FB ",
        [VIF_TABLE_FD_FD] = "FD FD ",
        [VIF_TABLE_FD] = "FD ",
    };

    printf("%s%02X", prefixes[f->table], f->first);
    if (f->n > 1)
        printf("..%02X", f->first + f->n - 1);
}

/* Every code of a quantity: "00..07 FB 00..01". */
static void print_all_codes(const char *quantity)
{
    const char *before = "";

    for (size_t i = 0; i < n_vif_families; i++) {
        if (strcmp(vif_families[i].quantity, quantity) != 0)
            continue;
        fputs(before, stdout);
        print_codes(&vif_families[i]);
        before = ", ";
    }
}

/* A modifier of either table; false where a code is reserved. */
static bool modifier_at(size_t i, const char **ret_name, char ret_code[static 8])
{
    bool is_second = i >= VIFE_CODES;
    const struct vife_row *row = is_second ? &vife_second_rows[i - VIFE_CODES] : &vife_rows[i];

    (void)snprintf(ret_code, 8, "%s%02zX", is_second ? "FC " : "", i % VIFE_CODES);
    *ret_name = row->name;
    return vife_is_chosen(row);
}

static void print_table(void)
{
    const char *name;
    char code[8];

    puts("Quantities, the data behind them, their units and codes:");
    for (size_t i = 0; i < n_vif_families; i++) {
        const struct vif_family *f = &vif_families[i];

        if (!is_first(i))
            continue;
        printf("  %-28s %-30s ", f->quantity, meanings[f->type]);
        write_units(f->quantity, "", " ");
        if (f->first == VIF_TEXT && f->table == VIF_TABLE_PRIMARY)
            fputs("any text ", stdout);
        printf("%s(", f->base == VIF_BASE_NONE || f->base == VIF_BASE_HCA ? "" : " ");
        print_all_codes(f->quantity);
        puts(")");
    }
    printf("  %-28s %-30s %s\n", VIF_PULSE_WEIGHT, "number",
           "any unit of one quantity (its code, and 28 behind it)");
    puts("\nTypes:");
    for (size_t i = 0; i < n_data_types; i++)
        printf("  %-28s %s\n", data_types[i].name, data_types[i].meaning);
    puts("\nModifiers and their codes:");
    for (size_t i = 0; i < 2 * (size_t)VIFE_CODES; i++) {
        if (modifier_at(i, &name, code))
            printf("  %-40s %s\n", name, code);
    }
}

static void print_json(void)
{
    const char *before = "", *name;
    char code[8];

    fputs("{\"quantities\":[", stdout);
    for (size_t i = 0; i < n_vif_families; i++) {
        if (!is_first(i))
            continue;
        printf("%s\n{\"name\":\"%s\",\"units\":[", before, vif_families[i].quantity);
        write_units(vif_families[i].quantity, "\"", ",");
        fputs("]}", stdout);
        before = ",";
    }
    fputs(",\n{\"name\":\"" VIF_PULSE_WEIGHT "\",\"units\":[]}],\n\"types\":[", stdout);
    for (size_t i = 0; i < n_data_types; i++)
        printf("%s\"%s\"", i > 0 ? "," : "", data_types[i].name);
    fputs("],\n\"modifiers\":[", stdout);
    before = "";
    for (size_t i = 0; i < 2 * (size_t)VIFE_CODES; i++) {
        if (!modifier_at(i, &name, code))
            continue;
        printf("%s\n{\"name\":\"%s\",\"vife\":\"%s\"}", before, name, code);
        before = ",";
    }
    puts("]}");
}

int ctl_units(int argc, char *argv[])
{
    bool json = false;
    const struct ctl_option options[] = { { "json", &json, NULL }, { 0 } };
    int status, first = ctl_options(argc, argv, options, help, &status);

    if (first < 0)
        return status;
    if (first < argc) {
        fprintf(stderr, "%s: units takes no argument\n", argv[first]);
        return CTL_USAGE;
    }
    if (json)
        print_json();
    else
        print_table();
    return CTL_DONE;
}
