/* Ctrl-C and SIGTERM while a bus is in use: what was begun is tidied up first. */
#ifndef CTL_INTERRUPT_H
#define CTL_INTERRUPT_H

#include <stdbool.h>

#include "base/timing.h"

/* From now on the signals wait until somebody looks. */
void interrupt_catch(void);

/* Whether one has come. */
bool interrupted(void);

/* What has come was obeyed: waits for the next one. */
void interrupt_forget(void);

/*
 * Waits until `fd` has something to read, until a time of clock_now(), or until a signal comes.
 * Returns 1, 0 when the time has passed, -EINTR or another negative errno.
 */
int interrupt_wait_readable(int fd, usec_t until);

/* The same for several descriptors at once: poll() that a signal ends, also one from before. */
struct pollfd;
int interrupt_poll(struct pollfd *fds, unsigned n, usec_t until);

/* If a signal has come: writes out what was printed and ends as the signal ends a program. */
void interrupt_obey(void);

#endif
