/* The object of a port. */
#include <string.h>

#include "control/objects.h"
#include "control/port.h"
#include "control/private.h"
#include "control/text.h"

static const char *const kind_names[] = {
    [PORT_SERIAL] = "serial",
    [PORT_PTY] = "pty",
    [PORT_TCP] = "tcp",
};

void port_look(struct control *c, size_t i, struct port_view *ret)
{
    const struct port_config *config = &c->config->ports[i];
    const struct slave_counters *n;

    *ret = (struct port_view){ 0 };
    c->host.port(c->host.userdata, i, &ret->port);
    n = &ret->port.counters;
    ret->kind = kind_names[ret->port.kind];
    ret->n_meters = config->meters != NULL ? config->n_meters : c->config->n_meters;
    ret->counts[PORT_REQUESTS] = n->verdicts[SLAVE_ANSWER] + n->verdicts[SLAVE_REFUSED] +
                                 n->verdicts[SLAVE_UNKNOWN] + n->verdicts[SLAVE_CLASH];
    ret->counts[PORT_ANSWERS] = n->fates[SLAVE_SENT];
    ret->counts[PORT_BAD_FRAMES] = n->verdicts[SLAVE_FAULT];
    ret->counts[PORT_FOREIGN] = n->verdicts[SLAVE_FOREIGN] + n->verdicts[SLAVE_OTHER_ADDRESS];
    ret->counts[PORT_LATE] = n->fates[SLAVE_LATE];
}

static int append_text(sd_bus_message *m, const struct subject *s, const char *property)
{
    struct port_view v;

    port_look(s->control, s->port, &v);
    if (strcmp(property, "Device") == 0)
        return text_append(m, v.port.name);
    return text_append(m, strcmp(property, "Kind") == 0 ? v.kind : v.port.trouble);
}

static int append_open(sd_bus_message *m, const struct subject *s, const char *property)
{
    struct port_view v;

    (void)property;
    port_look(s->control, s->port, &v);
    return sd_bus_message_append(m, "b", v.port.is_open);
}

static int append_baud(sd_bus_message *m, const struct subject *s, const char *property)
{
    struct port_view v;

    (void)property;
    port_look(s->control, s->port, &v);
    return sd_bus_message_append(m, "u", v.port.baud);
}

static int append_count(sd_bus_message *m, const struct subject *s, const char *property)
{
    static const char *const names[PORT_COUNTS] = {
        [PORT_REQUESTS] = "Requests", [PORT_ANSWERS] = "Answers", [PORT_BAD_FRAMES] = "BadFrames",
        [PORT_FOREIGN] = "Foreign",   [PORT_LATE] = "Late",
    };
    struct port_view v;
    unsigned i = 0;

    while (i < PORT_COUNTS - 1 && strcmp(property, names[i]) != 0)
        i++;
    port_look(s->control, s->port, &v);
    return sd_bus_message_append(m, "t", v.counts[i]);
}

static int append_meters(sd_bus_message *m, const struct subject *s, const char *property)
{
    const struct config *config = s->control->config;
    const struct port_config *port = &config->ports[s->port];
    size_t n = port->meters != NULL ? port->n_meters : config->n_meters;
    int r = sd_bus_message_open_container(m, 'a', "s");

    (void)property;
    for (size_t i = 0; i < n && r >= 0; i++)
        r = text_append(m, config->meters[port->meters != NULL ? port->meters[i] : i].name);
    return r < 0 ? r : sd_bus_message_close_container(m);
}

GETTER(get_text, append_text)
GETTER(get_open, append_open)
GETTER(get_baud, append_baud)
GETTER(get_count, append_count)
GETTER(get_meters, append_meters)

const sd_bus_vtable port_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("Device", "s", get_text, 0, 0),
    SD_BUS_PROPERTY("Kind", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("Open", "b", get_open, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Trouble", "s", get_text, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Baud", "u", get_baud, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Meters", "as", get_meters, 0, 0),
    SD_BUS_PROPERTY("Requests", "t", get_count, 0, 0),
    SD_BUS_PROPERTY("Answers", "t", get_count, 0, 0),
    SD_BUS_PROPERTY("BadFrames", "t", get_count, 0, 0),
    SD_BUS_PROPERTY("Foreign", "t", get_count, 0, 0),
    SD_BUS_PROPERTY("Late", "t", get_count, 0, 0),
    SD_BUS_VTABLE_END,
};
