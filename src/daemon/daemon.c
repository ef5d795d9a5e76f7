#include "daemon/daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "daemon/addresses.h"
#include "daemon/interface.h"
#include "io/hat_eeprom.h"
#include "mbus/ident.h"
#include "sys/log.h"
#include "sys/messages.h"
#include "sys/notify.h"

#define STATUS_MAX 512

/* ---- status ---------------------------------------------------------------------------------- */

static void status_text(const struct daemon *d, char text[static STATUS_MAX])
{
    size_t n;

    if (d->meters.n == 1)
        n = (size_t)snprintf(text, STATUS_MAX, "meter at address %u",
                             d->meters.items[0]->now.address);
    else
        n = (size_t)snprintf(text, STATUS_MAX, "%zu meters", d->meters.n);

    for (size_t i = 0; i < d->n_ports && n < STATUS_MAX; i++) {
        const struct port *port = d->ports[i];
        int written;

        if (port == NULL)
            continue;
        if (port->open)
            written = snprintf(text + n, STATUS_MAX - n, "; on %s", port_title(port));
        else
            written = snprintf(text + n, STATUS_MAX - n, "; waiting for %s (%s)", port_title(port),
                               strerror(-port->error));
        n += (size_t)written;
    }
}

static void on_port_changed(void *userdata)
{
    char text[STATUS_MAX];

    status_text(userdata, text);
    notify_status(text);
    interface_ports_changed(userdata);
}

static void on_rate_changed(void *userdata)
{
    interface_ports_changed(userdata);
}

/* ---- meters ---------------------------------------------------------------------------------- */

/* A port that is not open will look at them when it opens. */
static void on_meters_moved(void *userdata)
{
    struct daemon *d = userdata;

    for (size_t i = 0; i < d->n_ports; i++) {
        if (d->ports[i] != NULL)
            port_each_bus(d->ports[i], bus_meters_moved);
    }
}

static void on_meter_tallied(void *userdata, struct meter *meter)
{
    struct daemon *d = userdata;

    keeper_tally_changed(&d->keeper, meter);
}

static void on_meter_answered(void *userdata, struct meter *meter)
{
    struct daemon *d = userdata;

    values_answered(&d->values, meter);
}

static void on_meter_written(void *userdata, struct meter *meter)
{
    struct daemon *d = userdata;

    values_written(&d->values, &d->meters, meter);
    interface_written(d, meter);
}

static bool on_address_wanted(void *userdata, const struct meter *meter)
{
    const struct daemon *d = userdata;

    return addresses_draft_is_free(d->config, &d->meters, meter);
}

void daemon_announce(struct daemon *d)
{
    char text[STATUS_MAX];

    status_text(d, text);
    notify_ready(text);
}

/* ---- signals --------------------------------------------------------------------------------- */

static int on_end(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
    struct daemon *d = userdata;

    (void)source;
    log_event(LOG_LEVEL_INFO, MESSAGE_STOPPED, NULL, "stopping on %s",
              info->ssi_signo == SIGINT ? "SIGINT" : "SIGTERM");
    notify_stopping();
    return sd_event_exit(d->event, 0);
}

static int on_hup(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
    (void)source;
    (void)info;
    daemon_reload(userdata);
    return 0;
}

static int on_usr1(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
    struct daemon *d = userdata;

    (void)source;
    (void)info;
    for (size_t i = 0; i < d->n_ports; i++) {
        if (d->ports[i] != NULL)
            port_log_counters(d->ports[i]);
    }
    return 0;
}

static int on_cont(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
    struct daemon *d = userdata;

    (void)source;
    (void)info;
    for (size_t i = 0; i < d->n_ports; i++) {
        if (d->ports[i] != NULL)
            port_each_bus(d->ports[i], bus_stalled);
    }
    return 0;
}

/* Signals go before the ports: a client that never stops sending must not keep us from ending, and
 * after a SIGCONT what lies on the ports is of unknown age. */
#define SIGNAL_PRIORITY ((int64_t)(2 * SD_EVENT_PRIORITY_IMPORTANT))

static const struct {
    int signal;
    sd_event_signal_handler_t handler;
} signals[] = {
    { SIGTERM, on_end },  { SIGINT, on_end },   { SIGHUP, on_hup },
    { SIGUSR1, on_usr1 }, { SIGCONT, on_cont },
};

static int add_signals(struct daemon *d)
{
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
        sigaddset(&set, signals[i].signal);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return -errno;
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
        sd_event_source *source;
        int r = sd_event_add_signal(d->event, &source, signals[i].signal, signals[i].handler, d);

        if (r < 0)
            return r;
        sd_event_source_set_priority(source, SIGNAL_PRIORITY);
        sd_event_source_set_floating(source, true);
        sd_event_source_unref(source);
    }
    return 0;
}

/* ---- life ------------------------------------------------------------------------------------ */

