#include "daemon/clients.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/macros.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

#define ACCEPT_PAUSE USEC_PER_SEC
/* Refused clients are told once in this time, with how many they were. */
#define REFUSAL_INTERVAL (10 * USEC_PER_SEC)

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

static void refuse_client(struct port *port, struct transport *transport)
{
    usec_t now = clock_now();

    port->refused++;
    if (port->refusal_told == 0 || now - port->refusal_told >= REFUSAL_INTERVAL) {
        log_event(LOG_LEVEL_WARNING, NULL,
                  LOG_FIELDS({ "MBUS_PORT", port_title(port) }, { "MBUS_CLIENT", transport->name }),
                  "%s: refused %s: %u clients are connected (max_clients); %llu refused since the "
                  "last such line",
                  port_title(port), transport->name, port->config->max_clients,
                  (unsigned long long)port->refused);
        port->refusal_told = now;
        port->refused = 0;
    }
    transport_close(transport);
}

static void take_client(struct port *port, struct transport *transport)
{
    struct client *client;

    if (port->n_clients >= port->config->max_clients) {
        refuse_client(port, transport);
        return;
    }
    client = calloc(1, sizeof(*client));
    if (client == NULL) {
        transport_close(transport);
        return;
    }
    client->bus.lost = on_client_lost;
    client->bus.owner = port;
    if (bus_start(&client->bus, port->host, port->config, port->config->baud, transport) < 0) {
        free(client);
        return;
    }
    client->next = port->clients;
    port->clients = client;
    port->n_clients++;
    log_event(LOG_LEVEL_DEBUG, MESSAGE_CLIENT_CONNECTED,
              LOG_FIELDS({ "MBUS_PORT", port_title(port) },
                         { "MBUS_CLIENT", client->bus.transport.name }),
              "%s: %s connected", port_title(port), client->bus.transport.name);
}

/* No descriptor is left, say. The client keeps waiting and would keep the loop busy, so all wait
 * for a moment; it is said once. */
static void pause_accepting(struct port *port, int error)
{
    if (port->error != error)
        log_event(LOG_LEVEL_WARNING, NULL, LOG_FIELDS({ "MBUS_PORT", port_title(port) }),
                  "%s: a client could not be taken: %s", port_title(port), strerror(-error));
    port->error = error;
    for (size_t i = 0; i < port->listener.n; i++)
        sd_event_source_set_enabled(port->accept[i], SD_EVENT_OFF);
    port_retry_in(port, ACCEPT_PAUSE);
}

static int on_accept(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    struct port *port = userdata;
    struct transport transport = TRANSPORT_CLOSED;
    int r = tcp_accept(fd, &transport);

    (void)source;
    (void)revents;
    if (r == 0) {
        port->error = 0;
        take_client(port, &transport);
    } else if (r != -EAGAIN) {
        pause_accepting(port, r);
    }
    return 0;
}

int clients_listen(struct port *port)
{
    int r = tcp_listen(port->config, &port->listener);

    if (r < 0)
        return r;
    for (size_t i = 0; i < port->listener.n; i++) {
        r = sd_event_add_io(port->host->event, &port->accept[i], port->listener.fds[i], EPOLLIN,
                            on_accept, port);
        if (r < 0)
            return r;
        sd_event_source_set_description(port->accept[i], "tcp-accept");
        sd_event_source_set_priority(port->accept[i], SD_EVENT_PRIORITY_IMPORTANT);
    }
    log_event(LOG_LEVEL_INFO, MESSAGE_PORT_OPEN, LOG_FIELDS({ "MBUS_PORT", port->config->device }),
              "%s: listening on %s, TCP port %u", port->config->device,
              port->config->host ? port->config->host : "the loopback addresses",
              port->config->tcp_port);
    return 0;
}

void clients_stop(struct port *port)
{
    while (port->clients != NULL)
        client_free(port, port->clients);
    for (size_t i = 0; i < ARRAY_SIZE(port->accept); i++)
        port->accept[i] = sd_event_source_disable_unref(port->accept[i]);
    tcp_listener_close(&port->listener);
}

void clients_resume(struct port *port)
{
    for (size_t i = 0; i < port->listener.n; i++)
        sd_event_source_set_enabled(port->accept[i], SD_EVENT_ON);
}
