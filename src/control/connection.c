#include "control/connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "control/names.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

#define PAUSE_FIRST (250 * USEC_PER_MSEC)
#define PAUSE_MAX (60 * USEC_PER_SEC)
#define ACCURACY (50 * USEC_PER_MSEC)
/* A bus that is there answers sooner. */
#define ANSWERS_WITHIN (2 * USEC_PER_SEC)
/* Messages that the bus has not taken: beyond that it is behind. */
#define QUEUE_MAX 1000U

#define SYSTEM_BUS "unix:path=/run/dbus/system_bus_socket"

/* ---- what the log is told -------------------------------------------------------------------- */

/* Each once, until it is otherwise. */
static void tell(struct connection *c, enum connection_told what, const char *why)
{
    const char *returns = "; it will be there as soon as that changes";

    bool is_still_gone = c->told == TOLD_LOST && what == TOLD_NO_BUS;

    if (c->told == what || is_still_gone)
        return;
    c->told = what;
    if (what == TOLD_HAS_NAME)
        log_event(LOG_LEVEL_INFO, MESSAGE_DBUS, NULL, "D-Bus: there as %s", c->name);
    else if (what == TOLD_NO_BUS)
        log_event(LOG_LEVEL_INFO, MESSAGE_DBUS, NULL,
                  "D-Bus: no system bus (%s); goes on without it, and is there as soon as it is",
                  why);
    else if (what == TOLD_LOST)
        log_event(LOG_LEVEL_INFO, MESSAGE_DBUS, NULL,
                  "D-Bus: the system bus is gone; goes on without it, and returns with it");
    else if (what == TOLD_REFUSED)
        log_event(LOG_LEVEL_WARNING, MESSAGE_DBUS, NULL, "D-Bus: the name %s is refused: %s%s",
                  c->name, why, returns);
    else
        log_event(LOG_LEVEL_WARNING, MESSAGE_DBUS, NULL,
                  "D-Bus: the name %s belongs to another program; control.name sets one of its "
                  "own%s",
                  c->name, returns);
}

/* ---- one connection -------------------------------------------------------------------------- */

static void run_in(struct connection *c, usec_t delay)
{
    sd_event_source_set_time(c->timer, clock_now() + delay);
    sd_event_source_set_enabled(c->timer, SD_EVENT_ONESHOT);
}

/* Tries again after a pause that grows. */
static void try_later(struct connection *c)
{
    run_in(c, c->pause);
    c->pause = c->pause * 2 < PAUSE_MAX ? c->pause * 2 : PAUSE_MAX;
}

static void close_bus(struct connection *c)
{
    if (c->bus == NULL)
        return;
    c->is_up = false;
    c->wants_name = false;
    c->closed(c->userdata);
    sd_bus_detach_event(c->bus);
    c->bus = sd_bus_close_unref(c->bus);
}

static void has_name(struct connection *c)
{
    c->pause = PAUSE_FIRST;
    sd_event_source_set_enabled(c->timer, SD_EVENT_OFF);
    tell(c, TOLD_HAS_NAME, NULL);
}

static void name_is_refused(struct connection *c, const char *why)
{
    tell(c, TOLD_REFUSED, why);
    c->wants_name = true;
    try_later(c);
}

/* The answer to RequestName of the D-Bus specification: 1 and 4 are good, 2 waits in the queue. */
static int on_name(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct connection *c = userdata;
    uint32_t answer = 0;

    (void)error;
    if (sd_bus_is_open(c->bus) <= 0)
        return 1; /* on_disconnected() is next */
    c->is_up = true;
    if (sd_bus_message_is_method_error(m, NULL) > 0) {
        name_is_refused(c, sd_bus_message_get_error(m)->message);
        return 1;
    }
    sd_bus_message_read_basic(m, 'u', &answer);
    if (answer == 1 || answer == 4)
        has_name(c);
    else
        tell(c, TOLD_TAKEN, NULL);
    return 1;
}

static int request_name(struct connection *c)
{
    c->wants_name = false;
    return sd_bus_request_name_async(c->bus, NULL, c->name, SD_BUS_NAME_QUEUE, on_name, c);
}

