/* The object of the whole: lists, many values at once, those who watch. */
#include <string.h>

#include "control/meter.h"
#include "control/names.h"
#include "control/objects.h"
#include "control/port.h"
#include "control/private.h"
#include "control/push.h"
#include "control/record.h"
#include "control/text.h"

/* ---- properties ------------------------------------------------------------------------------ */

static struct control *service(const void *userdata)
{
    const struct subject *s = userdata;

    return s->control;
}

static int append_version(sd_bus_message *m, const struct subject *s, const char *property)
{
    (void)s;
    (void)property;
    return sd_bus_message_append_basic(m, 's', MBUS_SLAVE_VERSION);
}

static int append_state(sd_bus_message *m, const struct subject *s, const char *property)
{
    const struct control *c = service(s);
    struct control_state state = { "", "" };

    c->host.state(c->host.userdata, &state);
    return text_append(m, strcmp(property, "StateTrouble") == 0 ? state.trouble : state.directory);
}

static int append_number(sd_bus_message *m, const struct subject *s, const char *property)
{
    const struct config *config = service(s)->config;
    size_t n = strcmp(property, "Ports") == 0 ? config->n_ports : config->n_meters;

    return sd_bus_message_append(m, "u", (uint32_t)n);
}

/* ---- lists ----------------------------------------------------------------------------------- */

static int begin_list(struct control *c, struct reply *reply, sd_bus_error *error)
{
    (void)c;
    (void)reply;
    (void)error;
    return 0;
}

#define PORT_ROW "ssbsuuttttt"

static int port_row(struct control *c, struct reply *reply)
{
    struct port_view v;
    sd_bus_message *m = reply->answer;
    int r;

    if (reply->at == c->config->n_ports)
        return 0;
    port_look(c, reply->at++, &v);
    r = sd_bus_message_open_container(m, 'r', PORT_ROW);
    if (r >= 0)
        r = text_append(m, v.port.name);
    if (r >= 0)
        r = sd_bus_message_append(m, "sb", v.kind, v.port.is_open);
    if (r >= 0)
        r = text_append(m, v.port.trouble);
    if (r >= 0)
        r = sd_bus_message_append(m, "uu", v.port.baud, (uint32_t)v.n_meters);
    for (unsigned i = 0; i < PORT_COUNTS && r >= 0; i++)
        r = sd_bus_message_append(m, "t", v.counts[i]);
    if (r >= 0)
        r = sd_bus_message_close_container(m);
    return r < 0 ? r : 1;
}

static int meter_row(struct control *c, struct reply *reply)
{
    struct subject s = { .control = c, .kind = SUBJECT_METER };
    int r;

    if (reply->at == c->config->n_meters)
        return 0;
    s.meter = c->meters[reply->at++];
    r = meter_append_row(reply->answer, &s);
    return r < 0 ? r : 1;
}

static int begin_records(struct control *c, struct reply *reply, sd_bus_error *error)
{
    const char *name;
    int r = sd_bus_message_read_basic(reply->call, 's', &name);

    if (r < 0)
        return r;
    reply->meter = index_meter(&c->index, name, strlen(name));
    if (reply->meter == NULL)
        return sd_bus_error_setf(error, ERROR_NO_SUCH_METER, "%s: there is no such meter", name);
    return 0;
}

static int record_row(struct control *c, struct reply *reply)
{
    struct subject s = { .control = c, .kind = SUBJECT_RECORD, .meter = reply->meter };
    int r;

    if (reply->at == reply->meter->def->n_records)
        return 0;
    s.record = reply->at++;
    r = record_append_row(reply->answer, &s);
    return r < 0 ? r : 1;
}

static const struct reply_kind ports = { "(" PORT_ROW ")", begin_list, port_row };
static const struct reply_kind meters = { "(" METER_ROW ")", begin_list, meter_row };
static const struct reply_kind records = { "(" RECORD_ROW ")", begin_records, record_row };

static int on_list_ports(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    return replies_begin(&service(userdata)->replies, &ports, m, error);
}

static int on_list_meters(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    return replies_begin(&service(userdata)->replies, &meters, m, error);
}

static int on_list_records(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    return replies_begin(&service(userdata)->replies, &records, m, error);
}

/* ---- the others ------------------------------------------------------------------------------ */

static int on_watch(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    int r = watch_add(&service(userdata)->watch, m, error);

    return r < 0 ? r : sd_bus_reply_method_return(m, NULL);
}

static int on_unwatch(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    (void)error;
    watch_remove(&service(userdata)->watch, m);
    return sd_bus_reply_method_return(m, NULL);
}

GETTER(get_version, append_version)
GETTER(get_state, append_state)
GETTER(get_number, append_number)

const sd_bus_vtable manager_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("Version", "s", get_version, 0, SD_BUS_VTABLE_PROPERTY_CONST),
    SD_BUS_PROPERTY("StateDirectory", "s", get_state, 0, 0),
    SD_BUS_PROPERTY("StateTrouble", "s", get_state, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Meters", "u", get_number, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("Ports", "u", get_number, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_METHOD_WITH_ARGS("ListPorts", SD_BUS_NO_ARGS, SD_BUS_RESULT("a(" PORT_ROW ")", ports),
                            on_list_ports, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("ListMeters", SD_BUS_NO_ARGS, SD_BUS_RESULT("a(" METER_ROW ")", meters),
                            on_list_meters, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("ListRecords", SD_BUS_ARGS("s", meter),
                            SD_BUS_RESULT("a(" RECORD_ROW ")", records), on_list_records,
                            SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("SetValues", SD_BUS_ARGS("a(sv)", values), SD_BUS_NO_RESULT, push_many,
                            SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("Watch", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, on_watch,
                            SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD_WITH_ARGS("Unwatch", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, on_unwatch,
                            SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_SIGNAL_WITH_ARGS("Frame",
                            SD_BUS_ARGS("t", time, "s", port, "s", client, "b", from_us, "ay",
                                        bytes, "s", fate, "t", elapsed),
                            0),
    SD_BUS_VTABLE_END,
};
