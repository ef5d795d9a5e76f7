/* The service as its files know it. */
#ifndef CONTROL_PRIVATE_H
#define CONTROL_PRIVATE_H

#include <systemd/sd-bus.h>

#include "control/changes.h"
#include "control/connection.h"
#include "control/index.h"
#include "control/replies.h"
#include "control/subject.h"
#include "control/watch.h"

struct control {
    struct control_host host;
    const struct config *config;
    struct meter *const *meters;
    struct sources *sources;
    struct index index;
    struct changes changes; /* ports, then meters, then records that can change */
    uint32_t *errors_told;  /* of each meter: how many values were not good */
    struct connection connection;
    struct replies replies;
    struct watch watch;
    struct subject self; /* the Manager */
    struct subject
        found; /* the object that sd-bus has asked for last: it does so before each use */
};

#endif
