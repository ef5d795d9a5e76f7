#include "config/read.h"

#include <string.h>

#include "base/nearest.h"
#include "config/read_words.h"

void read_store(const struct schema_row *row, void *field, int64_t value)
{
    const uint64_t bits = (uint64_t)value;
    const uint32_t bits32 = (uint32_t)bits;
    const uint16_t bits16 = (uint16_t)bits;
    const uint8_t bits8 = (uint8_t)bits;

    if (!field)
        return;
    switch (row->size) {
    case 1:
        memcpy(field, &bits8, 1);
        break;
    case 2:
        memcpy(field, &bits16, 2);
        break;
    case 4:
        memcpy(field, &bits32, 4);
        break;
    case 8:
        memcpy(field, &bits, 8);
        break;
    default:
        break;
    }
}

void read_store_text(struct report *report, void *field, const char *text)
{
    char **slot = field;
    if (!slot)
        return;
    *slot = strdup(text);
    if (!*slot)
        report->no_memory = true;
}

void read_wrong_type(struct report *report, struct node *node, const struct schema_row *row)
{
    struct phrase found = { 0 }, allowed = { 0 };
    node_value_and_type(node, &found);
    schema_allowed(row, &allowed);
    report_error(report, node, "%s; %s", found.text, allowed.text);
}

static void not_whole(struct report *report, struct node *node, const struct schema_row *row)
{
    struct phrase found = { 0 }, allowed = { 0 };
    node_value(node, &found);
    schema_allowed(row, &allowed);
    report_error(report, node, "%s is not whole; %s", found.text, allowed.text);
}

void read_integer(struct report *report, struct node *node, const struct schema_row *row,
                  void *field)
{
    if (node->kind == NODE_REAL)
        not_whole(report, node, row);
    else if (node->kind != NODE_INTEGER)
        read_wrong_type(report, node, row);
    else if (node->integer < row->min || node->integer > row->max)
        report_error(report, node, "%lld is out of range; %lld to %lld", (long long)node->integer,
                     (long long)row->min, (long long)row->max);
    else
        read_store(row, field, node->integer);
}

static void read_number(struct report *report, struct node *node, const struct schema_row *row,
                        void *field)
{
    if (node->kind != NODE_INTEGER && node->kind != NODE_REAL) {
        read_wrong_type(report, node, row);
        return;
    }
    const struct number number = { node->kind == NODE_REAL, node->integer, node->real };
    if (field)
        memcpy(field, &number, sizeof(number));
}

static void read_real(struct report *report, struct node *node, const struct schema_row *row,
                      void *field)
{
    double real = node->kind == NODE_REAL ? node->real : (double)node->integer;
    if (node->kind != NODE_INTEGER && node->kind != NODE_REAL)
        read_wrong_type(report, node, row);
    else if (field)
        memcpy(field, &real, sizeof(real));
}

static void read_factor(struct report *report, struct node *node, const struct schema_row *row,
                        void *field)
{
    bool is_zero = node->kind == NODE_REAL ? !(node->real < 0 || node->real > 0)
                                           : node->kind == NODE_INTEGER && node->integer == 0;
    struct phrase allowed = { 0 };
    if (!is_zero) {
        read_real(report, node, row, field);
        return;
    }
    schema_allowed(row, &allowed);
    report_error(report, node, "0 is no factor; %s", allowed.text);
}

/* What a number of the text cannot be: said in place of any other check. */
static void report_literal(struct report *report, struct node *node)
{
    const char *text = node->literal->text;
    switch (node->literal->kind) {
    case LITERAL_NEEDS_LONG:
        report_error(report, node, "%s does not fit 32 bits; write %sL", text, text);
        break;
    case LITERAL_TOO_WIDE:
        report_error(report, node, "%s does not fit 64 bits", text);
        break;
    case LITERAL_LEADING_ZERO:
        report_error(report, node, "%s begins with a zero; a number without it, or a string", text);
        break;
    case LITERAL_NOT_FINITE:
        report_error(report, node, "%s is beyond what a real number can hold", text);
        break;
    }
}

static bool takes_numbers(const struct schema_row *row)
{
    return row->type == SCHEMA_INTEGER || row->type == SCHEMA_NUMBER || row->type == SCHEMA_REAL ||
           row->type == SCHEMA_FACTOR || row->type == SCHEMA_RESOLUTION ||
           row->type == SCHEMA_DURATION || row->type == SCHEMA_RATE || row->type == SCHEMA_MEDIUM ||
           row->type == SCHEMA_VALUE;
}

