/* The numbers of live records at work: each kind of source is a file here and a row in source.c.
 * Numbers are ready before a master asks; nothing here is ever waited for. */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include <systemd/sd-event.h>

#include "base/macros.h"
#include "config/config.h"
#include "meter/meter.h"

/* That of what comes from ports, so that masters who never pause keep no value from growing old;
 * answers whose time has come go before both. */
#define SOURCE_PRIORITY SD_EVENT_PRIORITY_IMPORTANT

#define SOURCE_TROUBLE_MAX 160

struct source;
struct sources;
struct write_command;

/* What a kind of source does; what it does not is NULL. */
struct source_ops {
    const char *name; /* as the configuration calls it */
    /* Begins. 0 or a negative errno. */
    int (*start)(struct source *s);
    /* Its interval has come: fetches a number, and ends with source_number(), source_value() or
     * source_failed(), here or later. Not called again before that. */
    void (*refresh)(struct source *s);
    /* A second has passed (kinds without an interval that change by themselves). */
    void (*tick)(struct source *s);
    bool (*wants_tick)(const struct source *s); /* NULL: always, when it has a tick */
    /* A record of its meter has another number, or none; perhaps none that it depends on. */
    void (*input_changed)(struct source *s, size_t record);
    /* It goes on over a reload, and its meter may have been made anew. */
    void (*resume)(struct source *s);
    /* Lets go of all that it has; what is under way must not come back any more. */
    void (*stop)(struct source *s);
};

/* One record's source. It stays in place for as long as it lives, also over a reload that leaves
 * its settings as they are. */
struct source {
    const struct source_config *config;
    const struct source_ops *ops;
    struct sources *set;
    struct meter *meter;
    void *own;                           /* of the kind */
    struct write_command *write_command; /* of write_command.c: NULL as long as no master wrote */

    usec_t due;     /* the next refresh, or the end of max_age */
    uint32_t place; /* of agenda.c */
    bool is_refreshing;
    usec_t next_refresh; /* CLOCK_MONOTONIC; USEC_NEVER: none */
    usec_t good_at;      /* when the newest good number came, or the source began */
    bool is_stale;       /* that is longer ago than max_age */
    bool has_number;     /* `number` is the newest good one */
    bool is_holding;     /* on_error: it is shown in place of one that failed */
    usec_t number_at;    /* when it came */
    struct number number;
    uint8_t failure;   /* of the newest attempt: RECORD_ERROR_..., 0: it was good */
    bool is_told;      /* the host knows of the trouble */
    bool is_otherwise; /* its words are others than when `changed` was last called */
    char *trouble;     /* see source_trouble(); most have none */
};

/* The daemon around the sources. */
struct sources_host {
    sd_event *event;
    /* The value of a record is another, or good no longer, or good again, or what is wrong with it
     * is something else. */
    void (*changed)(void *userdata, struct meter *meter, size_t record);
    /* Several values change together: it begins, or it has ended. NULL: nobody wants to know. */
    void (*together)(void *userdata, bool begins);
    /* A source does not work (why), or works again (NULL). Once at the begin and once at the end.
     */
    void (*trouble)(void *userdata, const struct source *s, const char *why);
    /* meter->is_mute has changed. */
    void (*muted)(void *userdata, struct meter *meter);
    /* meter->tally has changed, though nobody asked it. */
    void (*tallied)(void *userdata, struct meter *meter);
    /* What a master has written could not be handed on (why). */
    void (*not_handed_on)(void *userdata, const struct source *s, const char *why);
    void *userdata;
};

/*
 * Begins all sources of a configuration; `meters` are its meters, restored (what was kept is in
 * their cells). Both must outlive the sources, or be exchanged by sources_reload(). 0 or a negative
 * errno.
 */
int sources_new(const struct sources_host *host, const struct config *config,
                struct meter *const *meters, struct sources **ret);

/* Goes on with another configuration and its meters (which are the same for those that were kept):
 * sources whose own settings are the same go on. 0 or a negative errno, and then they are only to
 * be freed. */
int sources_reload(struct sources *set, const struct config *config, struct meter *const *meters);

/* Ends them; waits for no sensor. Accepts NULL. */
void sources_free(struct sources *set);

/* A number from outside for a pushed record. */
struct source_push {
    struct meter *meter;
    size_t record;
    struct number number;
};

/*
 * Takes all of them or none. 0; -ENOTSUP: records[*ret_bad] is not pushed, -EDOM: its number is not
 * finite. A number that the record cannot carry is taken, and shown as the error that it is.
 */
int sources_push(struct sources *set, const struct source_push *pushes, size_t n, size_t *ret_bad);

/* A master has written records of a meter, and that is in force. */
void sources_written(struct sources *set, struct meter *meter);

/* What masters had written into a meter is as the configuration says again: nobody's command runs.
 */
void sources_forgotten(struct sources *set, struct meter *meter);

/* An answer of the meter has left, or a request was refused: its tally has changed. */
void sources_answered(struct sources *set, struct meter *meter);

/* The source of a record; NULL: a constant. */
const struct source *sources_find(const struct sources *set, const struct meter *meter,
                                  size_t record);

/* The name of its record, also while a reload ends it. */
const char *source_record_name(const struct source *s);

/* "file", "pushed" ...: NULL means "constant". */
const char *source_kind_name(const struct source *s);

/* Why the newest attempt failed; "": it did not. */
const char *source_trouble(const struct source *s);

/* ---- for the kinds --------------------------------------------------------------------------- */

/* A number has come, in the unit of the record. */
void source_number(struct source *s, const struct number *number);

/* A value as it is on the wire (dates and times). */
void source_value(struct source *s, const struct value *value);

/* There is none, since an input has none; that is told for the input alone. */
void source_has_no_input(struct source *s, size_t record);

/* There is none, and why: a short text without name and full stop, "No such file or directory". */
void source_failed(struct source *s, const char *format, ...) PRINTF(2, 3);

extern const struct source_ops source_constant, source_file, source_command, source_pushed,
    source_derived, source_clock, source_internal;

#endif
