/* The way to a bus that a master opens: "/dev/ttyUSB0", the name of a pty, "tcp:HOST:PORT". */
#ifndef CTL_WAY_H
#define CTL_WAY_H

#include <stdbool.h>
#include <stddef.h>

#include "io/transport.h"

#define WAY_HOST_SIZE 256U
#define WAY_SERVICE_SIZE 6U

struct way_tcp {
    char host[WAY_HOST_SIZE];
    char service[WAY_SERVICE_SIZE]; /* the port, 1 to 65535 */
};

/* Whether a device is reached by TCP. */
bool way_is_tcp(const char *device);

/* Takes "tcp:HOST:PORT", "tcp:[IPV6]:PORT" and "tcp:PORT", which is this machine, apart; false when
 * it is none of them. */
bool way_parse_tcp(const char *device, struct way_tcp *ret);

/* Whether `baud` is a rate of the bus. */
bool way_has_baud(unsigned baud);

/* Opens a device. NULL with `ret` set, or why it cannot be had, in words. */
const char *way_open(const char *device, unsigned baud, struct transport *ret);

#endif
