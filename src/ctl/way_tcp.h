/* M-Bus over TCP from the master's side: connects to a gateway, or to mbus-slave. */
#ifndef CTL_WAY_TCP_H
#define CTL_WAY_TCP_H

#include "ctl/way.h"

/* Connects. NULL with `ret` set, or why that did not work, in words. */
const char *way_connect(const struct way_tcp *tcp, struct transport *ret);

#endif
