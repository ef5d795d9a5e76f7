/* When the last stop bit of what was written has left a tty. */
#ifndef IO_DRAIN_H
#define IO_DRAIN_H

#include <stdbool.h>

/* Whether characters still wait or are on the wire, as far as the driver tells; never waits. What
 * the driver does not tell counts as gone: the caller has a clock. */
bool drain_is_busy(int fd);

#endif
