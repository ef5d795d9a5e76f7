#include "ctl/daemon.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/timing.h"
#include "ctl/colour.h"
#include "ctl/ctl.h"
#include "ctl/interrupt.h"
#include "sys/clock.h"

#define NAME "io.github.mbus_slave1"

static const char name_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

static bool take_instance(struct daemon *d, const char *instance)
{
    int n = snprintf(d->name, sizeof(d->name), NAME "%s%s", instance ? "." : "",
                     instance ? instance : "");

    d->instance = instance;
    if (n >= 0 && (size_t)n < sizeof(d->name) && sd_bus_service_name_is_valid(d->name) > 0)
        return true;
    complain("--instance: \"%s\" is no part of a bus name: letters, digits and \"_\", no digit in "
             "front",
             instance ? instance : "");
    return false;
}

int daemon_open(struct daemon *d, const char *instance)
{
    const char *own;
    int r;

    *d = (struct daemon){ 0 };
    if (!take_instance(d, instance))
        return CTL_USAGE;
    r = sd_bus_open_system(&d->bus);
    if (r < 0) {
        complain("the system bus cannot be reached (%s), and mbus-slave not without it",
                 strerror(-r));
        return CTL_FAILED;
    }
    /* dbus-daemon hangs up on a user whom it cannot look up. */
    r = sd_bus_get_unique_name(d->bus, &own);
    if (r >= 0)
        return CTL_DONE;
    complain("the system bus does not let this user in (%s); has it a name? With DynamicUser= that "
             "takes libnss-systemd",
             strerror(-r));
    daemon_close(d);
    return CTL_FAILED;
}

void daemon_close(struct daemon *d)
{
    d->bus = sd_bus_flush_close_unref(d->bus);
}

static bool is_name(const char *text)
{
    return *text >= 'a' && *text <= 'z' && text[strspn(text, name_characters)] == '\0';
}

bool daemon_path(const char *meter, const char *record, char ret[static DAEMON_NAME_MAX + 1])
{
    int n = snprintf(ret, DAEMON_NAME_MAX + 1, DAEMON_PATH "/meter/%s%s%s", meter,
                     record ? "/" : "", record ? record : "");

    return is_name(meter) && (record == NULL || is_name(record)) && n > 0 && n <= DAEMON_NAME_MAX;
}

/* ---- calls ----------------------------------------------------------------------------------- */

int daemon_message(struct daemon *d, const char *path, const char *interface, const char *member,
                   sd_bus_message **ret)
{
    int r = sd_bus_message_new_method_call(d->bus, ret, d->name, path, interface, member);

    /* Asking how it is must not start it. */
    return r < 0 ? r : sd_bus_message_set_auto_start(*ret, 0);
}

bool daemon_send(struct daemon *d, sd_bus_message *m, sd_bus_message **ret)
{
    sd_bus_error error = SD_BUS_ERROR_NULL;
    char sentence[DAEMON_SENTENCE_MAX];
    int r = m ? sd_bus_call(d->bus, m, 0, &error, ret) : -ENOMEM;

    sd_bus_message_unref(m);
    if (r < 0) {
        daemon_sentence(d, &error, r, sentence);
        complain("%s", sentence);
    }
    sd_bus_error_free(&error);
    return r >= 0;
}

bool daemon_call(struct daemon *d, const char *path, const char *interface, const char *member,
                 const char *argument, sd_bus_message **ret)
{
    sd_bus_message *m = NULL;
    int r = daemon_message(d, path, interface, member, &m);

    if (r >= 0 && argument)
        r = sd_bus_message_append_basic(m, 's', argument);
    if (r < 0)
        m = sd_bus_message_unref(m);
    return daemon_send(d, m, ret);
}

char *daemon_text(struct daemon *d, const char *property)
{
    sd_bus_message *m = NULL, *reply = NULL;
    const char *text;
    char *copy = NULL;
    int r = daemon_message(d, DAEMON_PATH, "org.freedesktop.DBus.Properties", "Get", &m);

    if (r >= 0)
        r = sd_bus_message_append(m, "ss", DAEMON_MANAGER, property);
    if (r < 0)
        m = sd_bus_message_unref(m);
    if (!daemon_send(d, m, &reply))
        return NULL;
    r = sd_bus_message_read(reply, "v", "s", &text);
    if (r < 0)
        (void)daemon_misunderstood(property, r);
    else
        copy = strdup(text);
    sd_bus_message_unref(reply);
    return copy;
}

