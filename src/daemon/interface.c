#include "daemon/interface.h"

#include <errno.h>
#include <string.h>

#include "daemon/keeper_forget.h"
#include "sys/log.h"
#include "sys/messages.h"

/* ---- what it is asked ------------------------------------------------------------------------ */

static void on_port(void *userdata, size_t i, struct control_port *ret)
{
    const struct daemon *d = userdata;
    const struct port_config *config = &d->config->ports[i];
    const struct port *port = i < d->n_ports ? d->ports[i] : NULL;

    *ret = (struct control_port){ .name = config->device, .kind = config->kind };
    if (port == NULL) {
        ret->trouble = strerror(ENOMEM);
        return;
    }
    ret->name = port_title(port);
    ret->is_open = port->open;
    ret->trouble = port->open ? "" : port_error_text(port);
    if (port->open && port->config->kind != PORT_TCP)
        ret->baud = port->bus.slave.rate.now;
    port_count(port, &ret->counters);
}

static const char *state_trouble(const struct keeper *k)
{
    if (k->refusal == -ENOTSUP)
        return "the state there is of a newer version, and left alone";
    if (k->refusal < 0)
        return strerror(-k->refusal);
    if (k->failed < 0)
        return strerror(-k->failed);
    return k->unsynced_told < 0 ? strerror(-k->unsynced_told) : "";
}

static void on_state(void *userdata, struct control_state *ret)
{
    const struct daemon *d = userdata;
    const struct keeper *k = &d->keeper;

    ret->directory = k->state != NULL ? state_directory(k->state) : "";
    ret->trouble = state_trouble(k);
}

static int on_forget(void *userdata, struct meter *meter)
{
    struct daemon *d = userdata;
    int r = keeper_forget(&d->keeper, d->config, meter);

    if (r > 0) {
        d->host.meters_moved(d->host.userdata);
        values_forgotten(&d->values, meter);
    }
    return r;
}

/* ---- what it is told ------------------------------------------------------------------------- */

static void on_keeper_changed(void *userdata)
{
    const struct daemon *d = userdata;

    control_state_changed(d->host.control);
}

void interface_ports_changed(struct daemon *d)
{
    for (size_t i = 0; i < d->n_ports; i++)
        control_port_changed(d->host.control, i);
}

void interface_written(struct daemon *d, const struct meter *meter)
{
    if (meter != NULL)
        control_meter_changed(d->host.control, meter);
    for (size_t i = 0; meter == NULL && i < d->meters.n; i++)
        control_meter_changed(d->host.control, d->meters.items[i]);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void give_up(struct daemon *d, int r)
{
    log_event(LOG_LEVEL_ERROR, MESSAGE_DBUS, NULL, "D-Bus: not served until a restart: %s",
              strerror(-r));
    interface_stop(d);
}

void interface_start(struct daemon *d)
{
    const struct control_host host = {
        .event = d->event,
        .port = on_port,
        .state = on_state,
        .forget = on_forget,
        .userdata = d,
    };
    int r = control_new(&host, d->config, d->meters.items, d->values.sources, &d->host.control);

    d->keeper.changed = on_keeper_changed;
    d->keeper.userdata = d;
    if (r < 0)
        give_up(d, r);
}

void interface_reload(struct daemon *d, const struct config *config)
{
    int r = 0;

    if (d->host.control != NULL)
        r = control_reload(d->host.control, config, d->meters.items);
    if (r < 0)
        give_up(d, r);
}

void interface_stop(struct daemon *d)
{
    control_free(d->host.control);
    d->host.control = NULL;
}
