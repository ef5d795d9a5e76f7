/* The configuration as one tree of plain data, never changed once it is loaded. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/timing.h"
#include "meter/meter.h"

#define CONFIG_DEFAULT_FILE "/etc/mbus-slave.conf"

enum port_kind {
    PORT_SERIAL,
    PORT_PTY,
    PORT_TCP,
};

enum log_level {
    LOG_LEVEL_ERROR,
    LOG_LEVEL_WARNING,
    LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG,
};

struct port_config {
    char *device; /* as written: names the port in messages */
    enum port_kind kind;
    unsigned baud;        /* 0: auto */
    usec_t baud_fallback; /* how long a rate set by a master is kept without a good frame */
    bool parity_even;     /* else none */
    usec_t gap;           /* 0: port_gap() says what suits the kind and the rate */
    usec_t answer_delay;  /* on top of max(11 bit times, 2 ms) */
    usec_t byte_gap;
    char *link;           /* pty: symbolic link, or NULL */
    mode_t mode;          /* pty: who may open it */
    char *host;           /* tcp: numeric address without brackets; NULL: both loopbacks */
    uint16_t tcp_port;    /* tcp */
    unsigned max_clients; /* tcp */
    usec_t idle_timeout;  /* tcp; 0 = never */
    size_t *meters;       /* which meters live here: indices, n_meters of them; NULL: all */
    size_t n_meters;
};

enum line_bias {
    LINE_BIAS_AS_IS, /* what the board or another program made of it */
    LINE_BIAS_DISABLED,
    LINE_BIAS_PULL_UP,
    LINE_BIAS_PULL_DOWN,
};

enum line_drive {
    LINE_PUSH_PULL,
    LINE_OPEN_DRAIN,
    LINE_OPEN_SOURCE,
};

/* A line of a GPIO chip: by its name, or by chip and offset. */
struct line_config {
    char *name;      /* "GPIO26", or NULL: chip and offset say which */
    char *chip;      /* label, name or path of the chip, or NULL */
    unsigned offset; /* on that chip */
    bool active_low;
    enum line_bias bias;
    enum line_drive drive;
};

/* What the lines of a Hat are for, in the order in which they are asserted. */
enum hat_role {
    HAT_ENABLE,   /* from start to stop */
    HAT_ACTIVITY, /* a pulse for each good frame */
    HAT_TRANSMIT, /* around each answer */
    HAT_ROLES,
};

struct hat_line_config {
    bool is_set; /* the file names this role; without, no line is touched */
    struct line_config line;
    usec_t pulse; /* activity */
};

struct hat_config {
    struct hat_line_config roles[HAT_ROLES];
};

/* Where the number of a record comes from. */
enum source_kind {
    SOURCE_CONSTANT,
    SOURCE_FILE,
    SOURCE_COMMAND,
    SOURCE_PUSHED,
    SOURCE_DERIVED,
    SOURCE_CLOCK,
    SOURCE_INTERNAL,
    SOURCE_KINDS,
};

/* What a record shows when its source fails. */
enum source_on_error {
    SOURCE_ERROR, /* that there is an error */
    SOURCE_HOLD,  /* the last good number, until it is older than max_age */
    SOURCE_ZERO,
};

/* How a text becomes a number: number = found * scale + offset. */
struct text_config {
    char *
        pattern; /* POSIX extended: its first group, or all that it matches; NULL: the whole text */
    unsigned field; /* of what that leaves: the word, from 1; 0: all of it */
    double scale, offset;
};

enum derived_kind {
    DERIVED_SUM,
    DERIVED_DIFFERENCE, /* the first less all others */
    DERIVED_PRODUCT,
    DERIVED_INTEGRAL, /* of one input, over hours */
    DERIVED_COPY,     /* of one input */
};

struct derived_config {
    enum derived_kind kind;
    size_t *inputs; /* records of the same meter, by index; none depends on this one */
    size_t n_inputs;
    double factor; /* of the result */
};

enum internal_counter {
    INTERNAL_OPERATING_TIME, /* of all lives of the meter */
    INTERNAL_ON_TIME,        /* since it was last started */
    INTERNAL_ANSWERS,
    INTERNAL_REQUESTS,
    INTERNAL_ERRORS,
    INTERNAL_RESTARTS,
};

