/* A port as D-Bus shows it. */
#ifndef CONTROL_PORT_H
#define CONTROL_PORT_H

#include "control/control.h"

enum port_count {
    PORT_REQUESTS,   /* good ones to a meter of ours, broadcasts aside */
    PORT_ANSWERS,    /* that have left */
    PORT_BAD_FRAMES, /* broken in any way */
    PORT_FOREIGN,    /* requests to other meters, and their answers */
    PORT_LATE,       /* answers that missed their window */
    PORT_COUNTS,
};

struct port_view {
    struct control_port port;
    const char *kind;
    size_t n_meters;
    uint64_t counts[PORT_COUNTS];
};

void port_look(struct control *c, size_t i, struct port_view *ret);

#endif
