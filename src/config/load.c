/* The one file that knows libconfig: its settings become nodes, and the nodes a configuration. */
#include <errno.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/build.h"
#include "config/config.h"
#include "config/read.h"
#include "config/text.h"

/* Every pair of ports is compared; nobody has that many. */
#define PORTS_MAX 64U

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
    struct node port_overrides[2], meter_overrides[3];
    struct node bare_port;  /* stands for the port of a file that has none, with --device */
    struct node bare_meter; /* and for its meter, always */
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

static void add_override(struct node *group, struct node *overrides, const char *name,
                         const char *option, const char *text, bool wants_number)
{
    if (!text)
        return;
    struct node *node = &overrides[group->n_overrides++];
    *node = node_from_text(name, text, wants_number);
    node->option = option;
    node->parent = group;
    group->overrides = overrides;
}

static void override_port(struct loader *l, struct node *port)
{
    const struct config_overrides *o = l->overrides;
    if (!o)
        return;
    add_override(port, l->port_overrides, "device", "--device", o->device, false);
    add_override(port, l->port_overrides, "baud", "--baud", o->baud, true);
}

static void override_meter(struct loader *l, struct node *meter)
{
    const struct config_overrides *o = l->overrides;
    if (!o)
        return;
    add_override(meter, l->meter_overrides, "address", "--addr", o->addr, true);
    add_override(meter, l->meter_overrides, "id", "--id", o->id, false);
    add_override(meter, l->meter_overrides, "manufacturer", "--manuf", o->manuf, false);
}

/* The groups under `single` or `plural`; *ret must have room for all there can be. */
static size_t find_groups(struct loader *l, const char *single, const char *plural,
                          struct node **ret)
{
    struct node *root = &l->nodes[0];
    struct node *one = node_child(root, single), *many = node_child(root, plural);

    if (one && many) {
        struct node *second = one->order > many->order ? one : many;
        report_error(&l->report, second, "stands beside \"%s\"; one of the two",
                     second == one ? plural : single);
        return 0;
    }
    if (one) {
        ret[0] = one;
        return 1;
    }
    if (!many || !build_is_list(&l->report, many))
        return 0;
    if (many->n_children == 0)
        report_error(&l->report, many, "an empty list; one group { } at least");
    for (size_t i = 0; i < many->n_children; i++)
        ret[i] = &many->children[i];
    return many->n_children;
}

/* Whether the file has neither of the two. */
static bool is_missing(const struct loader *l, const char *single, const char *plural)
{
    return !node_child(&l->nodes[0], single) && !node_child(&l->nodes[0], plural);
}

/* Stands for a group that the file leaves out. */
static struct node *bare_group(struct loader *l, struct node *node, const char *name)
{
    struct node *root = &l->nodes[0];
    *node = (struct node){
        .kind = NODE_GROUP, .name = name, .parent = root, .file = root->file, .line = 1, .order = 1
    };
    return node;
}

static int load_ports(struct loader *l, struct node **groups, struct config *config)
{
    size_t n = find_groups(l, "port", "ports", groups);
    if (is_missing(l, "port", "ports")) {
        if (l->overrides && l->overrides->device)
            groups[n++] = bare_group(l, &l->bare_port, "port");
        else
            report_error(&l->report, &l->nodes[0], "\"port\" is missing; a group port = { }");
    }
    if (n == 0)
        return 0;
    if (n > PORTS_MAX) {
        report_error(&l->report, groups[0]->parent, "%zu ports; at most %u", n, PORTS_MAX);
        return 0;
    }
    config->ports = calloc(n, sizeof(*config->ports));
    if (!config->ports)
        return -ENOMEM;
    config->n_ports = n;
    override_port(l, groups[0]);
    build_ports(&l->report, groups, n, config->ports);
    return 0;
}

static int load_meters(struct loader *l, struct node **groups, struct config *config)
{
    size_t n = find_groups(l, "meter", "meters", groups);
    if (is_missing(l, "meter", "meters"))
        groups[n++] = bare_group(l, &l->bare_meter, "meter");
    if (n == 0)
        return 0;
    if (n > 1)
        report_error(&l->report, node_child(&l->nodes[0], "meters"),
                     "%zu meters; one meter in this version", n);
    config->meters = calloc(n, sizeof(*config->meters));
    if (!config->meters)
        return -ENOMEM;
    config->n_meters = n;
    override_meter(l, groups[0]);
    for (size_t i = 0; i < n; i++)
        build_meter(&l->report, groups[i], &config->meters[i]);
    return 0;
}

static void load_log(struct loader *l, struct config *config)
{
    struct node none = { .kind = NODE_GROUP };
    struct node *log = node_child(&l->nodes[0], "log");
    if (!log)
        read_group(&l->report, &none, SCHEMA_LOG, config);
    else if (build_is_group(&l->report, log))
        read_group(&l->report, log, SCHEMA_LOG, config);
}

static int build(struct loader *l, struct config *config)
{
    struct node **groups = calloc(l->n_nodes + 1, sizeof(struct node *));
    if (!groups)
        return -ENOMEM;
    read_group(&l->report, &l->nodes[0], SCHEMA_TOP, NULL);
    int r = load_ports(l, groups, config);
    if (r == 0)
        r = load_meters(l, groups, config);
    load_log(l, config);
    struct node *hat = node_child(&l->nodes[0], "hat");
    if (hat)
        build_hat(&l->report, hat, &config->hat);
    free(groups);
    if (r < 0 || l->report.no_memory)
        return -ENOMEM;
    return l->report.n_errors > 0 ? -EINVAL : 0;
}

static int load(struct loader *l, const char *path, struct config *config)
{
    int r = load_text(l, path);
    if (r == 0)
        r = parse(l);
    if (r == 0)
        r = make_tree(l);
    if (r == 0)
        r = build(l, config);
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
    if (r == 0)
        *ret = config;
    else
        config_free(config);
    return r;
}
