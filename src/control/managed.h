/* GetManagedObjects: what sd-bus would make in one go, a piece at a time. */
#ifndef CONTROL_MANAGED_H
#define CONTROL_MANAGED_H

#include <systemd/sd-bus.h>

#include "control/subject.h"

/* So many objects are listed; who serves more has ListMeters() and ListRecords(). */
#define MANAGED_MAX 20000U

/* Takes the calls before sd-bus does. 0 or a negative errno. */
int managed_add(struct control *c, sd_bus *bus);

#endif
