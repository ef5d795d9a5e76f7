/* Prints the settings, words and defaults that the program knows, for names.sh to compare with the
 * manual and the sample file. One fact a line, tab between: "setting GROUP NAME [DEFAULT]", "word
 * GROUP NAME WORD". */
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "config/schema.h"
#include "mbus/data_type.h"
#include "mbus/ident.h"
#include "mbus/vif.h"

/* A group that is not named here prints as its number, which fits no page: name it. */
static const char *const groups[] = {
    [SCHEMA_TOP] = "top",         [SCHEMA_PORT] = "port",         [SCHEMA_METER] = "meter",
    [SCHEMA_RECORD] = "record",   [SCHEMA_WRITABLE] = "writable", [SCHEMA_FILE] = "file",
    [SCHEMA_COMMAND] = "command", [SCHEMA_PUSHED] = "pushed",     [SCHEMA_DERIVED] = "derived",
    [SCHEMA_CLOCK] = "clock",     [SCHEMA_INTERNAL] = "internal", [SCHEMA_STATE] = "state",
    [SCHEMA_CONTROL] = "control", [SCHEMA_LOG] = "log",           [SCHEMA_HAT] = "hat",
    [SCHEMA_HAT_LINE] = "line",
};

static void print_row(const struct schema_row *row)
{
    char group[16];

    (void)snprintf(group, sizeof(group), "%u", (unsigned)row->group);
    if (row->group < ARRAY_SIZE(groups) && groups[row->group] != NULL)
        (void)snprintf(group, sizeof(group), "%s", groups[row->group]);
    printf("setting\t%s\t%s\t%s\n", group, row->name, row->fallback != NULL ? row->fallback : "");
    for (size_t i = 0; i < row->n_words; i++)
        if (!row->words[i].later)
            printf("word\t%s\t%s\t%s\n", group, row->name, row->words[i].name);
}

int main(void)
{
    for (size_t i = 0; i < n_schema_rows; i++)
        if (schema_rows[i].type != SCHEMA_LATER)
            print_row(&schema_rows[i]);
    for (size_t i = 0; i < n_media; i++)
        printf("word\tmeter\tmedium\t%s\n", media[i].name);
    for (size_t i = 0; i < n_vif_units; i++)
        printf("word\trecord\tunit\t%s\n", vif_units[i].name);
    for (size_t i = 0; i < n_data_types; i++)
        printf("word\trecord\ttype\t%s\n", data_types[i].name);
    return 0;
}