void read_setting(struct report *report, struct node *node, const struct schema_row *row,
                  void *field)
{
    static const read_fn readers[] = {
        [SCHEMA_INTEGER] = read_integer,
        [SCHEMA_BOOL] = read_bool,
        [SCHEMA_NUMBER] = read_number,
        [SCHEMA_REAL] = read_real,
        [SCHEMA_FACTOR] = read_factor,
        [SCHEMA_RESOLUTION] = read_resolution,
        [SCHEMA_DURATION] = read_duration,
        [SCHEMA_WORD] = read_word,
        [SCHEMA_RATE] = read_rate,
        [SCHEMA_FLAGS] = read_flags,
        [SCHEMA_NAME] = read_name,
        [SCHEMA_NAMES] = read_name_list,
        [SCHEMA_HEX] = read_hex,
        [SCHEMA_PATH] = read_path,
        [SCHEMA_PATTERN] = read_pattern,
        [SCHEMA_ARGV] = read_argv,
        [SCHEMA_ZONE] = read_zone,
        [SCHEMA_BUS_NAME] = read_bus_name,
        [SCHEMA_LINE] = read_line,
        [SCHEMA_CHIP] = read_chip,
        [SCHEMA_DEVICE] = read_device,
        [SCHEMA_ID] = read_id,
        [SCHEMA_MANUFACTURER] = read_manufacturer,
        [SCHEMA_MEDIUM] = read_medium,
        [SCHEMA_UNIT] = read_unit,
        [SCHEMA_QUANTITY] = read_quantity,
        [SCHEMA_DATA_TYPE] = read_data_type,
        [SCHEMA_VALUE] = read_value,
        [SCHEMA_MODIFIERS] = read_modifiers,
    };
    if (node->literal && takes_numbers(row))
        report_literal(report, node);
    else if (row->type < ARRAY_SIZE(readers) && readers[row->type])
        readers[row->type](report, node, row, row->size > 0 ? field : NULL);
}

/* The default of an array of words: its words, with commas between. */
static int64_t fallback_flags(const struct schema_row *row)
{
    int64_t flags = 0;
    for (const char *p = row->fallback; *p != '\0'; p += strspn(p, ", ")) {
        size_t n = strcspn(p, ", ");
        for (size_t i = 0; i < row->n_words; i++)
            if (strlen(row->words[i].name) == n && strncmp(row->words[i].name, p, n) == 0)
                flags |= row->words[i].value;
        p += n;
    }
    return flags;
}

static void read_fallback(struct report *report, const struct schema_row *row, void *field)
{
    if (row->type == SCHEMA_FLAGS) {
        read_store(row, field, fallback_flags(row));
        return;
    }
    struct node fallback = node_from_text(row->name, row->fallback, takes_numbers(row));
    read_setting(report, &fallback, row, field);
}

static void report_unknown(struct report *report, struct node *node, enum schema_group id)
{
    struct nearest nearest = { .wanted = node->name };
    struct phrase known = { 0 };

    for (size_t i = 0; i < n_schema_rows; i++) {
        const struct schema_row *row = &schema_rows[i];
        if (row->group != id)
            continue;
        nearest_offer(&nearest, row->name);
        if (row->type != SCHEMA_LATER)
            phrase_add(&known, "%s%s", known.n > 0 ? ", " : "", row->name);
    }
    const char *hint = nearest_result(&nearest);
    if (hint) {
        report_error(report, node, "unknown setting; did you mean \"%s\"?", hint);
        return;
    }
    report_error(report, node, "unknown setting; known here: %s", known.text);
}

static void check_names(struct report *report, const struct node *group, enum schema_group id)
{
    for (size_t i = 0; i < group->n_children; i++) {
        struct node *child = &group->children[i];
        const struct schema_row *row = schema_find(id, child->name);
        if (!row)
            report_unknown(report, child, id);
        else if (row->type == SCHEMA_LATER)
            report_error(report, child, "not in this version");
    }
}

void read_group(struct report *report, struct node *group, enum schema_group id, void *target)
{
    check_names(report, group, id);
    for (size_t i = 0; i < n_schema_rows; i++) {
        const struct schema_row *row = &schema_rows[i];
        if (row->group != id)
            continue;
        void *field = target ? (char *)target + row->offset : NULL;
        struct node *node = node_child(group, row->name);
        struct node *member = node_member(group, row->name);
        if (node && node != member)
            read_setting(report, node, row, NULL);
        if (member)
            read_setting(report, member, row, field);
        else if (row->fallback)
            read_fallback(report, row, field);
    }
}

bool read_is_good(const struct node *group, const char *name)
{
    const struct node *node = node_member(group, name);
    return !node || !node->is_bad;
}
