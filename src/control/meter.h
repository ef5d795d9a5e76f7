/* A meter as a row of a list. */
#ifndef CONTROL_METER_H
#define CONTROL_METER_H

#include <systemd/sd-bus.h>

#include "control/subject.h"

/* Name, address, id, manufacturer, version, medium, access number, status, whether it is mute,
 * values that are not good, requests, answers, refused requests. */
#define METER_ROW "syssysyybuttt"

int meter_append_row(sd_bus_message *m, const struct subject *s);

#endif
