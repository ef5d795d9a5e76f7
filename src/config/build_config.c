/* The tree of a whole file, with what the command line puts in its place, becomes a configuration.
 */
#include <errno.h>
#include <stdlib.h>

#include "config/build.h"
#include "config/read.h"

/* Every pair of ports is compared; nobody has that many. */
#define PORTS_MAX 64U
#define METERS_MAX 10000U

struct builder {
    struct report *report;
    struct node *root;
    const struct config_overrides *overrides; /* or NULL */
    struct node port_overrides[2], meter_overrides[3];
    struct node bare_port;  /* stands for the port of a file that has none, with --device */
    struct node bare_meter; /* and for its meter, always */
};

/* The groups of one kind. */
struct groups {
    struct node **nodes;
    size_t n;
};

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

static void override_port(struct builder *b, struct node *port)
{
    const struct config_overrides *o = b->overrides;
    if (!o)
        return;
    add_override(port, b->port_overrides, "device", "--device", o->device, false);
    add_override(port, b->port_overrides, "baud", "--baud", o->baud, true);
}

static void override_meter(struct builder *b, struct node *meter)
{
    const struct config_overrides *o = b->overrides;
    if (!o)
        return;
    add_override(meter, b->meter_overrides, "address", "--addr", o->addr, true);
    add_override(meter, b->meter_overrides, "id", "--id", o->id, false);
    add_override(meter, b->meter_overrides, "manufacturer", "--manuf", o->manuf, false);
}

/* Stands for a group that the file leaves out. */
static struct node *bare_group(struct builder *b, struct node *node, const char *name)
{
    const struct node *root = b->root;
    *node = (struct node){ .kind = NODE_GROUP,
                           .name = name,
                           .parent = b->root,
                           .file = root->file,
                           .line = 1,
                           .order = 1 };
    return node;
}

/* The groups under `single` or `plural`, and `bare` where the file has neither; none when that is
 * wrong. 0 or -ENOMEM. */
static int find_groups(struct builder *b, const char *single, const char *plural, struct node *bare,
                       size_t most, struct groups *ret)
{
    struct node *one = node_child(b->root, single), *many = node_child(b->root, plural);
    struct node *only = one ? one : many ? NULL : bare;

    if (one && many) {
        struct node *second = one->order > many->order ? one : many;
        report_error(b->report, second, "stands beside \"%s\"; one of the two",
                     second == one ? plural : single);
        return 0;
    }
    if (!only && (!many || !build_is_list(b->report, many)))
        return 0;
    size_t n = only ? 1 : many->n_children;
    if (n == 0)
        report_error(b->report, many, "an empty list; one group { } at least");
    if (n > most)
        report_error(b->report, many, "%zu %s; at most %zu", n, plural, most);
    if (n == 0 || n > most)
        return 0;
    ret->nodes = calloc(n, sizeof(struct node *));
    if (!ret->nodes)
        return -ENOMEM;
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        ret->nodes[i] = only ? only : &many->children[i];
    return 0;
}

static int load_ports(struct builder *b, struct groups *groups, struct config *config)
{
    struct node *bare = NULL;
    if (b->overrides && b->overrides->device)
        bare = bare_group(b, &b->bare_port, "port");
    else if (!node_child(b->root, "port") && !node_child(b->root, "ports"))
        report_error(b->report, b->root, "\"port\" is missing; a group port = { }");

    int r = find_groups(b, "port", "ports", bare, PORTS_MAX, groups);
    if (r < 0 || groups->n == 0)
        return r;
    config->ports = calloc(groups->n, sizeof(*config->ports));
    if (!config->ports)
        return -ENOMEM;
    config->n_ports = groups->n;
    override_port(b, groups->nodes[0]);
    build_ports(b->report, groups->nodes, groups->n, config->ports);
    return 0;
}

static int load_meters(struct builder *b, const struct groups *ports, struct groups *groups,
                       struct config *config)
{
    struct node *bare = bare_group(b, &b->bare_meter, "meter");
    int r = find_groups(b, "meter", "meters", bare, METERS_MAX, groups);
    if (r < 0 || groups->n == 0)
        return r;
    config->meters = calloc(groups->n, sizeof(*config->meters));
    if (!config->meters)
        return -ENOMEM;
    config->n_meters = groups->n;
    override_meter(b, groups->nodes[0]);
    build_meters(b->report, groups->nodes, groups->n, ports->nodes, ports->n, config);
    return 0;
}

/* A group that fills the configuration itself; its defaults hold without it. */
static void load_group(struct builder *b, const char *name, enum schema_group id,
                       struct config *config)
{
    struct node none = { .kind = NODE_GROUP };
    struct node *group = node_child(b->root, name);
    if (!group)
        read_group(b->report, &none, id, config);
    else if (build_is_group(b->report, group))
        read_group(b->report, group, id, config);
}

/* One that depends on where the daemon was started would be another each time. */
static void check_state_directory(struct builder *b, const struct config *config)
{
    struct node *state = node_child(b->root, "state");
    struct node *directory = state ? node_member(state, "directory") : NULL;

    if (directory && config->state_directory && config->state_directory[0] != '/')
        report_error(b->report, directory, "\"%s\" does not begin with \"/\"; a whole path",
                     config->state_directory);
}

int build_config(struct report *report, struct node *root, const struct config_overrides *overrides,
                 struct config *ret)
{
    struct builder b = { .report = report, .root = root, .overrides = overrides };
    struct groups ports = { 0 }, meters = { 0 };

    read_group(report, root, SCHEMA_TOP, NULL);
    int r = load_ports(&b, &ports, ret);
    if (r == 0)
        r = load_meters(&b, &ports, &meters, ret);
    load_group(&b, "state", SCHEMA_STATE, ret);
    check_state_directory(&b, ret);
    load_group(&b, "control", SCHEMA_CONTROL, ret);
    load_group(&b, "log", SCHEMA_LOG, ret);
    struct node *hat = node_child(root, "hat");
    if (hat)
        build_hat(report, hat, &ret->hat);
    free(ports.nodes);
    free(meters.nodes);
    if (r < 0 || report->no_memory)
        return -ENOMEM;
    return report->n_errors > 0 ? -EINVAL : 0;
}
