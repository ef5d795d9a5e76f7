/* A record as a row of a list. */
#ifndef CONTROL_RECORD_H
#define CONTROL_RECORD_H

#include <systemd/sd-bus.h>

#include "control/subject.h"

/* Name, kind of source, bytes on the wire, value, error, trouble, age in microseconds (UINT64_MAX:
 * it has none), whether a master may write it. */
#define RECORD_ROW "ssayvsstb"

int record_append_row(sd_bus_message *m, const struct subject *s);

#endif
