#include "daemon/port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "base/macros.h"
#include "daemon/trace.h"
#include "io/uart.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

#define BACKOFF_FIRST USEC_PER_SEC
#define BACKOFF_MAX (30 * USEC_PER_SEC)
#define ACCEPTS_PER_SECOND 100
#define RETRY_ACCURACY (100 * USEC_PER_MSEC)

static int port_open(struct port *port);

/* ---- waiting for a port ---------------------------------------------------------------------- */

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct port *port = userdata;

    (void)source;
    (void)usec;
    port_open(port);
    if (port->open)
        port->changed(port->userdata);
    return 0;
}

static void log_waiting(const struct port *port)
{
    log_event(LOG_LEVEL_WARNING, MESSAGE_PORT_WAITING,
              LOG_FIELDS({ "MBUS_PORT", port->config->device }),
              "%s: cannot be opened: %s; trying again until it can", port->config->device,
              strerror(-port->error));
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

static void retry_later(struct port *port, int error)
{
    bool news = port->error != error;

    port->error = error;
    if (news) {
        log_waiting(port);
        look_at_uart(port);
    }
    sd_event_source_set_time(port->retry, clock_now() + port->backoff);
    sd_event_source_set_enabled(port->retry, SD_EVENT_ONESHOT);
    port->backoff = port->backoff * 2 < BACKOFF_MAX ? port->backoff * 2 : BACKOFF_MAX;
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

    log_event(LOG_LEVEL_WARNING, MESSAGE_PORT_LOST,
              LOG_FIELDS({ "MBUS_PORT", port->config->device }),
              "%s: gone (%s); trying to open it again", port->config->device, strerror(-error));
    bus_add_counters(bus, &port->past);
    bus_stop(bus);
    port->open = false;
    retry_later(port, error);
    port->changed(port->userdata);
}

static void log_bus_open(const struct port *port)
{
    const struct transport *t = &port->bus.transport;
    const struct log_field *fields = LOG_FIELDS({ "MBUS_PORT", port->config->device });

    if (port->config->kind == PORT_PTY)
        log_event(LOG_LEVEL_INFO, MESSAGE_PORT_OPEN, fields,
                  "pty: point a master at %s%s%s%s, %u baud, 8E1", t->link ? t->link : t->name,
                  t->link ? " (" : "", t->link ? t->name : "", t->link ? ")" : "",
                  port->config->baud);
    else
        log_event(LOG_LEVEL_INFO, MESSAGE_PORT_OPEN, fields, "%s: open, %u baud, 8%c1", t->name,
                  port->config->baud, port->config->parity_even ? 'E' : 'N');
}

static int open_bus(struct port *port)
{
    struct transport transport = TRANSPORT_CLOSED;
    int r = port->config->kind == PORT_PTY ? pty_open(port->config, &transport)
                                           : serial_open(port->config, &transport);

    if (r < 0)
        return r;
    port->bus = (struct bus){ .lost = on_bus_lost, .owner = port };
    r = bus_start(&port->bus, port->event, port->config, &transport, port->meter);
    if (r < 0)
        return r;
    log_bus_open(port);
    look_at_uart(port);
    return 0;
}

/* ---- many buses: tcp ------------------------------------------------------------------------- */

static void client_free(struct port *port, struct client *client)
{
    struct client **at = &port->clients;

    while (*at != client)
        at = &(*at)->next;
    *at = client->next;
    port->n_clients--;
    bus_add_counters(&client->bus, &port->past);
    bus_stop(&client->bus);
    free(client);
}

static void on_client_lost(struct bus *bus, int error)
{
    log_event(LOG_LEVEL_DEBUG, MESSAGE_CLIENT_GONE,
              LOG_FIELDS({ "MBUS_PORT", bus->transport.name }), "%s: gone (%s)",
              bus->transport.name, error == -EPIPE ? "closed by the client" : strerror(-error));
    client_free(bus->owner, (struct client *)((char *)bus - offsetof(struct client, bus)));
}

static void take_client(struct port *port, struct transport *transport)
{
    struct client *client;

    if (port->n_clients >= port->config->max_clients) {
        log_event(LOG_LEVEL_WARNING, NULL, LOG_FIELDS({ "MBUS_PORT", port->config->device }),
                  "%s: refused %s, %u clients are connected (max_clients)", port->config->device,
                  transport->name, port->config->max_clients);
        transport_close(transport);
        return;
    }
    client = calloc(1, sizeof(*client));
    if (client == NULL) {
        transport_close(transport);
        return;
    }
    client->bus.lost = on_client_lost;
    client->bus.owner = port;
    if (bus_start(&client->bus, port->event, port->config, transport, port->meter) < 0) {
        free(client);
        return;
    }
    client->next = port->clients;
    port->clients = client;
    port->n_clients++;
    log_event(LOG_LEVEL_DEBUG, MESSAGE_CLIENT_CONNECTED,
              LOG_FIELDS({ "MBUS_PORT", client->bus.transport.name }), "%s: connected",
              client->bus.transport.name);
}

/* A client that cannot be taken (no descriptor left, say) keeps waiting and would keep the loop
 * busy: the rate limit bounds that, and the log says it once. */
static int on_accept(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    struct port *port = userdata;
    struct transport transport = TRANSPORT_CLOSED;
    int r = tcp_accept(fd, &transport);

    (void)source;
    (void)revents;
    if (r == 0)
        take_client(port, &transport);
    else if (r != -EAGAIN && r != port->error)
        log_event(LOG_LEVEL_WARNING, NULL, LOG_FIELDS({ "MBUS_PORT", port->config->device }),
                  "%s: a client could not be taken: %s", port->config->device, strerror(-r));
    port->error = r == -EAGAIN ? port->error : r;
    return 0;
}

static int open_listener(struct port *port)
{
    int r = tcp_listen(port->config, &port->listener);

    if (r < 0)
        return r;
    for (size_t i = 0; i < port->listener.n; i++) {
        r = sd_event_add_io(port->event, &port->accept[i], port->listener.fds[i], EPOLLIN,
                            on_accept, port);
        if (r < 0)
            return r;
        sd_event_source_set_description(port->accept[i], "tcp-accept");
        sd_event_source_set_ratelimit(port->accept[i], USEC_PER_SEC, ACCEPTS_PER_SECOND);
    }
    log_event(LOG_LEVEL_INFO, MESSAGE_PORT_OPEN, LOG_FIELDS({ "MBUS_PORT", port->config->device }),
              "%s: listening on %s, TCP port %u", port->config->device,
              port->config->host ? port->config->host : "the loopback addresses",
              port->config->tcp_port);
    return 0;
}

static void close_listener(struct port *port)
{
    for (size_t i = 0; i < ARRAY_SIZE(port->accept); i++)
        port->accept[i] = sd_event_source_disable_unref(port->accept[i]);
    tcp_listener_close(&port->listener);
}

/* ---- the port -------------------------------------------------------------------------------- */

static int port_open(struct port *port)
{
    int r = port->config->kind == PORT_TCP ? open_listener(port) : open_bus(port);

    if (r < 0) {
        if (port->config->kind == PORT_TCP)
            close_listener(port);
        retry_later(port, r);
        return r;
    }
    opened(port);
    return 0;
}

static int add_retry_timer(struct port *port)
{
    int r = sd_event_add_time(port->event, &port->retry, CLOCK_MONOTONIC, 0, RETRY_ACCURACY,
                              on_retry, port);

    if (r < 0)
        return r;
    sd_event_source_set_description(port->retry, "port-retry");
    return sd_event_source_set_enabled(port->retry, SD_EVENT_OFF);
}

int port_new(sd_event *event, const struct port_config *config, struct meter *meter,
             void (*changed)(void *userdata), void *userdata, struct port **ret)
{
    struct port *port = calloc(1, sizeof(*port));
    int r;

    if (port == NULL)
        return -ENOMEM;
    *port = (struct port){
        .event = event,
        .config = config,
        .meter = meter,
        .backoff = BACKOFF_FIRST,
        .changed = changed,
        .userdata = userdata,
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
    while (port->clients != NULL)
        client_free(port, port->clients);
    if (port->config->kind == PORT_TCP)
        close_listener(port);
    bus_stop(&port->bus);
    sd_event_source_disable_unref(port->retry);
    free(port);
    return NULL;
}

void port_rebase(struct port *port, const struct port_config *config)
{
    port->config = config;
    bus_rebase(&port->bus, config);
    for (struct client *c = port->clients; c != NULL; c = c->next)
        bus_rebase(&c->bus, config);
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

void port_log_counters(const struct port *port)
{
    struct slave_counters sum = port->past;
    char text[512];

    if (port->open && port->config->kind != PORT_TCP)
        bus_add_counters(&port->bus, &sum);
    for (const struct client *c = port->clients; c != NULL; c = c->next)
        bus_add_counters(&c->bus, &sum);
    counters_text(&sum, text, sizeof(text));
    log_event(LOG_LEVEL_INFO, MESSAGE_COUNTERS, LOG_FIELDS({ "MBUS_PORT", port->config->device }),
              "%s: %s", port->config->device, text);
}
