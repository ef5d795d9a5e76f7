/* Readers for what names a line of a GPIO chip, and for switches. */
#include <string.h>

#include "config/read_words.h"

/* The kernel's GPIO_MAX_NAME_SIZE, without its zero. A path may be longer. */
#define LINE_NAME_MAX 31U
#define CHIP_PATH_MAX 255U

void read_bool(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    if (node->kind != NODE_BOOL)
        read_wrong_type(report, node, row);
    else
        read_store(row, field, node->integer);
}

static void read_text(struct report *report, struct node *node, const struct schema_row *row,
                      void *field, const char *noun, size_t longest)
{
    struct phrase found = { 0 }, allowed = { 0 };
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    if (read_refuses_controls(report, node))
        return;
    size_t n = strlen(node->string);
    if (n > 0 && n <= longest) {
        read_store_text(report, field, node->string);
        return;
    }
    node_value(node, &found);
    schema_allowed(row, &allowed);
    report_error(report, node, "%s is no %s; %s", found.text, noun, allowed.text);
}

void read_line(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    read_text(report, node, row, field, "line", LINE_NAME_MAX);
}

void read_chip(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    bool is_path = node->kind == NODE_STRING && node->string[0] == '/';
    read_text(report, node, row, field, "chip", is_path ? CHIP_PATH_MAX : LINE_NAME_MAX);
}
