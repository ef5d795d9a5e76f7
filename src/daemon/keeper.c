#include "daemon/keeper.h"

#include <time.h>

#include "meter/draft.h"

/* The system's local time, as a clock on the wall shows it, in seconds. */
static int64_t local_time(void)
{
    time_t now = time(NULL);
    struct tm tm;

    localtime_r(&now, &tm);
    return (int64_t)now + tm.tm_gmtoff;
}

int keeper_start(struct keeper *k, sd_event *event, const struct config *config,
                 struct meters *meters)
{
    (void)config;
    *k = (struct keeper){ .event = event, .meters = meters };
    return 0;
}

int keeper_reload(struct keeper *k, const struct config *config)
{
    (void)k;
    (void)config;
    return 0;
}

int keeper_store(struct keeper *k)
{
    int64_t local = local_time();

    for (size_t i = 0; i < k->meters->n; i++) {
        if (k->meters->items[i]->drafting)
            meter_draft_set_clock(k->meters->items[i], local);
    }
    return 0;
}

unsigned keeper_rate(struct keeper *k, const struct port_config *port)
{
    (void)k;
    return port->baud;
}

void keeper_rate_is_good(struct keeper *k, const struct port_config *port, unsigned baud)
{
    (void)k;
    (void)port;
    (void)baud;
}

void keeper_stop(struct keeper *k)
{
    (void)k;
}
