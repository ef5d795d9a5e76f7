/* Readers for what live values come from. */
#include <stdlib.h>
#include <string.h>

#include "config/pattern.h"
#include "config/read_words.h"
#include "config/strings.h"
#include "config/zone.h"

/* Of the longest name on the bus (255) less than what the daemon puts in front. */
#define BUS_NAME_MAX 64U

void read_pattern(struct report *report, struct node *node, const struct schema_row *row,
                  void *field)
{
    struct phrase found = { 0 };
    char why[256];
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    if (node->string[0] == '\0') {
        report_error(report, node, "\"\" finds nothing; leave the setting out for the whole text");
        return;
    }
    if (pattern_check(node->string, why, sizeof(why))) {
        read_store_text(report, field, node->string);
        return;
    }
    node_value(node, &found);
    report_error(report, node, "%s %s", found.text, why);
}

/* A program is never looked for in a path: what runs is what is written. */
static void check_program(struct report *report, struct node *node)
{
    struct phrase found = { 0 };
    if (read_refuses_controls(report, node) || node->string[0] == '/')
        return;
    node_value(node, &found);
    report_error(report, node, "%s does not begin with \"/\"; a whole path", found.text);
}

static bool check_argv(struct report *report, struct node *node)
{
    bool good = true;
    if (node->n_children == 0)
        report_error(report, node, "an empty array; a program, and its arguments");
    for (size_t i = 0; i < node->n_children; i++) {
        struct node *element = &node->children[i];
        struct phrase found = { 0 };
        if (element->kind == NODE_STRING && i == 0) {
            check_program(report, element);
        } else if (element->kind != NODE_STRING) {
            node_value_and_type(element, &found);
            report_error(report, element, "%s; a text in quotes", found.text);
        }
        good = good && !element->is_bad;
    }
    return good && node->n_children > 0;
}

void read_argv(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    if (node->kind != NODE_ARRAY && node->kind != NODE_LIST) {
        read_wrong_type(report, node, row);
        return;
    }
    if (!check_argv(report, node)) {
        node->is_bad = true;
        return;
    }
    if (!field)
        return;
    char **argv = calloc(node->n_children + 1, sizeof(*argv));
    for (size_t i = 0; argv && i < node->n_children; i++) {
        argv[i] = strdup(node->children[i].string);
        if (!argv[i])
            strings_free(TAKE_PTR(argv));
    }
    report->no_memory = report->no_memory || !argv;
    memcpy(field, &argv, sizeof(char **));
}

void read_zone(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    struct phrase found = { 0 }, allowed = { 0 };
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    if (zone_exists(node->string)) {
        read_store_text(report, field, node->string);
        return;
    }
    node_value(node, &found);
    schema_allowed(row, &allowed);
    report_error(report, node, "%s is no time zone of this system; %s", found.text, allowed.text);
}

void read_bus_name(struct report *report, struct node *node, const struct schema_row *row,
                   void *field)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    struct phrase found = { 0 }, takes = { 0 };
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    const char *name = node->string;
    size_t n = strlen(name);
    bool begins = name[0] != '\0' && (name[0] < '0' || name[0] > '9');
    node_value(node, &found);
    schema_allowed(row, &takes);
    if (!begins || strspn(name, allowed) != n)
        report_error(report, node, "%s is no name on D-Bus; %s", found.text, takes.text);
    else if (n > BUS_NAME_MAX)
        report_error(report, node, "%zu characters; %u at most", n, BUS_NAME_MAX);
    else
        read_store_text(report, field, name);
}
