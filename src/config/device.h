/* What a port hangs on, as people write it: "/dev/ttyAMA0", "pty", "tcp:127.0.0.1:10001". */
#ifndef CONFIG_DEVICE_H
#define CONFIG_DEVICE_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"

/* What device_parse() takes, for people. */
#define DEVICE_FORMS                                                                               \
    "\"/dev/...\", \"pty\", \"tcp:PORT\", \"tcp:ADDRESS:PORT\" or \"tcp:[IPV6]:PORT\""

struct device {
    enum port_kind kind;
    char host[INET6_ADDRSTRLEN]; /* PORT_TCP: in the shortest form; empty: both loopbacks */
    uint16_t tcp_port;           /* PORT_TCP */
};

/* NULL, or what is wrong with the text, as what follows it in a sentence. `ret` is set on success.
 */
const char *device_parse(const char *text, struct device *ret);

/* "a serial port", "a pty", "tcp". */
const char *device_kind_name(enum port_kind kind);

/* Whether two ports cannot be open at the same time. */
bool device_collides(const struct port_config *a, const struct port_config *b);

#endif
