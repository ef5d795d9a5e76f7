/* Readers for words of the schema, durations, names and paths. */
#include "config/read_words.h"

#include <string.h>

#include "base/nearest.h"
#include "config/duration.h"
#include "config/hex.h"

static void out_of_range(struct report *report, struct node *node, const struct schema_row *row)
{
    struct phrase found = { 0 }, range = { 0 };
    node_value(node, &found);
    phrase_duration(&range, (usec_t)row->min);
    phrase_add(&range, " to ");
    phrase_duration(&range, (usec_t)row->max);
    report_error(report, node, "%s%s is out of range; %s", found.text,
                 node->kind == NODE_INTEGER ? " s" : "", range.text);
}

void read_duration(struct report *report, struct node *node, const struct schema_row *row,
                   void *field)
{
    usec_t duration = 0;
    if (node->kind == NODE_INTEGER) {
        /* Negative seconds, and those beyond every range, are out of it. */
        if (node->integer < 0 || node->integer > row->max / (int64_t)USEC_PER_SEC)
            duration = USEC_NEVER;
        else
            duration = (usec_t)node->integer * USEC_PER_SEC;
    } else if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    } else if (!duration_parse(node->string, &duration)) {
        struct phrase found = { 0 };
        node_value(node, &found);
        report_error(report, node, "%s is no duration; a whole number and ms, s, min, h or d",
                     found.text);
        return;
    }
    if (duration < (usec_t)row->min || duration > (usec_t)row->max)
        out_of_range(report, node, row);
    else
        read_store(row, field, (int64_t)duration);
}

/* A text that is none of the words of the row. */
void read_not_allowed(struct report *report, struct node *node, const struct nearest *nearest,
                      const struct phrase *allowed)
{
    struct phrase found = { 0 };
    const char *hint = nearest_result(nearest);

    node_value(node, &found);
    if (hint)
        report_error(report, node, "%s is not allowed; did you mean \"%s\"?", found.text, hint);
    else
        report_error(report, node, "%s is not allowed; %s", found.text, allowed->text);
}

static void not_a_word(struct report *report, struct node *node, const struct schema_row *row)
{
    struct nearest nearest = { .wanted = node->string };
    struct phrase allowed = { 0 };

    for (size_t i = 0; i < row->n_words; i++)
        nearest_offer(&nearest, row->words[i].name);
    schema_words(row, &allowed);
    read_not_allowed(report, node, &nearest, &allowed);
}

/* The word that a text is; NULL and a report when it is none, or not yet. */
static const struct schema_word *find_word(struct report *report, struct node *node,
                                           const struct schema_row *row)
{
    const struct schema_word *word = schema_word_find(row, node->string);
    if (!word) {
        not_a_word(report, node, row);
        return NULL;
    }
    if (word->later) {
        report_error(report, node, "\"%s\" is not in this version", word->name);
        return NULL;
    }
    return word;
}

void read_word(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    const struct schema_word *word = find_word(report, node, row);
    if (word)
        read_store(row, field, word->value);
}

void read_rate(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    struct phrase found = { 0 }, allowed = { 0 };
    const struct schema_word *word =
        node->kind == NODE_STRING ? schema_word_find(row, node->string) : NULL;

    if (word && word->value == 0) {
        read_store(row, field, 0);
        return;
    }
    if (node->kind != NODE_INTEGER) {
        read_wrong_type(report, node, row);
        return;
    }
    for (size_t i = 0; i < row->n_words && node->integer != 0; i++) {
        if (row->words[i].value == node->integer) {
            read_store(row, field, node->integer);
            return;
        }
    }
    node_value(node, &found);
    schema_allowed(row, &allowed);
    report_error(report, node, "%s is no baud rate; %s", found.text, allowed.text);
}

