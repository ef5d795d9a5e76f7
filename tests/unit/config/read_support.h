/* One setting through read_setting(), for the tests of its readers. */
#ifndef TESTS_CONFIG_READ_SUPPORT_H
#define TESTS_CONFIG_READ_SUPPORT_H

#include "tests/unit/config/support.h"

#include "config/read.h"

/* The message about one setting, without its place; empty when it is good. */
static inline const char *read_text(enum schema_group group, struct node *node, void *field)
{
    static char text[512];
    struct report report = { 0 };
    struct node root = { .kind = NODE_GROUP };
    text[0] = '\0';
    node->parent = &root;
    node->file = "f";
    read_setting(&report, node, schema_find(group, node->name), field);
    assert_int_equal(node->is_bad, report.n_errors > 0);
    if (report.n > 0) {
        const char *body = strstr(report.items[0].text, node->name);
        snprintf(text, sizeof(text), "%s", body + strlen(node->name) + 2);
    }
    report_done(&report);
    return text;
}

#endif