/* The source of a record that is not a mere constant. Fields are set where the kind has them, and
 * each kind has its own: there may be ten thousand of them. */
struct source_config {
    enum source_kind kind;
    enum source_on_error on_error;
    size_t meter, record; /* indices: config->meters[meter].records[record] */
    usec_t interval;      /* file, command: from the end of one reading to the begin of the next */
    usec_t max_age;       /* file, command, pushed: an older number is an error; 0: never */
    usec_t timeout;       /* command */
    char **write_command; /* any: runs after a master has written; ends with NULL; or NULL */
    union {
        struct { /* file, command */
            struct text_config text;
            char *path;  /* file: may hold one `*` */
            char **argv; /* command: ends with NULL */
        };
        struct { /* pushed */
            struct number start;
            bool has_start;
        };
        struct derived_config derived;
        char *zone; /* clock: a name of the time zone database; NULL: the system's */
        struct {    /* internal */
            enum internal_counter counter;
            double unit; /* seconds in one unit of the record; 1 for counts */
        };
    };
};

struct config {
    struct port_config *ports; /* at least one */
    size_t n_ports;
    struct meter_def *meters; /* at least one; their names differ */
    size_t n_meters;
    /* By meter, then by record: all that are not mere constants, and constants with a
     * write_command. */
    struct source_config *sources;
    size_t n_sources;
    char *control_name;    /* suffix of the name on D-Bus; NULL: none */
    char *state_directory; /* NULL: not set */
    usec_t state_interval;
    enum log_level log_level;
    struct hat_config hat;
};

/* Values of the command line that stand in for settings of the first port and the first meter, as
 * typed; NULL = not given. They are checked like the settings, and hold over every reload. */
struct config_overrides {
    const char *device; /* --device */
    const char *baud;   /* --baud */
    const char *addr;   /* --addr */
    const char *id;     /* --id */
    const char *manuf;  /* --manuf */
};

/* What a load has to say, one message each, in file order; no newline in the text. */
struct config_message {
    bool is_error; /* else a warning, with which the configuration is still good */
    char *text;    /* "FILE:LINE: PATH: what was found; what is allowed" */
};

struct config_messages {
    struct config_message *items;
    size_t n;
    size_t n_errors;
};

void config_messages_done(struct config_messages *messages);

/*
 * Reads a configuration file with all it includes.
 *
 * path       the file; NULL: the default file, in whose place the stock meter serves when it does
 *            not exist and overrides->device is given
 * overrides  may be NULL
 * ret        set on success; config_free()
 * messages   must be zeroed; filled in either case; config_messages_done()
 *
 * 0, -EINVAL when the file is wrong (messages say why), -ENOENT, -EACCES, ... when it cannot be
 * read (a message says so too), -ENOMEM.
 */
int config_load(const char *path, const struct config_overrides *overrides, struct config **ret,
                struct config_messages *messages);

/* Accepts NULL. */
void config_free(struct config *config);

/* The silence that ends a partial frame on this port at a rate (mbus-protocol 2.3). */
usec_t port_gap(const struct port_config *port, unsigned baud);

/* Whether a port can stay open over a reload: no setting of its own differs. Which meters live
 * there is no part of it. */
bool port_config_equal(const struct port_config *a, const struct port_config *b);

/* Whether a line can stay as it is over a reload: the same line, driven the same way. */
bool line_config_equal(const struct line_config *a, const struct line_config *b);

/* "enable", "activity", "transmit": the role as the file names it. */
const char *hat_role_name(enum hat_role role);

/* Whether a meter is the same: who it is, what it shows, and what a master may do to it. */
bool meter_def_equal(const struct meter_def *a, const struct meter_def *b);

/* Whether a number of one record means the same in the other: data field, unit and resolution. */
bool record_counts_equal(const struct meter_record *a, const struct meter_record *b);

/* Whether a source can go on over a reload: the same in all but which meter and record it belongs
 * to, and what is shown of a number that fails or is old (on_error, max_age). Inputs of derived
 * ones are compared as indices. */
bool source_config_equal(const struct source_config *a, const struct source_config *b);

/* The stock configuration, built in: the text of etc/mbus-slave.conf. */
extern const char config_stock_text[];

#endif
