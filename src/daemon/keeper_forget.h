/* Forgetting what masters have set of a meter, while it is at work (forget.h does it to the file of
 * a daemon that is not). */
#ifndef DAEMON_KEEPER_FORGET_H
#define DAEMON_KEEPER_FORGET_H

#include "daemon/keeper.h"

/*
 * Makes a meter what its definition says: address, identification, clock, values that masters have
 * written, what is left out of its readout. Numbers of live records stay. 1; 0: it was that, and
 * nothing is kept of it. -EADDRINUSE: the address is another meter's now, on a port where both
 * live; another negative errno: it cannot be kept. Then nothing has changed. The buses are for the
 * caller to tell (meters_moved()).
 */
int keeper_forget(struct keeper *k, const struct config *config, struct meter *meter);

#endif
