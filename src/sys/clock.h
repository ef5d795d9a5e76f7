/* The one clock of the protocol. */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include "base/timing.h"

/* CLOCK_MONOTONIC, as sd-event counts it. */
usec_t clock_now(void);

#endif
