#include "daemon/roster.h"

#include <errno.h>
#include <stdlib.h>

static struct meter *meter_at(const struct port_config *port, const struct meters *meters, size_t i)
{
    return meters->items[port->meters != NULL ? port->meters[i] : i];
}

/* All snapshots lie in one block, behind the largest of them, which is that of the selected meter.
 */
static struct meter_cell *new_snapshots(const struct slave_roster *roster)
{
    size_t sum = 0, most = 0;

    for (size_t i = 0; i < roster->n; i++) {
        size_t n = roster->meters[i].meter->def->n_records;

        sum += n;
        most = n > most ? n : most;
    }
    return calloc(most + sum + 1, sizeof(struct meter_cell));
}

static void hand_out_snapshots(struct slave_roster *roster)
{
    struct meter_cell *next = roster->selected_snapshot;
    size_t most = 0;

    for (size_t i = 0; i < roster->n; i++) {
        size_t n = roster->meters[i].meter->def->n_records;

        most = n > most ? n : most;
    }
    next += most;
    for (size_t i = 0; i < roster->n; i++) {
        roster->meters[i].path.readout.snapshot = next;
        next += roster->meters[i].meter->def->n_records;
    }
}

int roster_new(const struct port_config *port, const struct meters *meters,
               struct slave_roster *ret)
{
    struct slave_roster roster = { .n = port->meters != NULL ? port->n_meters : meters->n };

    roster.meters = calloc(roster.n, sizeof(*roster.meters));
    roster.idents = calloc(roster.n, sizeof(*roster.idents));
    for (size_t i = 0; roster.meters != NULL && i < roster.n; i++)
        roster.meters[i].meter = meter_at(port, meters, i);
    if (roster.meters != NULL)
        roster.selected_snapshot = new_snapshots(&roster);
    if (roster.idents == NULL || roster.selected_snapshot == NULL) {
        roster_free(&roster);
        return -ENOMEM;
    }
    hand_out_snapshots(&roster);
    *ret = roster;
    return 0;
}

void roster_free(struct slave_roster *roster)
{
    free(roster->meters);
    free(roster->idents);
    free(roster->selected_snapshot);
    *roster = (struct slave_roster){ 0 };
}
