#include "daemon/port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/macros.h"
#include "daemon/clients.h"
#include "daemon/trace.h"
#include "io/uart.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

#define BACKOFF_FIRST USEC_PER_SEC
#define BACKOFF_MAX (30 * USEC_PER_SEC)
#define RETRY_ACCURACY (100 * USEC_PER_MSEC)

static int port_open(struct port *port);

/* ---- waiting for a port ---------------------------------------------------------------------- */

static const char *error_text(const struct port *port, int error)
{
    bool pty = port->config->kind == PORT_PTY;

    switch (error) {
    case -EPIPE:
        return "unplugged or hung up";
    case -ENOTTY:
        return "it is no terminal device";
    case -EEXIST:
        return pty ? "there is something that is no link to a pseudo-terminal" : strerror(EEXIST);
    case -EBUSY:
        return pty ? "another daemon has this link" : strerror(EBUSY);
    default:
        return strerror(-error);
    }
}

const char *port_error_text(const struct port *port)
{
    return error_text(port, port->error);
}

const char *port_title(const struct port *port)
{
    if (port->config->kind == PORT_PTY && port->open)
        return bus_port_name(&port->bus);
    return port->config->link != NULL ? port->config->link : port->config->device;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct port *port = userdata;
    int before = port->error;

    (void)source;
    (void)usec;
    if (port->open) {
        clients_resume(port);
        return 0;
    }
    port_open(port);
    if (port->open || port->error != before)
        port->host->port_changed(port->host->userdata);
    return 0;
}

static void log_waiting(const struct port *port)
{
    log_event(LOG_LEVEL_WARNING, MESSAGE_PORT_WAITING,
              LOG_FIELDS({ "MBUS_PORT", port_title(port) }),
              "%s: cannot be opened: %s; trying again until it can", port_title(port),
              port_error_text(port));
}

/* The usual troubles of a Pi's UART, told once: by what the machine shows, not by the errno alone.
 */
static void look_at_uart(struct port *port)
{
    const char *advice;

    if (port->config->kind != PORT_SERIAL || port->uart_told)
        return;
    advice = uart_advice(uart_look("", port->config->device));
    if (advice == NULL)
        return;
    port->uart_told = true;
    log_event(LOG_LEVEL_WARNING, MESSAGE_UART_TROUBLE,
              LOG_FIELDS({ "MBUS_PORT", port->config->device }), "%s: %s", port->config->device,
              advice);
}

void port_retry_in(struct port *port, usec_t delay)
{
    sd_event_source_set_time(port->retry, clock_now() + delay);
    sd_event_source_set_enabled(port->retry, SD_EVENT_ONESHOT);
}

static void retry_later(struct port *port)
{
    port_retry_in(port, port->backoff);
    port->backoff = port->backoff * 2 < BACKOFF_MAX ? port->backoff * 2 : BACKOFF_MAX;
}

static void open_failed(struct port *port, int error)
{
    bool news = port->error != error;

    port->error = error;
    if (news) {
        log_waiting(port);
        look_at_uart(port);
    }
    retry_later(port);
}

static void opened(struct port *port)
{
    port->open = true;
    port->error = 0;
    port->backoff = BACKOFF_FIRST;
}

/* ---- one bus: serial and pty ----------------------------------------------------------------- */

static void on_bus_lost(struct bus *bus, int error)
{
    struct port *port = bus->owner;

    log_event(LOG_LEVEL_WARNING, MESSAGE_PORT_LOST, LOG_FIELDS({ "MBUS_PORT", port_title(port) }),
              "%s: gone (%s); trying to open it again", port_title(port), error_text(port, error));
    bus_add_counters(bus, &port->past);
    bus_stop(bus);
    port->open = false;
    port->error = error;
    retry_later(port);
    port->host->port_changed(port->host->userdata);
}

static void log_bus_open(const struct port *port)
{
    const char *title = bus_port_name(&port->bus), *name = port->bus.transport.name;
    const struct log_field *fields = LOG_FIELDS({ "MBUS_PORT", title });
    bool linked = port->config->link != NULL;

    if (port->config->kind == PORT_PTY)
        log_event(LOG_LEVEL_INFO, MESSAGE_PORT_OPEN, fields,
                  "pty: point a master at %s%s%s%s, %u baud, 8E1", title, linked ? " (" : "",
                  linked ? name : "", linked ? ")" : "", port->bus.slave.rate.now);
    else
        log_event(LOG_LEVEL_INFO, MESSAGE_PORT_OPEN, fields, "%s: open, %u baud%s, 8%c1", title,
                  port->bus.slave.rate.now, port->config->baud == 0 ? " to begin with" : "",
                  port->config->parity_even ? 'E' : 'N');
}

