/* Many meters: their names, and which of them live on which port. */
#include <stdlib.h>

#include "base/nearest.h"
#include "config/build_source.h"
#include "config/names.h"
#include "mbus/link.h"

/* A hint costs a look at every name: more wrong names than these get none. */
#define HINTS_MAX 32U
/* So many names are listed where one of them is wanted. */
#define LISTED_MAX 8U

struct meters {
    struct node *const *nodes;
    const struct meter_def *defs;
    size_t n;
    struct name_entry *names; /* sorted; those that are good */
    size_t n_names;
    bool *seen; /* by the port at hand */
    unsigned hints;
};

/* A list of names that is short enough to be read. */
static void list_names(const struct meters *m, struct phrase *ret)
{
    if (m->n_names > LISTED_MAX) {
        phrase_add(ret, "the name of one of the %zu meters", m->n);
        return;
    }
    for (size_t i = 0; i < m->n_names; i++)
        phrase_item(ret, i, m->n_names, "\"%s\"", m->names[i].name);
}

static void report_unknown(struct report *report, struct meters *m, struct node *element)
{
    struct nearest nearest = { .wanted = element->string };
    struct phrase found = { 0 }, known = { 0 };

    for (size_t i = 0; i < m->n_names && m->hints < HINTS_MAX; i++)
        nearest_offer(&nearest, m->names[i].name);
    m->hints++;
    const char *hint = nearest_result(&nearest);
    node_value(element, &found);
    if (hint) {
        report_error(report, element, "%s is no meter; did you mean \"%s\"?", found.text, hint);
        return;
    }
    list_names(m, &known);
    report_error(report, element, "%s is no meter; %s", found.text, known.text);
}

/* The names of a port become indices. */
static void find_meters(struct report *report, struct meters *m, const struct node *names,
                        struct port_config *port)
{
    port->meters = calloc(names->n_children, sizeof(*port->meters));
    if (!port->meters) {
        report->no_memory = true;
        return;
    }
    for (size_t i = 0; i < names->n_children; i++) {
        struct node *element = &names->children[i];
        if (element->is_bad)
            continue;
        const struct name_entry *entry = names_find(m->names, m->n_names, element->string);
        if (!entry) {
            report_unknown(report, m, element);
        } else if (m->seen[entry->index]) {
            report_error(report, element, "\"%s\" is there a second time", entry->name);
        } else {
            m->seen[entry->index] = true;
            port->meters[port->n_meters++] = entry->index;
        }
    }
    for (size_t i = 0; i < port->n_meters; i++)
        m->seen[port->meters[i]] = false;
}

static void report_address(struct report *report, const struct meters *m, size_t first,
                           size_t second, const struct node *port)
{
    struct node *at = node_member(m->nodes[first], "address");
    struct phrase path = { 0 }, place = { 0 };

    /* Of one that the command line gives, the file knows nothing. */
    if (at && at->option) {
        node_path(m->nodes[second], &path);
    } else {
        at = build_at(m->nodes[second], "address");
        node_path(m->nodes[first], &path);
    }
    if (at->is_bad)
        return;
    if (port)
        node_path(port, &place);
    report_error(report, at, "%u is the address of %s%s%s; an address of its own",
                 m->defs[second].address, path.text, port ? " on " : "", place.text);
}

/* On one port, only the address 0 may be that of several meters (mbus-protocol 6). `node` NULL: all
 * meters share all ports. */
static void check_addresses(struct report *report, const struct meters *m,
                            const struct port_config *port, const struct node *node)
{
    size_t first[ADDRESS_PRIMARY_MAX + 1] = { 0 }; /* index + 1 */
    size_t n = port->meters ? port->n_meters : m->n;

    for (size_t i = 0; i < n; i++) {
        size_t index = port->meters ? port->meters[i] : i;
        size_t *slot = &first[m->defs[index].address];
        size_t other = *slot;

        if (m->defs[index].address == 0)
            continue;
        if (other == 0) {
            *slot = index + 1;
            continue;
        }
        *slot = other - 1 < index ? other : index + 1;
        report_address(report, m, *slot - 1, other - 1 < index ? index : other - 1, node);
    }
}

/* A meter that no port serves answers nobody. Said only of a file that is good otherwise. */
static void warn_homeless(struct report *report, const struct meters *m,
                          const struct port_config *ports, size_t n_ports)
{
    if (report->n_errors > 0)
        return;
    for (size_t i = 0; i < n_ports; i++) {
        for (size_t j = 0; j < ports[i].n_meters; j++)
            m->seen[ports[i].meters[j]] = true;
        if (!ports[i].meters)
            return;
    }
    for (size_t i = 0; i < m->n_names; i++)
        if (!m->seen[m->names[i].index])
            report_warning(report, m->names[i].group,
                           "\"%s\" is among the \"meters\" of no port; it answers nobody",
                           m->names[i].name);
}

static void settle(struct report *report, struct meters *m, struct node *const *port_nodes,
                   struct port_config *ports, size_t n_ports)
{
    bool differ = false;
    for (size_t i = 0; i < n_ports; i++) {
        const struct node *names = node_child(port_nodes[i], "meters");
        if (!names || names->is_bad || names->n_children == 0)
            continue;
        find_meters(report, m, names, &ports[i]);
        differ = true;
    }
    if (!differ) {
        check_addresses(report, m, &(struct port_config){ 0 }, NULL);
        return;
    }
    for (size_t i = 0; i < n_ports; i++)
        check_addresses(report, m, &ports[i], port_nodes[i]);
    warn_homeless(report, m, ports, n_ports);
}

/* Masters set the clock that they see: where a meter shows several, the first. */
static void find_clock_zones(const struct source_list *sources, struct meter_def *defs)
{
    for (size_t i = sources->n; i-- > 0;) {
        if (sources->items[i].kind == SOURCE_CLOCK)
            defs[sources->items[i].meter].clock_zone = sources->items[i].zone;
    }
}

void build_meters(struct report *report, struct node *const *nodes, size_t n,
                  struct node *const *port_nodes, size_t n_ports, struct config *config)
{
    struct meters m = { .nodes = nodes, .defs = config->meters, .n = n };

    struct source_list sources = { 0 };

    for (size_t i = 0; i < n; i++)
        build_meter(report, nodes[i], i, &config->meters[i], &sources);
    find_clock_zones(&sources, config->meters);
    config->sources = sources.items;
    config->n_sources = sources.n;
    m.names = calloc(n + 1, sizeof(*m.names));
    m.seen = calloc(n + 1, sizeof(*m.seen));
    if (m.names && m.seen) {
        for (size_t i = 0; i < n; i++)
            if (m.defs[i].name)
                m.names[m.n_names++] = (struct name_entry){ m.defs[i].name, nodes[i], i };
        names_sort(m.names, m.n_names);
        names_check(report, m.names, m.n_names);
        settle(report, &m, port_nodes, config->ports, n_ports);
    } else {
        report->no_memory = true;
    }
    free(m.names);
    free(m.seen);
}
