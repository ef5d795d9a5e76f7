/* The one clock of the protocol, and that of people. */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include "base/timing.h"

/* CLOCK_MONOTONIC, as sd-event counts it. */
usec_t clock_now(void);

/* CLOCK_REALTIME: when something was, for people. */
usec_t clock_wall(void);

#endif
