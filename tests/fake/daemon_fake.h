/* A bus of the test's own (a real dbus-daemon), and on it a service with the daemon's interface, in
 * a process that can be killed and started again. What it is given is written down. */
#ifndef TESTS_FAKE_DAEMON_FAKE_H
#define TESTS_FAKE_DAEMON_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How the service differs from one where all is well. */
struct daemon_fake_manner {
    const char *suffix;  /* of its name */
    const char *refuses; /* "meter.record" that it lists as pushed, and takes no value for */
    const char *added;   /* a further pushed record of the meter heat */
    bool denies;         /* writing is for others */
    bool is_silent;      /* SetValues is never answered */
    bool has_troubles;   /* errors, closed ports, a state that is not kept */
    unsigned frames;     /* how many whoever watches is shown */
};

struct daemon_fake {
    char dir[64];
    pid_t bus, service;
};

/* Makes the folder and starts the bus; from then on $DBUS_SYSTEM_BUS_ADDRESS leads there. False:
 * there is no dbus-daemon. */
bool daemon_fake_open(struct daemon_fake *fake);

/* Starts the service and waits until it has its name; one that runs is killed before. */
void daemon_fake_start(struct daemon_fake *fake, const struct daemon_fake_manner *manner);
void daemon_fake_kill(struct daemon_fake *fake);
void daemon_fake_kill_bus(struct daemon_fake *fake);

/* What was given: lines "NAME VALUE" in their order, and "call" behind those of each call. */
const char *daemon_fake_given(const struct daemon_fake *fake);

/* Ends all and removes the folder. */
void daemon_fake_close(struct daemon_fake *fake);

#endif
