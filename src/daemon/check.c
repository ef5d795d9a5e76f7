#include "daemon/check.h"

#include <stdio.h>

#include "mbus/frame.h"
#include "mbus/ident.h"
#include "sys/log.h"
#include "sys/messages.h"

void check_log(const struct config_messages *messages, const char *message_id)
{
    for (size_t i = 0; i < messages->n; i++) {
        const struct config_message *m = &messages->items[i];

        log_event(m->is_error ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING,
                  m->is_error ? message_id : MESSAGE_CONFIG_WARNING, NULL, "%s", m->text);
    }
}

void check_print(const struct config_messages *messages)
{
    for (size_t i = 0; i < messages->n; i++) {
        const struct config_message *m = &messages->items[i];

        fprintf(stderr, "%s%s\n", m->is_error ? "" : "warning: ", m->text);
    }
}

static void print_port(const struct port_config *port)
{
    switch (port->kind) {
    case PORT_SERIAL:
        printf("port %s: serial, %u baud, 8%c1\n", port->device, port->baud,
               port->parity_even ? 'E' : 'N');
        break;
    case PORT_PTY:
        printf("port %s: pseudo-terminal, %u baud%s%s\n", port->device, port->baud,
               port->link ? ", link " : "", port->link ? port->link : "");
        break;
    case PORT_TCP:
        printf("port %s: TCP port %u on %s, at most %u clients\n", port->device, port->tcp_port,
               port->host ? port->host : "the loopback addresses", port->max_clients);
        break;
    }
}

static void print_meter(const struct meter_def *meter)
{
    size_t size = meter_answer_size(meter) + FRAME_L_MIN + FRAME_LONG_OVERHEAD;

    printf("meter %s: address %u, id %08X", meter->name, meter->address, meter->ident.id);
    if (meter->structure == METER_FIXED) {
        printf(", fixed structure, telegram of %zu bytes\n", size);
    } else {
        char letters[4];

        ident_manufacturer_letters(meter->ident.manufacturer, letters);
        printf(", manufacturer %s, version %u, %zu records, telegram of %zu bytes\n", letters,
               meter->ident.version, meter->n_records, size);
    }
}

void check_summary(const struct config *config)
{
    for (size_t i = 0; i < config->n_ports; i++)
        print_port(&config->ports[i]);
    for (size_t i = 0; i < config->n_meters; i++)
        print_meter(&config->meters[i]);
}
