/* When the keeper writes the state, what follows a save, and what becomes of one that fails. */
#ifndef DAEMON_KEEPER_SAVE_H
#define DAEMON_KEEPER_SAVE_H

#include "daemon/keeper.h"

/* Gets ready, once k->event and k->state are set. 0 or a negative errno. */
int keeper_save_begin(struct keeper *k);

/*
 * Writes the state now; what takes long follows. For KEEPER_WRITES_ARE_REFUSED drafts are written
 * too, and if it fails the meters are busy (DFC) until a save succeeds. 0 or a negative errno.
 */
int keeper_save(struct keeper *k, enum keeper_trouble if_it_fails);

/* Something has changed: a save within the interval, and at most one however often this is called.
 */
void keeper_save_later(struct keeper *k);

/* No save is due any more, nor what follows one. */
void keeper_save_no_more(struct keeper *k);

/* Writes all of it, and to the disk; the end of keeper_save_begin(). 0 or a negative errno. */
int keeper_save_last(struct keeper *k);

#endif
