#include "daemon/roster.h"

#include <errno.h>
#include <stdlib.h>

/* All snapshots lie in one block: that of the selected meter, which may be the largest of them,
 * then one a meter. */
static int add_snapshots(struct slave_roster *roster)
{
    struct meter_cell *next;
    size_t sum = 0, most = 0;

    for (size_t i = 0; i < roster->n; i++) {
        size_t n = roster->meters[i].meter->def->n_records;

        sum += n;
        most = n > most ? n : most;
    }
    roster->selected_snapshot = calloc(most + sum + 1, sizeof(struct meter_cell));
    if (roster->selected_snapshot == NULL)
        return -ENOMEM;
    next = roster->selected_snapshot + most;
    for (size_t i = 0; i < roster->n; i++) {
        roster->meters[i].path.readout.snapshot = next;
        next += roster->meters[i].meter->def->n_records;
    }
    return 0;
}

int roster_new(const struct port_config *port, const struct meters *meters,
               struct slave_roster *ret)
{
    struct slave_roster roster = { .n = meters_count_on(port, meters) };
    int r = -ENOMEM;

    roster.meters = calloc(roster.n, sizeof(*roster.meters));
    roster.idents = calloc(roster.n, sizeof(*roster.idents));
    for (size_t i = 0; roster.meters != NULL && i < roster.n; i++)
        roster.meters[i].meter = meters_on(port, meters, i);
    if (roster.meters != NULL && roster.idents != NULL)
        r = add_snapshots(&roster);
    if (r < 0) {
        roster_free(&roster);
        return r;
    }
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
