#include "daemon/daemon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/check.h"
#include "daemon/effects.h"
#include "daemon/interface.h"
#include "sys/log.h"
#include "sys/messages.h"
#include "sys/notify.h"

/* A port that stays open may serve other meters now, though nothing else of it has changed. */
static bool same_meters(const struct port_config *a, const struct port_config *b)
{
    return (a->meters == NULL) == (b->meters == NULL) && a->n_meters == b->n_meters &&
           (a->meters == NULL ||
            memcmp(a->meters, b->meters, a->n_meters * sizeof(*a->meters)) == 0);
}

/* Takes the port that has these very settings out of the old list. */
static struct port *take_unchanged(struct daemon *d, const struct port_config *wanted,
                                   bool meters_changed)
{
    for (size_t i = 0; i < d->n_ports; i++) {
        struct port *port = d->ports[i];

        if (port != NULL && port_config_equal(port->config, wanted)) {
            bool other_meters = meters_changed || !same_meters(port->config, wanted);

            d->ports[i] = NULL;
            port_rebase(port, wanted);
            if (other_meters)
                port_meters_changed(port);
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
static void exchange_ports(struct daemon *d, const struct config *config, struct port **ports,
                           bool meters_changed)
{
    for (size_t i = 0; i < config->n_ports; i++)
        ports[i] = take_unchanged(d, &config->ports[i], meters_changed);
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

/* What must not fail half-way: memory first. */
static int prepare(struct daemon *d, const struct config *config, struct port ***ret_ports,
                   struct meters *ret_meters, bool *ret_changed)
{
    struct port **ports = calloc(config->n_ports, sizeof(struct port *));
    int r;

    if (ports == NULL)
        return -ENOMEM;
    r = meters_reload(&d->meters, config, ret_meters, ret_changed);
    if (r < 0) {
        free(ports);
        return r;
    }
    *ret_ports = ports;
    return 0;
}

/* What masters have written waits for its E5 to leave: nothing of it must be lost with a meter or a
 * port. */
static void hand_on_writes(struct daemon *d)
{
    for (size_t i = 0; i < d->n_ports; i++) {
        if (d->ports[i] != NULL)
            port_each_bus(d->ports[i], effects_hand_on_at_once);
    }
}

/* Takes the configuration over, or fails before anything has changed. */
static int apply(struct daemon *d, struct config *config)
{
    struct meters before, meters;
    struct config *old = d->config;
    struct port **ports;
    bool changed;
    int r;

    hand_on_writes(d);
    keeper_before_reload(&d->keeper);
    r = prepare(d, config, &ports, &meters, &changed);
    if (r < 0)
        return r;
    hat_reload(&d->hat, &config->hat);
    before = d->meters;
    d->meters = meters;
    r = keeper_reload(&d->keeper, config);
    if (r < 0)
        log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
                  "masters cannot change anything any more: %s", strerror(-r));
    r = values_reload(&d->values, config, &d->meters);
    if (r < 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "the sources of values stand still: %s",
                  strerror(-r));
        interface_stop(d); /* it would look at them */
    }
    exchange_ports(d, config, ports, changed);
    d->config = config;
    interface_reload(d, config);
    meters_done(&before);
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
