/* A D-Bus of a test's own, and a client on it. */
#ifndef TESTS_SYSTEM_BUS_H
#define TESTS_SYSTEM_BUS_H

#include <systemd/sd-bus.h>

#include "tests/system/harness.h"

#define SERVICE "io.github.mbus_slave1"
#define SERVICE_PATH "/io/github/mbus_slave1"

struct test_bus {
    char address[160];
    pid_t pid; /* of dbus-daemon; 0: it does not run */
    sd_bus *client;
};

/* The rig's daemon is told where its bus will be; `bus` must stay in place as long as the rig. */
void test_bus_init(struct test_bus *bus, struct rig *rig);

/* Starts it, whether the daemon runs already or not, and connects a client. */
void test_bus_start(struct test_bus *bus, const struct rig *rig);

/* Waits until the daemon is there by its name. */
void test_bus_expect_service(const struct test_bus *bus);

/* Ends it as a crash would. Accepts one that does not run. */
void test_bus_kill(struct test_bus *bus);

/* Another client; sd_bus_flush_close_unref(). */
sd_bus *test_bus_connect(const struct test_bus *bus);

/* Manager.SetValues with pairs of "meter.record" and a number, which must be double: the name of
 * the error, "" when it is done. */
const char *test_bus_set_(sd_bus *client, ...);
#define test_bus_set(...) test_bus_set_(__VA_ARGS__, "")

/* What a record shows over D-Bus: its number as text ("12.5"), its error and its trouble. */
struct test_shown {
    char value[64], error[64], trouble[200];
};

void test_bus_show(sd_bus *client, const char *meter, const char *record, struct test_shown *ret);

#endif
