#include <string.h>

#include "config/build.h"
#include "config/read.h"

const char *hat_role_name(enum hat_role role)
{
    static const char *const names[HAT_ROLES] = {
        [HAT_ENABLE] = "enable",
        [HAT_ACTIVITY] = "activity",
        [HAT_TRANSMIT] = "transmit",
    };
    return names[role];
}

static void report_missing(struct report *report, struct node *group, const char *name,
                           const char *more)
{
    struct phrase allowed = { 0 };
    schema_allowed(schema_find(SCHEMA_HAT_LINE, name), &allowed);
    report_error(report, group, "\"%s\" is missing; %s%s", name, allowed.text, more);
}

/* A line is either a name, or an offset on a chip. */
static void check_place(struct report *report, struct node *group)
{
    const struct node *line = node_child(group, "line");
    struct node *chip = node_child(group, "chip"), *offset = node_child(group, "offset");
    struct node *other = chip ? chip : offset;

    if (line && other)
        report_error(report, other,
                     "stands beside \"line\"; either \"line\", or \"chip\" and "
                     "\"offset\"");
    else if (!line && !other)
        report_missing(report, group, "line", ", or \"chip\" and \"offset\"");
    else if (chip && !offset)
        report_missing(report, group, "offset", "");
    else if (offset && !chip)
        report_missing(report, group, "chip", "");
}

static void build_line(struct report *report, struct node *group, enum hat_role role,
                       struct hat_line_config *ret)
{
    if (!build_is_group(report, group))
        return;
    ret->is_set = true;
    read_group(report, group, SCHEMA_HAT_LINE, ret);
    check_place(report, group);
    struct node *pulse = node_child(group, "pulse");
    if (pulse && role != HAT_ACTIVITY)
        report_error(report, pulse, "does not fit \"%s\"; only \"activity\" pulses",
                     hat_role_name(role));
}

static bool is_same_place(const struct line_config *a, const struct line_config *b)
{
    if (a->name && b->name)
        return strcmp(a->name, b->name) == 0;
    return a->chip && b->chip && strcmp(a->chip, b->chip) == 0 && a->offset == b->offset;
}

/* Whether the second of two roles wants the line of the first; reported at the second. */
static bool check_pair(struct report *report, struct node *hat, const struct hat_config *config,
                       enum hat_role first, enum hat_role second)
{
    const struct node *taker = node_child(hat, hat_role_name(first));
    struct node *group = node_child(hat, hat_role_name(second));
    struct phrase found = { 0 }, path = { 0 };

    if (!taker || !group || !read_is_good(taker, "offset") || !read_is_good(group, "offset") ||
        !is_same_place(&config->roles[first].line, &config->roles[second].line))
        return false;
    struct node *at = build_at(group, config->roles[second].line.name ? "line" : "offset");
    node_path(taker, &path);
    node_value(at, &found);
    report_error(report, at, "%s is taken by %s; a line of its own", found.text, path.text);
    return true;
}

/* Of two roles on one line, the one further down in the file is in the wrong. */
static void check_pairs(struct report *report, struct node *hat, const struct hat_config *config)
{
    for (unsigned i = 0; i < HAT_ROLES; i++) {
        const struct node *a = node_child(hat, hat_role_name((enum hat_role)i));
        for (unsigned j = 0; a && j < HAT_ROLES; j++) {
            const struct node *b = node_child(hat, hat_role_name((enum hat_role)j));
            if (b && b->order < a->order &&
                check_pair(report, hat, config, (enum hat_role)j, (enum hat_role)i))
                break;
        }
    }
}

void build_hat(struct report *report, struct node *hat, struct hat_config *ret)
{
    if (!build_is_group(report, hat))
        return;
    read_group(report, hat, SCHEMA_HAT, NULL);
    for (unsigned i = 0; i < HAT_ROLES; i++) {
        enum hat_role role = (enum hat_role)i;
        struct node *group = node_child(hat, hat_role_name(role));
        if (group)
            build_line(report, group, role, &ret->roles[role]);
    }
    check_pairs(report, hat, ret);
}
