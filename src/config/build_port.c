#include <stdlib.h>
#include <string.h>

#include "config/build.h"
#include "config/device.h"
#include "config/read.h"

/* The rates that "auto" listens at: 300, 2400 and this one. */
#define AUTO_HIGHEST 9600U

/* Whether the command line turned the port into one of another kind than the file means. */
static bool kind_was_changed(const struct node *group, enum port_kind kind)
{
    struct device device;
    const struct node *in_file = node_child(group, "device");
    if (node_member(group, "device") == in_file)
        return false;
    return !in_file || in_file->kind != NODE_STRING || device_parse(in_file->string, &device) ||
           device.kind != kind;
}

static void check_kind(struct report *report, struct node *group, enum port_kind kind)
{
    bool changed = kind_was_changed(group, kind);
    const struct node *device = node_member(group, "device");
    struct phrase name = { 0 };
    node_value(device, &name);

    for (size_t i = 0; i < group->n_children; i++) {
        struct node *child = &group->children[i];
        const struct schema_row *row = schema_find(SCHEMA_PORT, child->name);
        if (!row || row->type == SCHEMA_LATER || (row->kinds & 1U << kind))
            continue;
        if (changed)
            report_warning(report, child, "not used with --device %s, which is %s", device->string,
                           device_kind_name(kind));
        else
            report_error(report, child, "does not fit %s, which is %s", name.text,
                         device_kind_name(kind));
    }
}

/* Listening for the rate is for what has one. */
static void check_auto(struct report *report, struct node *group, struct port_config *port)
{
    const struct schema_row *row = schema_find(SCHEMA_PORT, "baud");
    struct node *baud = node_member(group, "baud");
    const struct node *device = node_member(group, "device");
    struct phrase name = { 0 };

    if (port->kind == PORT_SERIAL || !baud || baud->is_bad || port->baud != 0)
        return;
    node_value(device, &name);
    if (!baud->option && kind_was_changed(group, port->kind))
        report_warning(report, baud, "\"auto\" is not used with --device %s, which is %s",
                       device->string, device_kind_name(port->kind));
    else
        report_error(report, baud, "\"auto\" does not fit %s, which is %s; a rate such as %s",
                     name.text, device_kind_name(port->kind), row->fallback);
    struct node fallback = node_from_text(row->name, row->fallback, true);
    read_setting(report, &fallback, row, &port->baud);
}

/* What leaves 10 ms of the answer window for our own scheduling: an answer begins 11 to 330 bit
 * times + 50 ms after its request (mbus-protocol 4), and 2 ms at least. */
static usec_t longest_delay(unsigned baud)
{
    usec_t earliest = bits_at_least(CHARACTER_BITS, baud);
    usec_t latest = bits_at_most(330, baud) + 50 * USEC_PER_MSEC;
    if (earliest < 2 * USEC_PER_MSEC)
        earliest = 2 * USEC_PER_MSEC;
    return latest - earliest - 10 * USEC_PER_MSEC;
}

/* An answer that misses its window is never sent: the meter would be mute. */
static void check_answer_delay(struct report *report, struct node *group,
                               const struct port_config *port)
{
    struct node *delay = node_member(group, "answer_delay");
    struct node *baud = node_member(group, "baud");
    struct phrase found = { 0 }, range = { 0 }, path = { 0 };
    /* Whoever listens for the rate may find the highest. */
    unsigned rate = port->baud > 0 ? port->baud : AUTO_HIGHEST;
    if (port->kind == PORT_TCP || !delay || !read_is_good(group, "baud") ||
        port->answer_delay <= longest_delay(rate))
        return;
    node_value(delay, &found);
    phrase_add(&range, "0 to ");
    phrase_duration(&range, longest_delay(rate) / USEC_PER_MSEC * USEC_PER_MSEC);
    if (baud && baud->option) {
        node_path(delay, &path);
        report_error(report, baud, "%s of %s is beyond the answer window at %u baud; %s",
                     found.text, path.text, rate, range.text);
        return;
    }
    report_error(report, delay, "%s is beyond the answer window at %u baud; %s", found.text, rate,
                 range.text);
}

static void build_port(struct report *report, struct node *group, struct port_config *ret)
{
    struct device device;
    if (!build_is_group(report, group))
        return;
    read_group(report, group, SCHEMA_PORT, ret);
    if (!node_member(group, "device")) {
        struct phrase allowed = { 0 };
        schema_allowed(schema_find(SCHEMA_PORT, "device"), &allowed);
        report_error(report, group, "\"device\" is missing; %s", allowed.text);
        return;
    }
    if (!ret->device || device_parse(ret->device, &device))
        return;
    ret->kind = device.kind;
    ret->tcp_port = device.tcp_port;
    if (device.host[0] != '\0') {
        ret->host = strdup(device.host);
        report->no_memory = report->no_memory || !ret->host;
    }
    check_kind(report, group, ret->kind);
    check_auto(report, group, ret);
    check_answer_delay(report, group, ret);
    if (ret->kind != PORT_PTY) {
        free(ret->link);
        ret->link = NULL;
    }
}

/* Whether the second port takes what the first has; reported at the second. */
static bool check_pair(struct report *report, struct node *const *nodes,
                       const struct port_config *ports, size_t first, size_t second)
{
    const struct port_config *a = &ports[first], *b = &ports[second];
    struct phrase path = { 0 }, found = { 0 };

    node_path(nodes[first], &path);
    const char *name = NULL;
    if (a->device && b->device && device_collides(a, b))
        name = "device";
    else if (a->link && b->link && strcmp(a->link, b->link) == 0)
        name = "link";
    else
        return false;
    struct node *at = build_at(nodes[second], name);
    node_value(at, &found);
    report_error(report, at, "%s is taken by %s; a %s of its own", found.text, path.text, name);
    return true;
}

void build_ports(struct report *report, struct node *const *nodes, size_t n,
                 struct port_config *ret)
{
    for (size_t i = 0; i < n; i++)
        build_port(report, nodes[i], &ret[i]);
    for (size_t second = 1; second < n; second++)
        for (size_t first = 0; first < second; first++)
            if (check_pair(report, nodes, ret, first, second))
                break;
}
