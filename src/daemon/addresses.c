#include "daemon/addresses.h"

#include "mbus/link.h"
#include "sys/log.h"
#include "sys/messages.h"

static bool lives_on(const struct port_config *port, const struct meters *meters,
                     const struct meter *meter)
{
    for (size_t i = 0; i < meters_count_on(port, meters); i++) {
        if (meters_on(port, meters, i) == meter)
            return true;
    }
    return false;
}

static bool is_free_on(const struct port_config *port, const struct meters *meters,
                       const struct meter *meter)
{
    for (size_t i = 0; i < meters_count_on(port, meters); i++) {
        const struct meter *other = meters_on(port, meters, i);

        if (other != meter && other->now.address == meter->draft.address)
            return false;
    }
    return true;
}

bool addresses_draft_is_free(const struct config *config, const struct meters *meters,
                             const struct meter *meter)
{
    if (meter->draft.address == 0 || meter->draft.address == meter->now.address)
        return true;
    for (size_t i = 0; i < config->n_ports; i++) {
        const struct port_config *port = &config->ports[i];

        if (lives_on(port, meters, meter) && !is_free_on(port, meters, meter))
            return false;
    }
    return true;
}

static bool is_by_file(const struct meter *meter)
{
    return meter->now.address == meter->def->address;
}

static void give_up(struct meter *meter, const struct meter *owner)
{
    log_event(LOG_LEVEL_WARNING, MESSAGE_METER_CHANGED,
              LOG_FIELDS({ "MBUS_METER", meter->def->name }),
              "%s: a master had set address %u, which is that of %s now; answers at %u as the file "
              "says",
              meter->def->name, meter->now.address, owner->def->name, meter->def->address);
    meter->now.address = meter->def->address;
}

/* One look over a port; whoever gives up may take what another has from a master. */
static bool settle_port(const struct port_config *port, const struct meters *meters)
{
    const struct meter *owners[ADDRESS_PRIMARY_MAX + 1] = { NULL };
    bool changed = false;

    for (size_t i = 0; i < meters_count_on(port, meters); i++) {
        const struct meter *meter = meters_on(port, meters, i);

        if (meter->now.address != 0 && is_by_file(meter))
            owners[meter->now.address] = meter;
    }
    for (size_t i = 0; i < meters_count_on(port, meters); i++) {
        struct meter *meter = meters_on(port, meters, i);
        const struct meter **owner = &owners[meter->now.address];

        if (meter->now.address == 0 || is_by_file(meter))
            continue;
        if (*owner != NULL && *owner != meter) {
            give_up(meter, *owner);
            changed = true;
        } else {
            *owner = meter;
        }
    }
    return changed;
}

void addresses_settle(const struct config *config, const struct meters *meters)
{
    bool again = true;

    while (again) {
        again = false;
        for (size_t i = 0; i < config->n_ports; i++)
            again |= settle_port(&config->ports[i], meters);
    }
}