/* A word more than one of those that share bits. */
static void report_exclusive(struct report *report, struct node *element,
                             const struct schema_row *row)
{
    struct phrase words = { 0 };
    size_t n = 0, shown = 0;
    for (size_t i = 0; i < row->n_words; i++)
        n += (row->words[i].value & row->exclusive) != 0;
    for (size_t i = 0; i < row->n_words; i++) {
        if (!(row->words[i].value & row->exclusive))
            continue;
        phrase_add(&words, "%s\"%s\"",
                   shown == 0       ? ""
                   : shown + 1 == n ? " and "
                                    : ", ",
                   row->words[i].name);
        shown++;
    }
    report_error(report, element, "\"%s\" is one too many; at most one of %s", element->string,
                 words.text);
}

/* One flag of an array; returns the flags with it. */
static int64_t add_flag(struct report *report, struct node *element, const struct schema_row *row,
                        int64_t flags)
{
    if (element->kind != NODE_STRING) {
        struct phrase found = { 0 };
        node_value_and_type(element, &found);
        report_error(report, element, "%s; a word such as \"%s\"", found.text, row->words[0].name);
        return flags;
    }
    const struct schema_word *word = find_word(report, element, row);
    if (!word)
        return flags;
    if ((word->value & row->exclusive) && (flags & row->exclusive))
        report_exclusive(report, element, row);
    else if (flags & word->value)
        report_error(report, element, "\"%s\" is there a second time", word->name);
    return flags | word->value;
}

void read_flags(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    int64_t flags = 0;
    if (node->kind != NODE_ARRAY && node->kind != NODE_LIST) {
        read_wrong_type(report, node, row);
        return;
    }
    if (row->is_filled && node->n_children == 0)
        report_error(report, node, "an empty array; one word at least, or leave the setting out");
    for (size_t i = 0; i < node->n_children; i++)
        flags = add_flag(report, &node->children[i], row, flags);
    read_store(row, field, flags);
}

void read_name(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    const char *name = node->string;
    if (name[0] < 'a' || name[0] > 'z' ||
        name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0') {
        struct phrase found = { 0 }, allowed = { 0 };
        node_value(node, &found);
        schema_allowed(row, &allowed);
        report_error(report, node, "%s is no name; %s", found.text, allowed.text);
        return;
    }
    read_store_text(report, field, name);
}

void read_name_list(struct report *report, struct node *node, const struct schema_row *row,
                    void *field)
{
    (void)field; /* whoever knows the names makes something of them */
    if (node->kind != NODE_ARRAY && node->kind != NODE_LIST) {
        read_wrong_type(report, node, row);
        return;
    }
    if (node->n_children == 0)
        report_error(report, node, "an empty array; one name at least, or leave the setting out");
    for (size_t i = 0; i < node->n_children; i++) {
        struct phrase found = { 0 };
        if (node->children[i].kind == NODE_STRING)
            continue;
        node_value_and_type(&node->children[i], &found);
        report_error(report, &node->children[i], "%s; a name in quotes", found.text);
    }
}

void read_hex(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    struct phrase found = { 0 }, allowed = { 0 };
    (void)field; /* two fields, the bytes and how many: whoever has them parses again */
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    int n = hex_parse(node->string, NULL);
    if (n > 0)
        return;
    node_value(node, &found);
    if (n == 0) {
        report_error(report, node, "%s holds no bytes; leave the setting out for none", found.text);
        return;
    }
    schema_allowed(row, &allowed);
    report_error(report, node, "%s is not hex; %s", found.text, allowed.text);
}

bool read_refuses_controls(struct report *report, struct node *node)
{
    struct phrase found = { 0 };
    const unsigned char *p = (const unsigned char *)node->string;
    while (*p >= 0x20 && *p != 0x7F)
        p++;
    if (*p == '\0')
        return false;
    node_value(node, &found);
    report_error(report, node, "%s holds a control character; printable ones alone", found.text);
    return true;
}

void read_path(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    if (node->kind != NODE_STRING)
        read_wrong_type(report, node, row);
    else if (node->string[0] == '\0')
        report_error(report, node, "\"\" is no path; leave the setting out for none");
    else if (!read_refuses_controls(report, node))
        read_store_text(report, field, node->string);
}
