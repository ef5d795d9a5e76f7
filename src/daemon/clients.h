/* The clients of a TCP port: each is a bus of its own. */
#ifndef DAEMON_CLIENTS_H
#define DAEMON_CLIENTS_H

#include "daemon/port.h"

/* Listens as the port's settings say, and takes clients from then on. 0 or a negative errno. */
int clients_listen(struct port *port);

/* Listens again after a pause that a failed accept() made. */
void clients_resume(struct port *port);

/* Cuts all clients and stops to listen; accepts a port that never did. */
void clients_stop(struct port *port);

#endif
