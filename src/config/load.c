/* The one file that knows libconfig: its settings become nodes, and the nodes a configuration. */
#include <errno.h>
#include <libconfig.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/build.h"
#include "config/config.h"
#include "config/report.h"
#include "config/text.h"

struct loader {
    const struct config_overrides *overrides;
    struct text text;
    struct literal_report literals;
    struct report report;
    config_t libconfig;
    struct node *nodes; /* all of the tree; the root is the first */
    size_t n_nodes;     /* handed out */
    unsigned order;     /* of the last node */
    size_t n_literals;  /* given to their nodes */
};

/* A message at a line of the text; takes `problem` over. */
static void report_line(struct loader *l, unsigned line, char *problem, unsigned first)
{
    char *message = NULL, *tail = NULL;
    int n = 0;
    if (first > 0)
        n = asprintf(&tail, "; the first is %s:%u", text_file_of(&l->text, first),
                     text_line_of(&l->text, first));
    if (n >= 0 && problem)
        n = asprintf(&message, "%s:%u: %s%s", text_file_of(&l->text, line),
                     text_line_of(&l->text, line), problem, tail ? tail : "");
    report_text(&l->report, n < 0 ? NULL : message);
    free(tail);
    free(problem);
}

static int load_stock(struct loader *l)
{
    char *problem = NULL;
    int r = text_from_string("(built-in)", config_stock_text, &l->text, &problem);
    if (r < 0)
        report_text(&l->report, problem);
    return r;
}

static int load_text(struct loader *l, const char *path)
{
    const char *file = path ? path : CONFIG_DEFAULT_FILE;
    char *problem = NULL;
    int r = text_read(file, &l->text, &problem);

    if (r == -ENOENT && !path) {
        text_done(&l->text);
        free(problem);
        if (l->overrides && l->overrides->device)
            return load_stock(l);
        problem = NULL;
        if (asprintf(&problem,
                     "%s: %s; --config FILE names another, --device DEVICE serves the "
                     "built-in meter",
                     file, strerror(ENOENT)) < 0)
            problem = NULL;
    }
    if (r < 0)
        report_text(&l->report, problem);
    return r;
}

/* The value of such a number is never looked at, but libconfig 1.7 stops at one of them: it gets a
 * zero of the same type. */
static void blank_literals(struct loader *l)
{
    for (size_t i = 0; i < l->literals.n; i++) {
        const struct literal *literal = &l->literals.literals[i];
        char *at = l->text.bytes + (literal->at - l->text.bytes);
        size_t suffix = 0;
        while (suffix < literal->n && at[literal->n - 1 - suffix] == 'L')
            suffix++;
        memset(at, ' ', literal->n);
        memset(at + 1, 'L', suffix);
        at[0] = '0';
        if (literal->kind == LITERAL_NOT_FINITE) { /* the shortest is 1e309 */
            at[1] = '.';
            at[2] = '0';
        }
    }
}

static int parse(struct loader *l)
{
    int r = literal_check(l->text.bytes, l->text.n, &l->literals);
    if (r == -EINVAL) {
        report_line(l, l->literals.problem_line, TAKE_PTR(l->literals.problem),
                    l->literals.other_line);
        return r;
    }
    if (r < 0)
        return r;
    blank_literals(l);
    if (config_read_string(&l->libconfig, l->text.bytes) == CONFIG_TRUE)
        return 0;
    const char *text = config_error_text(&l->libconfig);
    int line = config_error_line(&l->libconfig);
    report_line(l, line > 0 ? (unsigned)line : 1, strdup(text ? text : "not understood"), 0);
    return -EINVAL;
}

static size_t count_nodes(const config_setting_t *setting)
{
    size_t n = 1;
    if (!config_setting_is_aggregate(setting))
        return n;
    int length = config_setting_length(setting);
    for (int i = 0; i < length; i++)
        n += count_nodes(config_setting_get_elem(setting, (unsigned)i));
    return n;
}

static void fill_scalar(struct node *node, const config_setting_t *setting)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_STRING:
        node->kind = NODE_STRING;
        node->string = config_setting_get_string(setting);
        break;
    case CONFIG_TYPE_FLOAT:
        node->kind = NODE_REAL;
        node->real = config_setting_get_float(setting);
        break;
    case CONFIG_TYPE_BOOL:
        node->kind = NODE_BOOL;
        node->integer = config_setting_get_bool(setting);
        break;
    default:
        node->kind = NODE_INTEGER;
        node->integer = config_setting_get_int64(setting);
        break;
    }
}

/* Depth first, as the literals were counted: the root is 1, and their 1 is the setting behind it.
 */
static void number_node(struct loader *l, struct node *node)
{
    node->order = ++l->order;
    if (l->n_literals < l->literals.n &&
        l->literals.literals[l->n_literals].order + 1 == node->order)
        node->literal = &l->literals.literals[l->n_literals++];
}

static void fill_node(struct loader *l, struct node *node, const config_setting_t *setting)
{
    unsigned line = config_setting_source_line(setting);
    node->name = config_setting_name(setting);
    node->file = text_file_of(&l->text, line);
    node->line = text_line_of(&l->text, line);
    number_node(l, node);
    if (!config_setting_is_aggregate(setting)) {
        fill_scalar(node, setting);
        return;
    }
    node->kind = config_setting_is_group(setting)  ? NODE_GROUP
                 : config_setting_is_list(setting) ? NODE_LIST
                                                   : NODE_ARRAY;
    node->n_children = (size_t)config_setting_length(setting);
    node->children = &l->nodes[l->n_nodes];
    l->n_nodes += node->n_children;
    for (size_t i = 0; i < node->n_children; i++) {
        node->children[i].parent = node;
        node->children[i].index = i;
        fill_node(l, &node->children[i], config_setting_get_elem(setting, (unsigned)i));
    }
}

static int make_tree(struct loader *l)
{
    const config_setting_t *root = config_root_setting(&l->libconfig);
    l->nodes = calloc(count_nodes(root), sizeof(*l->nodes));
    if (!l->nodes)
        return -ENOMEM;
    l->n_nodes = 1;
    fill_node(l, &l->nodes[0], root);
    /* The root has no name and no line of its own. */
    l->nodes[0].name = NULL;
    l->nodes[0].file = l->text.files[0];
    l->nodes[0].line = 1;
    return 0;
}

static int load(struct loader *l, const char *path, struct config *config)
{
    int r = load_text(l, path);
    if (r == 0)
        r = parse(l);
    if (r == 0)
        r = make_tree(l);
    if (r == 0)
        r = build_config(&l->report, &l->nodes[0], l->overrides, config);
    return r;
}

int config_load(const char *path, const struct config_overrides *overrides, struct config **ret,
                struct config_messages *messages)
{
    struct loader l = { .overrides = overrides };
    struct config *config = calloc(1, sizeof(*config));
    if (!config)
        return -ENOMEM;

    config_init(&l.libconfig);
    int r = load(&l, path, config);
    int taken = report_take(&l.report, messages);
    if (taken < 0)
        r = taken;
    config_destroy(&l.libconfig);
    report_done(&l.report);
    literal_report_done(&l.literals);
    free(l.nodes);
    text_done(&l.text);
    malloc_trim(0); /* all of that was several times what is left of it */
    if (r == 0)
        *ret = config;
    else
        config_free(config);
    return r;
}