/* ---- errors ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum daemon_trouble trouble;
} troubles[] = {
    { SD_BUS_ERROR_SERVICE_UNKNOWN, DAEMON_GONE },
    { SD_BUS_ERROR_NAME_HAS_NO_OWNER, DAEMON_GONE },
    { SD_BUS_ERROR_NO_REPLY, DAEMON_SILENT },
    { SD_BUS_ERROR_TIMEOUT, DAEMON_SILENT },
    { SD_BUS_ERROR_DISCONNECTED, DAEMON_NO_BUS },
    { SD_BUS_ERROR_ACCESS_DENIED, DAEMON_DENIED },
    { SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED, DAEMON_DENIED },
};

enum daemon_trouble daemon_trouble(const sd_bus_error *error, int r)
{
    if (r == -ECONNRESET || r == -ENOTCONN || r == -EPIPE || r == -ESHUTDOWN)
        return DAEMON_NO_BUS;
    for (size_t i = 0; error && i < ARRAY_SIZE(troubles); i++) {
        if (sd_bus_error_has_name(error, troubles[i].name))
            return troubles[i].trouble;
    }
    if (r == -ETIMEDOUT)
        return DAEMON_SILENT;
    return r < 0 || sd_bus_error_is_set(error) ? DAEMON_REFUSED : DAEMON_FINE;
}

static void say_gone(const struct daemon *d, char *ret)
{
    if (d->instance)
        (void)snprintf(ret, DAEMON_SENTENCE_MAX,
                       "no mbus-slave with control.name \"%s\" is running (nobody has %s on the "
                       "bus)",
                       d->instance, d->name);
    else
        (void)snprintf(ret, DAEMON_SENTENCE_MAX,
                       "mbus-slave is not running (nobody has %s on the bus); systemctl start "
                       "mbus-slave",
                       d->name);
}

void daemon_sentence(const struct daemon *d, const sd_bus_error *error, int r,
                     char ret[static DAEMON_SENTENCE_MAX])
{
    switch (daemon_trouble(error, r)) {
    case DAEMON_GONE:
        say_gone(d, ret);
        break;
    case DAEMON_SILENT:
        (void)snprintf(ret, DAEMON_SENTENCE_MAX, "mbus-slave does not answer (%s is on the bus)",
                       d->name);
        break;
    case DAEMON_NO_BUS:
        (void)snprintf(ret, DAEMON_SENTENCE_MAX, "the connection to the system bus is lost");
        break;
    case DAEMON_DENIED:
        (void)snprintf(ret, DAEMON_SENTENCE_MAX,
                       "permission denied: that is for root and for members of group mbus-slave");
        break;
    case DAEMON_REFUSED:
    case DAEMON_FINE:
        (void)snprintf(ret, DAEMON_SENTENCE_MAX, "%s",
                       error && error->message ? error->message : strerror(-r));
        break;
    }
}

bool daemon_misunderstood(const char *member, int r)
{
    complain("%s: mbus-slave answers something else than this mbus-slavectl expects (%s)", member,
             strerror(-r));
    return false;
}

/* ---- waiting --------------------------------------------------------------------------------- */

static int on_owner(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
    struct daemon *d = userdata;
    const char *name, *before, *now;

    (void)error;
    if (sd_bus_message_read(m, "sss", &name, &before, &now) < 0)
        return 0;
    d->departures += *before != '\0';
    d->arrivals += *now != '\0';
    return 0;
}

bool daemon_watch(struct daemon *d)
{
    char rule[2 * DAEMON_NAME_MAX];
    int r;

    (void)snprintf(rule, sizeof(rule),
                   "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',"
                   "interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='%s'",
                   d->name);
    r = sd_bus_add_match(d->bus, NULL, rule, on_owner, d);
    if (r < 0)
        complain("the bus does not say when mbus-slave comes and goes: %s", strerror(-r));
    return r >= 0;
}

int daemon_process(struct daemon *d)
{
    int r;

    do
        r = sd_bus_process(d->bus, NULL);
    while (r > 0);
    return r;
}

/* sd_bus_get_timeout() is a time of CLOCK_MONOTONIC too. */
static uint64_t earliest(struct daemon *d, uint64_t until)
{
    uint64_t own;

    return sd_bus_get_timeout(d->bus, &own) >= 0 && own < until ? own : until;
}

int daemon_wait(struct daemon *d, int fd, uint64_t until, bool *ret_readable)
{
    struct pollfd p[] = { { .fd = sd_bus_get_fd(d->bus) }, { .fd = fd, .events = POLLIN } };
    int events = sd_bus_get_events(d->bus), r;

    *ret_readable = false;
    if (events < 0 || p[0].fd < 0)
        return events < 0 ? events : p[0].fd;
    p[0].events = (short)events;
    r = interrupt_poll(p, ARRAY_SIZE(p), earliest(d, until));
    if (r < 0)
        return r;
    *ret_readable = p[1].revents != 0;
    return r > 0 || clock_now() < until;
}
