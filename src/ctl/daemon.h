/* The daemon as the commands see it: a name on the bus that answers, or a sentence why not. */
#ifndef CTL_DAEMON_H
#define CTL_DAEMON_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-bus.h>

#define DAEMON_PATH "/io/github/mbus_slave1"
#define DAEMON_MANAGER "io.github.mbus_slave1.Manager"
#define DAEMON_METER "io.github.mbus_slave1.Meter"
#define DAEMON_RECORD "io.github.mbus_slave1.Record"
#define DAEMON_NAME_MAX 255

struct daemon {
    sd_bus *bus;
    const char *instance; /* control.name of its configuration, or NULL */
    char name[DAEMON_NAME_MAX + 1];
    unsigned arrivals, departures; /* of the name, since daemon_watch() */
};

/* Why a call has failed, as far as commands do different things. */
enum daemon_trouble {
    DAEMON_FINE,
    DAEMON_GONE,    /* nobody has the name */
    DAEMON_SILENT,  /* whoever has it does not answer, or has left before */
    DAEMON_NO_BUS,  /* the connection is lost */
    DAEMON_DENIED,  /* not root, and not in group mbus-slave */
    DAEMON_REFUSED, /* it answers that what was asked for is wrong */
};

#define DAEMON_SENTENCE_MAX 512U

/* Connects to the bus; whether the daemon is there, the first call tells. CTL_DONE, or the exit
 * status when it was said on standard error why that cannot be. */
int daemon_open(struct daemon *d, const char *instance);
void daemon_close(struct daemon *d);

/* Writes the path of a meter, or of its record when `record` is not NULL. False for names that no
 * meter or record can have. */
bool daemon_path(const char *meter, const char *record, char ret[static DAEMON_NAME_MAX + 1]);

/* A call to the daemon, for arguments to be appended to. 0 or a negative errno. */
int daemon_message(struct daemon *d, const char *path, const char *interface, const char *member,
                   sd_bus_message **ret);

/* Sends `m`, waits for the reply and gives it (`ret` may be NULL). False when it was said on
 * standard error why there is none; `m` is let go of in any case, and may be NULL for want of
 * memory. */
bool daemon_send(struct daemon *d, sd_bus_message *m, sd_bus_message **ret);

/* The same for a method with one argument, a string, or without (`argument` NULL). */
bool daemon_call(struct daemon *d, const char *path, const char *interface, const char *member,
                 const char *argument, sd_bus_message **ret);

/* A property that is a string, owned by the caller; NULL as above. */
char *daemon_text(struct daemon *d, const char *property);

/* What an error of a call or its errno means. */
enum daemon_trouble daemon_trouble(const sd_bus_error *error, int r);

/* The same as a sentence without a full stop. */
void daemon_sentence(const struct daemon *d, const sd_bus_error *error, int r,
                     char ret[static DAEMON_SENTENCE_MAX]);

/* Says that a reply could not be read. Always false. */
bool daemon_misunderstood(const char *member, int r);

/* From now on it is counted when somebody takes or leaves the name. `d` must stay where it is.
 * False when it was said why that cannot be. */
bool daemon_watch(struct daemon *d);

/* Does what the bus has for us to do. 0 or a negative errno: the connection is lost. */
int daemon_process(struct daemon *d);

/*
 * Waits until there is something to be done for the bus or to be read from `fd` (-1: only the bus),
 * until a time of clock_now(), or until a signal comes (ctl/interrupt.h). 1 with `ret_readable`
 * set, 0 when the time has passed, -EINTR or another negative errno.
 */
int daemon_wait(struct daemon *d, int fd, uint64_t until, bool *ret_readable);

#endif
