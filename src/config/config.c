#include "config/config.h"

#include <stdlib.h>

#include "config/strings.h"

static void meter_def_free(struct meter_def *def)
{
    for (size_t i = 0; i < def->n_records; i++) {
        free(def->records[i].name);
        free(def->records[i].bytes);
    }
    free(def->records);
    free(def->tail);
    free(def->name);
}

static void source_config_done(struct source_config *source)
{
    switch (source->kind) {
    case SOURCE_FILE:
    case SOURCE_COMMAND:
        free(source->text.pattern);
        free(source->path);
        strings_free(source->argv);
        break;
    case SOURCE_DERIVED:
        free(source->derived.inputs);
        break;
    case SOURCE_CLOCK:
        free(source->zone);
        break;
    default:
        break;
    }
    strings_free(source->write_command);
}

void config_free(struct config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->n_ports; i++) {
        free(config->ports[i].device);
        free(config->ports[i].link);
        free(config->ports[i].host);
        free(config->ports[i].meters);
    }
    for (size_t i = 0; i < config->n_meters; i++)
        meter_def_free(&config->meters[i]);
    for (size_t i = 0; i < config->n_sources; i++)
        source_config_done(&config->sources[i]);
    free(config->sources);
    free(config->control_name);
    free(config->state_directory);
    for (size_t i = 0; i < HAT_ROLES; i++) {
        free(config->hat.roles[i].line.name);
        free(config->hat.roles[i].line.chip);
    }
    free(config->ports);
    free(config->meters);
    free(config);
}

/* 33 bit times, but longer than what a driver holds bytes back for, and on a pty or in a network
 * longer than a scheduler does. */
usec_t port_gap(const struct port_config *port, unsigned baud)
{
    usec_t floor = port->kind == PORT_SERIAL ? 20 * USEC_PER_MSEC : 100 * USEC_PER_MSEC;
    usec_t bits = bits_at_least(33, baud);

    if (port->gap > 0)
        return port->gap;
    return bits > floor ? bits : floor;
}

void config_messages_done(struct config_messages *messages)
{
    for (size_t i = 0; i < messages->n; i++)
        free(messages->items[i].text);
    free(messages->items);
    *messages = (struct config_messages){ 0 };
}
