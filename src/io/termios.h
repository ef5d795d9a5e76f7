/* The settings of a serial line, made without a device. */
#ifndef IO_TERMIOS_H
#define IO_TERMIOS_H

#include <stdbool.h>
#include <termios.h>

#include "config/config.h"

/*
 * Raw 8E1 (8N1 with parity none) at the port's rate, faults marked as parmrk.h decodes them.
 * 0, or -EINVAL for a rate that the bus does not have; `ret` is set on success.
 */
int termios_for_port(const struct port_config *port, struct termios *ret);

/* Sets both directions to a rate. 0, or -EINVAL for one that the bus does not have. */
int termios_set_baud(struct termios *t, unsigned baud);

/*
 * Whether a device that was given `want` and now says `got` took all that matters. A pty drops the
 * parity bit: `is_pty` excuses that alone.
 */
bool termios_taken(const struct termios *want, const struct termios *got, bool is_pty);

#endif
