/* Numbers that come from outside over D-Bus. */
#ifndef CONTROL_PUSH_H
#define CONTROL_PUSH_H

#include <systemd/sd-bus.h>

#include "control/subject.h"

/* Manager.SetValues(a(sv)): all of them or none. */
int push_many(sd_bus_message *m, void *userdata, sd_bus_error *error);

/* Record.Set(v). */
int push_one(sd_bus_message *m, void *userdata, sd_bus_error *error);

#endif
