/* mbus-slavectl units: what the tables hold, so that nobody has to look into them. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "ctl/ctl.h"
#include "ctl/options.h"
#include "ctl/shown.h"
#include "mbus/vif.h"
#include "mbus/vife.h"

static const char help[] = "mbus-slavectl units [OPTION...]\n"
                           "Lists every quantity with the units it is counted in, every data type "
                           "and every modifier, by the\n"
                           "names of mbus-slave.conf and of `mbus-slavectl decode`.\n"
                           "\n"
                           "  --json                 the same as an object\n"
                           "  --help                 print this and end\n";

/* The data fields by the names of the configuration (mbus-records 3.1, 12.3). */
static const struct {
    const char *name, *meaning;
} types[] = {
    { "int8", "integer of 8 bits" },
    { "int16", "integer of 16 bits" },
    { "int24", "integer of 24 bits" },
    { "int32", "integer of 32 bits" },
    { "int48", "integer of 48 bits" },
    { "int64", "integer of 64 bits" },
    { "bcd2", "2 decimal digits" },
    { "bcd4", "4 decimal digits" },
    { "bcd6", "6 decimal digits" },
    { "bcd8", "8 decimal digits" },
    { "bcd12", "12 decimal digits" },
    { "real32", "IEEE 754 single" },
    { "text", "up to 191 characters of ISO 8859-1" },
    { "binary", "bytes" },
    { "date", "date (type G)" },
    { "time", "time of day (type J)" },
    { "datetime", "date and time to the minute (type F)" },
    { "datetime_s", "date and time to the second (type I)" },
    { "none", "no data" },
};

static const char *const data_types[] = {
    [VIF_NUMBER] = "number",
    [VIF_UNSIGNED] = "unsigned number",
    [VIF_BITS] = "bits",
    [VIF_FRACTION] = "number of 2^-12",
    [VIF_DATE] = "date",
    [VIF_DATETIME] = "date and time",
    [VIF_TIME_POINT] = "date, or date and time",
    [VIF_MANUFACTURER] = "three letters",
    [VIF_MEDIUM] = "medium",
    [VIF_IDENTIFICATION] = "number, or secondary address",
    [VIF_OPAQUE] = "the manufacturer's",
    [VIF_CONTAINER] = "bytes",
};

static size_t n_families(void)
{
    return n_vif_families + n_vif_other_families;
}

static const struct vif_family *family_at(size_t i)
{
    return i < n_vif_families ? &vif_families[i] : &vif_other_families[i - n_vif_families];
}

static const struct vif_unit *unit_at(size_t i)
{
    return i < n_vif_units ? &vif_units[i] : &vif_retired_units[i - n_vif_units];
}

/* Whether row `i` is the first of its quantity. */
static bool is_first(size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (strcmp(family_at(j)->quantity, family_at(i)->quantity) == 0)
            return false;
    }
    return true;
}

static bool is_counted_in(const char *quantity, enum vif_base base)
{
    for (size_t i = 0; i < n_families(); i++) {
        if (family_at(i)->base == base && strcmp(family_at(i)->quantity, quantity) == 0)
            return true;
    }
    return false;
}

static void write_units(const char *quantity, const char *quote, const char *between)
{
    const char *before = "";

    for (size_t i = 0; i < n_vif_units + n_vif_retired_units; i++) {
        if (!is_counted_in(quantity, unit_at(i)->base))
            continue;
        printf("%s%s%s%s", before, quote, unit_at(i)->name, quote);
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

    for (size_t i = 0; i < n_families(); i++) {
        if (strcmp(family_at(i)->quantity, quantity) != 0)
            continue;
        fputs(before, stdout);
        print_codes(family_at(i));
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
    return row->name != NULL && row->effect != VIFE_SECOND_TABLE;
}

static void print_table(void)
{
    const char *name;
    char code[8];

    puts("Quantities, the data behind them (or a text), their units and codes:");
    for (size_t i = 0; i < n_families(); i++) {
        const struct vif_family *f = family_at(i);

        if (!is_first(i))
            continue;
        printf("  %-28s %-30s ", f->quantity, data_types[f->type]);
        write_units(f->quantity, "", " ");
        printf("%s(", f->base == VIF_BASE_NONE || f->base == VIF_BASE_HCA ? "" : " ");
        print_all_codes(f->quantity);
        puts(")");
    }
    printf("  %-28s %-30s (7C)\n", "custom", "number");
    puts("\nTypes:");
    for (size_t i = 0; i < ARRAY_SIZE(types); i++)
        printf("  %-28s %s\n", types[i].name, types[i].meaning);
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
    for (size_t i = 0; i < n_families(); i++) {
        if (!is_first(i))
            continue;
        printf("%s\n{\"name\":\"%s\",\"units\":[", before, family_at(i)->quantity);
        write_units(family_at(i)->quantity, "\"", ",");
        fputs("]}", stdout);
        before = ",";
    }
    fputs(",\n{\"name\":\"custom\",\"units\":[]}],\n\"types\":[", stdout);
    for (size_t i = 0; i < ARRAY_SIZE(types); i++)
        printf("%s\"%s\"", i > 0 ? "," : "", types[i].name);
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
