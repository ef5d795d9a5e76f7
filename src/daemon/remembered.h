/* What the log says of things that masters have set: at the start, and as they do it. */
#ifndef DAEMON_REMEMBERED_H
#define DAEMON_REMEMBERED_H

#include "daemon/meters.h"
#include "store/state.h"

/* What the log knows of a meter. */
struct told {
    uint8_t address;
    struct ident ident;
    int64_t clock_offset;
    uint32_t generation;
};

/* One for each meter, as they are now; frees what *told is. 0 or -ENOMEM. */
int remembered_new(const struct meters *meters, struct told **told);

/* What a meter is now is known already. */
void remembered_note(struct told *told, const struct meter *meter);

/* Says what has changed since. */
void remembered_tell_changes(struct told *told, const struct meters *meters);

/* How much of one kind was said: of a bus of thousands, the first few and how many there are. */
struct remembered {
    size_t n;
};

/* A state_tell; `userdata` is a struct remembered. */
void remembered_tell(void *userdata, const struct state_notice *notice);

/* Says how many notices there were beyond those that were told. */
void remembered_tell_rest(const struct remembered *log);

/* What state_open() found damaged, into `text`; false when nothing was. */
bool remembered_damage(const struct state_verdict *verdict, char *text, size_t size);

/*
 * Says where the state is kept, or why it is not; `result` is that of state_open(). A negative
 * errno: nothing can be kept; 0: it can, or nobody has asked for it.
 */
int remembered_tell_directory(const struct state_verdict *verdict, int result);

#endif