/* The rate of a port that finds its own begins with the one that most masters use. */
static unsigned first_rate(const struct port *port)
{
    unsigned baud = keeper_rate(port->host->keeper, port->config);

    return baud > 0 ? baud : 2400;
}

static int open_bus(struct port *port)
{
    struct transport transport = TRANSPORT_CLOSED;
    struct port_config at = *port->config;
    int r;

    at.baud = first_rate(port);
    r = at.kind == PORT_PTY ? pty_open(&at, &transport) : serial_open(&at, &transport);

    if (r < 0)
        return r;
    port->bus = (struct bus){ .lost = on_bus_lost, .owner = port, .hat = port->host->hat };
    r = bus_start(&port->bus, port->host, port->config, at.baud, &transport);
    if (r < 0)
        return r;
    log_bus_open(port);
    look_at_uart(port);
    return 0;
}

/* ---- the port -------------------------------------------------------------------------------- */

static int port_open(struct port *port)
{
    int r = port->config->kind == PORT_TCP ? clients_listen(port) : open_bus(port);

    if (r < 0) {
        clients_stop(port);
        open_failed(port, r);
        return r;
    }
    opened(port);
    return 0;
}

static int add_retry_timer(struct port *port)
{
    int r = sd_event_add_time(port->host->event, &port->retry, CLOCK_MONOTONIC, 0, RETRY_ACCURACY,
                              on_retry, port);

    if (r < 0)
        return r;
    sd_event_source_set_description(port->retry, "port-retry");
    return sd_event_source_set_enabled(port->retry, SD_EVENT_OFF);
}

int port_new(const struct host *host, const struct port_config *config, struct port **ret)
{
    struct port *port = calloc(1, sizeof(*port));
    int r;

    if (port == NULL)
        return -ENOMEM;
    *port = (struct port){
        .host = host,
        .config = config,
        .backoff = BACKOFF_FIRST,
        .listener = { .fds = { -1, -1 } },
    };
    r = add_retry_timer(port);
    if (r < 0) {
        free(port);
        return r;
    }
    port_open(port);
    *ret = port;
    return 0;
}

struct port *port_free(struct port *port)
{
    if (port == NULL)
        return NULL;
    port_log_counters(port);
    clients_stop(port);
    bus_stop(&port->bus);
    sd_event_source_disable_unref(port->retry);
    free(port);
    return NULL;
}

/* Whoever reloads may just have mended what kept the port from opening. */
static void retry_at_once(struct port *port)
{
    port->backoff = BACKOFF_FIRST;
    port_retry_in(port, 0);
}

void port_rebase(struct port *port, const struct port_config *config)
{
    port->config = config;
    bus_rebase(&port->bus, config);
    for (struct client *c = port->clients; c != NULL; c = c->next)
        bus_rebase(&c->bus, config);
    if (!port->open)
        retry_at_once(port);
}

void port_meters_changed(struct port *port)
{
    struct client *next;

    if (port->config->kind != PORT_TCP) {
        if (port->open && bus_meters_changed(&port->bus) < 0)
            port->bus.lost(&port->bus, -ENOMEM);
        return;
    }
    for (struct client *c = port->clients; c != NULL; c = next) {
        next = c->next;
        if (bus_meters_changed(&c->bus) < 0)
            c->bus.lost(&c->bus, -ENOMEM);
    }
}

void port_each_bus(struct port *port, void (*visit)(struct bus *bus))
{
    struct client *next;

    if (port->config->kind != PORT_TCP) {
        if (port->open)
            visit(&port->bus);
        return;
    }
    for (struct client *c = port->clients; c != NULL; c = next) {
        next = c->next;
        visit(&c->bus);
    }
}

void port_count(const struct port *port, struct slave_counters *ret)
{
    *ret = port->past;
    if (port->open && port->config->kind != PORT_TCP)
        bus_add_counters(&port->bus, ret);
    for (const struct client *c = port->clients; c != NULL; c = c->next)
        bus_add_counters(&c->bus, ret);
}

void port_log_counters(const struct port *port)
{
    struct slave_counters sum;
    char text[512];

    port_count(port, &sum);
    counters_text(&sum, text, sizeof(text));
    log_event(LOG_LEVEL_INFO, MESSAGE_COUNTERS, LOG_FIELDS({ "MBUS_PORT", port_title(port) }),
              "%s: %s", port_title(port), text);
}