int daemon_add_port(struct daemon *d, const struct port_config *config, struct port **ret)
{
    return port_new(&d->host, config, ret);
}

void daemon_set_log_level(const struct daemon *d)
{
    log_set_level(d->options->verbose ? LOG_LEVEL_DEBUG : d->config->log_level);
}

/* A bus of thousands is not told meter by meter. */
#define METERS_TOLD_MAX 20U

static void log_meter(const struct meter *meter)
{
    const struct ident *ident = &meter->now.ident;
    char letters[4];

    ident_manufacturer_letters(ident->manufacturer, letters);
    log_event(LOG_LEVEL_INFO, NULL, LOG_FIELDS({ "MBUS_METER", meter->def->name }),
              "%s: answers at address %u, id %08X, manufacturer %s", meter->def->name,
              meter->now.address, ident->id, letters);
}

static void log_meters(const struct daemon *d)
{
    if (d->meters.n > METERS_TOLD_MAX)
        log_event(LOG_LEVEL_INFO, NULL, NULL, "%zu meters; --check lists them", d->meters.n);
    for (size_t i = 0; i < d->meters.n && d->meters.n <= METERS_TOLD_MAX; i++)
        log_meter(d->meters.items[i]);
}

/* Said once at start: it saves a long search when the board is the wrong one. */
static void log_hat_eeprom(void)
{
    struct hat_eeprom hat;
    bool vendor, version;

    if (hat_eeprom_read("", &hat) < 0) {
        log_event(LOG_LEVEL_DEBUG, NULL, NULL, "no Hat with an EEPROM on this machine");
        return;
    }
    vendor = hat.vendor[0] != '\0';
    version = hat.version[0] != '\0';
    log_event(LOG_LEVEL_INFO, MESSAGE_HAT_FOUND, NULL, "the Hat on this Pi: %s%s%s%s%s",
              hat.product, vendor ? " by " : "", hat.vendor, version ? ", version " : "",
              hat.version);
    if (hat.is_master)
        log_event(
            LOG_LEVEL_WARNING, MESSAGE_HAT_MASTER, NULL,
            "the Hat on this Pi feeds an M-Bus and reads meters: it cannot be a meter itself");
}

static int add_ports(struct daemon *d)
{
    d->ports = calloc(d->config->n_ports, sizeof(*d->ports));
    if (d->ports == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < d->config->n_ports; i++) {
        int r = daemon_add_port(d, &d->config->ports[i], &d->ports[i]);

        if (r < 0)
            return r;
        d->n_ports++;
    }
    return 0;
}

static int daemon_init(struct daemon *d)
{
    int r = sd_event_default(&d->event);

    d->host.event = d->event;
    if (r >= 0)
        r = add_signals(d);
    if (r < 0)
        return r;
    r = sd_event_set_watchdog(d->event, true);
    if (r < 0)
        log_event(LOG_LEVEL_WARNING, NULL, NULL, "no watchdog: $WATCHDOG_USEC makes no sense: %s",
                  strerror(-r));
    daemon_set_log_level(d);
    log_event(LOG_LEVEL_INFO, MESSAGE_STARTED, NULL, "mbus-slave " MBUS_SLAVE_VERSION);
    log_hat_eeprom();
    r = meters_new(d->config, &d->meters);
    if (r >= 0)
        r = keeper_start(&d->keeper, d->event, d->config, &d->meters);
    if (r < 0)
        return r;
    log_meters(d);
    r = hat_start(&d->hat, d->event, &d->config->hat);
    if (r < 0)
        return r;
    r = values_start(&d->values, &d->host, d->config, &d->meters);
    if (r >= 0)
        r = add_ports(d);
    if (r >= 0)
        interface_start(d);
    return r;
}

static void daemon_done(struct daemon *d)
{
    interface_stop(d);
    for (size_t i = 0; i < d->n_ports; i++)
        port_free(d->ports[i]);
    free(d->ports);
    hat_stop(&d->hat);
    values_stop(&d->values);
    keeper_stop(&d->keeper);
    meters_done(&d->meters);
    config_free(d->config);
    sd_event_unref(d->event);
}

int daemon_run(const struct options *options, struct config *config)
{
    struct daemon d = { .options = options, .config = config };
    int r;

    d.host = (struct host){ .hat = &d.hat,
                            .keeper = &d.keeper,
                            .meters = &d.meters,
                            .port_changed = on_port_changed,
                            .rate_changed = on_rate_changed,
                            .address_is_free = on_address_wanted,
                            .meters_moved = on_meters_moved,
                            .meter_tallied = on_meter_tallied,
                            .meter_answered = on_meter_answered,
                            .meter_written = on_meter_written,
                            .userdata = &d };
    r = daemon_init(&d);
    if (r >= 0) {
        daemon_announce(&d);
        r = sd_event_loop(d.event);
    }
    daemon_done(&d);
    return r;
}
