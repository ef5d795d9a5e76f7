#include "daemon/check.h"

#include <stdio.h>

#include "mbus/frame.h"
#include "mbus/header.h"
#include "mbus/ident.h"
#include "meter/rsp_ud.h"
#include "sys/log.h"
#include "sys/messages.h"

/* So many names stand in the line of a port. */
#define ROSTER_SHOWN 8U

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

/* The meters of a port, where it does not serve all. */
static void print_roster(const struct port_config *port, const struct meter_def *meters)
{
    if (port->meters == NULL)
        return;
    for (size_t i = 0; i < port->n_meters && i < ROSTER_SHOWN; i++)
        printf("%s%s", i > 0 ? ", " : "; meters ", meters[port->meters[i]].name);
    if (port->n_meters > ROSTER_SHOWN)
        printf(" and %zu more", port->n_meters - ROSTER_SHOWN);
}

static void print_port(const struct port_config *port, const struct meter_def *meters)
{
    char rate[32] = "automatic rate";

    if (port->baud > 0)
        (void)snprintf(rate, sizeof(rate), "%u baud", port->baud);
    switch (port->kind) {
    case PORT_SERIAL:
        printf("port %s: serial, %s, 8%c1", port->device, rate, port->parity_even ? 'E' : 'N');
        break;
    case PORT_PTY:
        printf("port %s: pseudo-terminal, %s%s%s", port->device, rate, port->link ? ", link " : "",
               port->link ? port->link : "");
        break;
    case PORT_TCP:
        printf("port %s: TCP port %u on %s, at most %u clients", port->device, port->tcp_port,
               port->host ? port->host : "the loopback addresses", port->max_clients);
        break;
    }
    print_roster(port, meters);
    putchar('\n');
}

/* The longest frame of a readout in several telegrams: each takes what fits, and all but the last
 * end with a 1F (mbus-protocol 12). */
static size_t longest_telegram(const struct meter_def *meter)
{
    size_t tail = meter->n_tail > 0 ? meter->n_tail + 1 : 0;
    size_t n = LONG_HEADER_SIZE, longest = 0;

    for (size_t i = 0; i < meter->n_records; i++) {
        size_t size = meter_record_size(&meter->records[i]);
        bool last = i + 1 == meter->n_records && tail == 0;

        if (n + size + !last + FRAME_L_MIN > meter->max_telegram) {
            longest = n + 1 > longest ? n + 1 : longest;
            n = LONG_HEADER_SIZE;
        }
        n += size;
    }
    if (n + tail + FRAME_L_MIN > meter->max_telegram) {
        longest = n + 1 > longest ? n + 1 : longest;
        n = LONG_HEADER_SIZE;
    }
    n += tail;
    return (n > longest ? n : longest) + FRAME_L_MIN + FRAME_LONG_OVERHEAD;
}

/* Values that come from a source. */
static size_t count_live(const struct meter_def *meter)
{
    size_t n = 0;

    for (size_t i = 0; i < meter->n_records; i++)
        n += meter->records[i].is_live;
    return n;
}

static void print_telegrams(const struct meter_def *meter)
{
    size_t need, n = meter_telegrams(meter, &need);

    if (n > 1)
        printf("%zu telegrams, the longest of %zu bytes\n", n, longest_telegram(meter));
    else
        printf("telegram of %s%zu bytes\n", count_live(meter) > 0 ? "at most " : "",
               meter_answer_size(meter) + FRAME_L_MIN + FRAME_LONG_OVERHEAD);
}

static void print_meter(const struct meter_def *meter)
{
    char letters[4];

    printf("meter %s: address %u, id %08X, ", meter->name, meter->address, meter->ident.id);
    if (meter->structure == METER_FIXED) {
        printf("fixed structure, ");
    } else {
        ident_manufacturer_letters(meter->ident.manufacturer, letters);
        printf("manufacturer %s, version %u, %zu records, ", letters, meter->ident.version,
               meter->n_records);
        if (count_live(meter) > 0)
            printf("%zu of them live, ", count_live(meter));
    }
    print_telegrams(meter);
}

void check_summary(const struct config *config)
{
    for (size_t i = 0; i < config->n_ports; i++)
        print_port(&config->ports[i], config->meters);
    for (size_t i = 0; i < config->n_meters; i++)
        print_meter(&config->meters[i]);
}
