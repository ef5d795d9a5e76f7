#include "daemon/daemon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/check.h"
#include "sys/log.h"
#include "sys/messages.h"
#include "sys/notify.h"

/* Takes the port that has these very settings out of the old list. */
static struct port *take_unchanged(struct daemon *d, const struct port_config *wanted)
{
    for (size_t i = 0; i < d->n_ports; i++) {
        struct port *port = d->ports[i];

        if (port != NULL && port_config_equal(port->config, wanted)) {
            d->ports[i] = NULL;
            port_rebase(port, wanted);
            return port;
        }
    }
    return NULL;
}

static void report_port(int r)
{
    if (r < 0)
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "a port could not be made: %s", strerror(-r));
}

/* Old ports are closed before new ones open, so that a device or a TCP port is free again. One that
 * cannot be made (no memory) leaves a gap, and the others go on. */
static void exchange_ports(struct daemon *d, const struct config *config, struct port **ports)
{
    for (size_t i = 0; i < config->n_ports; i++)
        ports[i] = take_unchanged(d, &config->ports[i]);
    for (size_t i = 0; i < d->n_ports; i++)
        port_free(d->ports[i]);
    free(d->ports);
    d->ports = ports;
    d->n_ports = config->n_ports;
    for (size_t i = 0; i < config->n_ports; i++) {
        if (ports[i] == NULL)
            report_port(daemon_add_port(d, &config->ports[i], &ports[i]));
    }
}

/* Takes the configuration over, or fails before anything has changed. */
static int apply(struct daemon *d, struct config *config)
{
    bool same_readout = meter_def_equal(d->meter.def, &config->meters[0]);
    struct port **ports = calloc(config->n_ports, sizeof(struct port *));
    struct config *old = d->config;

    if (ports == NULL)
        return -ENOMEM;
    d->meter.def = &config->meters[0];
    hat_reload(&d->hat, &config->hat);
    exchange_ports(d, config, ports);
    if (!same_readout) {
        d->meter.generation++;
        for (size_t i = 0; i < d->n_ports; i++) {
            if (d->ports[i] != NULL)
                port_each_bus(d->ports[i], bus_meters_changed);
        }
    }
    d->config = config;
    config_free(old);
    daemon_set_log_level(d);
    return 0;
}

void daemon_reload(struct daemon *d)
{
    struct config_messages messages = { 0 };
    struct config *config = NULL;
    int r;

    notify_reloading();
    r = config_load(d->options->config, &d->options->overrides, &config, &messages);
    check_log(&messages, MESSAGE_CONFIG_WRONG);
    config_messages_done(&messages);
    if (r == 0)
        r = apply(d, config);
    if (r == 0)
        log_event(LOG_LEVEL_INFO, MESSAGE_RELOADED, NULL, "the configuration was read again");
    else
        log_event(LOG_LEVEL_ERROR, MESSAGE_RELOAD_REFUSED, NULL,
                  "the new configuration is not taken; the running one stays in force");
    daemon_announce(d);
}
