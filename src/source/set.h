/* The sources of one daemon: what the engine's files share. */
#ifndef SOURCE_SET_H
#define SOURCE_SET_H

#include "source/agenda.h"
#include "source/source.h"
#include "sys/pool.h"

/* The sources of one meter. */
struct set_range {
    size_t first, n;
    bool has_internal; /* some of them count what the meter does */
};

struct sources {
    struct sources_host host;
    const struct config *config;
    struct meter *const *meters;
    struct source **items; /* in the order of config->sources */
    size_t n;
    struct set_range *ranges; /* of each meter */
    struct agenda agenda;
    struct pool *pool, *text_pool;
    sd_event_source *tick; /* once a second, while a source wants it */
};

/* The sources of a meter: items[*ret_first] to items[... + result - 1]. */
size_t set_of_meter(const struct sources *set, const struct meter *meter, size_t *ret_first);

/* Fills the zeroed ranges of a configuration's meters. */
void set_index(const struct config *config, struct set_range *ranges);

/* Begins one, and what it needs of the loop; an error shows in its record. */
void set_start(struct source *s);

/* A source goes on by other settings, and what it has is shown in its cell, which may be new; which
 * meters are mute is to be found out then. */
void set_take_settings(struct source *s);

/* A source of the set, at rest; NULL: no memory. */
struct source *set_new_source(struct sources *set, const struct source_config *config,
                              struct meter *meter);

/* Which meters are mute, of all of them. */
void set_update_mute(struct sources *set);

/* Lets go of one; accepts NULL. */
void set_stop(struct source *s);

/* A number was kept, and nobody knows when it came: it stays kept, and is not shown as good. */
void source_is_of_unknown_age(struct source *s);

/* Its newest number is too old. */
void source_is_stale(struct source *s);

/* When a number that is held in place of one that failed is too old; USEC_NEVER: it never is. */
usec_t source_held_until(const struct source *s);

/* That time has come. */
void source_holds_no_more(struct source *s);

/* A master has written its record, whose cell has the number. */
void source_take_written(struct source *s);

/* Those sources of a meter that depend on a record are told that it has changed. */
void set_tell_dependents(const struct sources *set, const struct meter *meter, size_t record);

/* Makes the tick, or ends it, as the sources want. 0 or a negative errno. */
int set_arm_tick(struct sources *set);

/* Puts a source on the agenda by what it waits for: its next refresh, the end of max_age. 0 or a
 * negative errno. */
int schedule_arm(struct source *s);

/* It waits for nothing any more. */
void schedule_drop(struct source *s);

/* It has a number, or failed: a refresh under way has ended, and the next one is due after its
 * interval. */
void schedule_after_refresh(struct source *s);

#endif
