#include "config/config.h"

#include <stdlib.h>

void config_free(struct config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->n_ports; i++) {
        free(config->ports[i].device);
        free(config->ports[i].link);
        free(config->ports[i].host);
    }
    for (size_t i = 0; i < config->n_meters; i++) {
        free(config->meters[i].name);
        free(config->meters[i].records);
    }
    for (size_t i = 0; i < HAT_ROLES; i++) {
        free(config->hat.roles[i].line.name);
        free(config->hat.roles[i].line.chip);
    }
    free(config->ports);
    free(config->meters);
    free(config);
}

void config_messages_done(struct config_messages *messages)
{
    for (size_t i = 0; i < messages->n; i++)
        free(messages->items[i].text);
    free(messages->items);
    *messages = (struct config_messages){ 0 };
}
