/* Readers for what names a device and a meter. */
#include <string.h>

#include "base/nearest.h"
#include "config/device.h"
#include "config/read_words.h"
#include "mbus/ident.h"

void read_device(struct report *report, struct node *node, const struct schema_row *row,
                 void *field)
{
    struct device device;
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    if (read_refuses_controls(report, node))
        return;
    const char *problem = device_parse(node->string, &device);
    if (problem) {
        struct phrase found = { 0 };
        node_value(node, &found);
        if (strncmp(node->string, "tty", 3) == 0)
            report_error(report, node, "%s is no device; did you mean \"/dev/%.60s\"?", found.text,
                         node->string);
        else
            report_error(report, node, "%s %s", found.text, problem);
        return;
    }
    read_store_text(report, field, node->string);
}

/* A digit of an identification number, -1 if it is none. */
static int id_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void read_id(struct report *report, struct node *node, const struct schema_row *row, void *field)
{
    struct phrase found = { 0 };
    uint32_t id = 0;
    bool has_letter = false;

    node_value(node, &found);
    if (node->kind == NODE_INTEGER) {
        report_error(report, node, "%s is a number; put it in quotes: \"%s\"", found.text,
                     found.text);
        return;
    }
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    size_t n = strlen(node->string);
    for (size_t i = 0; i < n && n <= 8; i++) {
        int digit = id_digit(node->string[i]);
        if (digit == 0xF) {
            report_error(report, node, "%s holds an F, the wildcard of selections; digits 0 to 9",
                         found.text);
            return;
        }
        if (digit < 0)
            n = 0;
        has_letter = has_letter || digit > 9;
        id = id << 4 | (uint32_t)digit;
    }
    if (n < 1 || n > 8) {
        report_error(report, node, "%s is no identification number; 1 to 8 digits", found.text);
        return;
    }
    if (has_letter)
        report_warning(report, node, "%s holds a letter; masters expect digits 0 to 9", found.text);
    read_store(row, field, id);
}

void read_manufacturer(struct report *report, struct node *node, const struct schema_row *row,
                       void *field)
{
    struct phrase found = { 0 };
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    int code = ident_manufacturer(node->string);
    if (code >= 0) {
        read_store(row, field, code);
        return;
    }
    char capitals[4] = { 0 };
    strncpy(capitals, node->string, 3);
    for (char *c = capitals; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    node_value(node, &found);
    if (strlen(node->string) == 3 && ident_manufacturer(capitals) >= 0)
        report_error(report, node, "%s is not in capitals; write \"%s\"", found.text, capitals);
    else
        report_error(report, node, "%s is no manufacturer; three letters A to Z", found.text);
}

void read_medium(struct report *report, struct node *node, const struct schema_row *row,
                 void *field)
{
    if (node->kind == NODE_INTEGER) {
        read_integer(report, node, row, field);
        return;
    }
    if (node->kind != NODE_STRING) {
        read_wrong_type(report, node, row);
        return;
    }
    int code = medium_find(node->string);
    if (code >= 0) {
        read_store(row, field, code);
        return;
    }
    struct nearest nearest = { .wanted = node->string };
    struct phrase found = { 0 };
    for (size_t i = 0; i < n_media; i++)
        nearest_offer(&nearest, media[i].name);
    const char *hint = nearest_result(&nearest);
    node_value(node, &found);
    if (hint)
        report_error(report, node, "%s is no known medium; did you mean \"%s\"?", found.text, hint);
    else
        report_error(report, node, "%s is no known medium; a name such as \"water\", or 0 to 254",
                     found.text);
}