/* Whoever had the name in front of us has left. */
static int on_message(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct connection *c = userdata;
    const char *name;

    (void)error;
    if (sd_bus_message_is_signal(m, "org.freedesktop.DBus", "NameAcquired") > 0 &&
        strcmp(sd_bus_message_get_sender(m), "org.freedesktop.DBus") == 0 &&
        sd_bus_message_read_basic(m, 's', &name) > 0 && strcmp(name, c->name) == 0)
        has_name(c);
    return 0;
}

static int on_disconnected(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct connection *c = userdata;

    (void)m;
    (void)error;
    if (c->is_up)
        tell(c, TOLD_LOST, NULL);
    else
        tell(c, TOLD_NO_BUS, "it closes the connection");
    c->is_up = false;
    c->closed(c->userdata);
    try_later(c);
    return 1;
}

static int set_up(struct connection *c)
{
    const char *address = secure_getenv("DBUS_SYSTEM_BUS_ADDRESS");
    int r = sd_bus_set_address(c->bus, address != NULL ? address : SYSTEM_BUS);

    if (r >= 0)
        r = sd_bus_set_bus_client(c->bus, true);
    /* A bus that is not there yet is waited for without looking again and again. */
    if (r >= 0)
        r = sd_bus_set_watch_bind(c->bus, true);
    if (r >= 0)
        r = sd_bus_start(c->bus);
    if (r >= 0)
        r = sd_bus_match_signal(c->bus, NULL, "org.freedesktop.DBus.Local",
                                "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local",
                                "Disconnected", on_disconnected, c);
    if (r >= 0)
        r = sd_bus_add_filter(c->bus, NULL, on_message, c);
    if (r >= 0)
        r = c->opened(c->userdata, c->bus);
    if (r >= 0)
        r = request_name(c);
    return r < 0 ? r : sd_bus_attach_event(c->bus, c->event, SD_EVENT_PRIORITY_IMPORTANT);
}

static void open_bus(struct connection *c)
{
    int r = sd_bus_new(&c->bus);

    if (r >= 0)
        r = set_up(c);
    if (r < 0) {
        close_bus(c);
        tell(c, TOLD_NO_BUS, strerror(-r));
        try_later(c);
    } else {
        run_in(c, ANSWERS_WITHIN);
    }
}

/* A try, or the time by which a bus that is there would have answered. */
static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct connection *c = userdata;

    (void)source;
    (void)usec;
    if (c->bus != NULL && sd_bus_is_open(c->bus) > 0) {
        if (!c->is_up)
            tell(c, TOLD_NO_BUS, "none is there yet");
        else if (c->wants_name && request_name(c) < 0)
            try_later(c);
        return 0;
    }
    close_bus(c);
    open_bus(c);
    return 0;
}

/* ---- life ------------------------------------------------------------------------------------ */

static char *full_name(const char *suffix)
{
    char *name = NULL;

    if (suffix == NULL)
        return strdup(SERVICE_NAME);
    return asprintf(&name, "%s.%s", SERVICE_NAME, suffix) >= 0 ? name : NULL;
}

int connection_init(struct connection *connection, sd_event *event, const char *suffix)
{
    int r;

    connection->event = event;
    connection->pause = PAUSE_FIRST;
    connection->name = full_name(suffix);
    if (connection->name == NULL)
        return -ENOMEM;
    r = sd_event_add_time(event, &connection->timer, CLOCK_MONOTONIC, 0, ACCURACY, on_timer,
                          connection);
    if (r < 0)
        return r;
    sd_event_source_set_description(connection->timer, "dbus-retry");
    sd_event_source_set_priority(connection->timer, SD_EVENT_PRIORITY_IDLE);
    open_bus(connection);
    return 0;
}

int connection_rename(struct connection *connection, const char *suffix)
{
    char *name = full_name(suffix);

    if (name == NULL)
        return -ENOMEM;
    if (strcmp(name, connection->name) == 0) {
        free(name);
        return 0;
    }
    free(connection->name);
    connection->name = name;
    connection->told = TOLD_NOTHING;
    close_bus(connection);
    open_bus(connection);
    return 0;
}

bool connection_takes_more(const struct connection *connection)
{
    uint64_t queued;

    return connection->is_up && sd_bus_get_n_queued_write(connection->bus, &queued) >= 0 &&
           queued < QUEUE_MAX;
}

void connection_done(struct connection *connection)
{
    close_bus(connection);
    connection->timer = sd_event_source_disable_unref(connection->timer);
    free(connection->name);
    connection->name = NULL;
}
