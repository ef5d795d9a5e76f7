/* The sources of a configuration at work in a loop of their own, and what they tell their host. */
#ifndef TESTS_UNIT_SOURCE_ENGINE_H
#define TESTS_UNIT_SOURCE_ENGINE_H

#include "tests/unit/config/support.h"

#include <signal.h>

#include "meter/draft.h"
#include "meter/live.h"
#include "meter/redefine.h"
#include "source/source.h"
#include "sys/clock.h"

#define ENGINE_METERS 4
#define ENGINE_CELLS 64
#define MSEC USEC_PER_MSEC

#define METER_TEXT(settings, records)                                                              \
    "port = { device = \"pty\"; };\n"                                                              \
    "meter = { name = \"heat\"; address = 5; " settings "\n"                                       \
    "records = (\n" records "\n); };\n"

struct engine {
    sd_event *event;
    struct loaded loaded;
    struct meter meters[ENGINE_METERS];
    struct meter_cell cells[ENGINE_METERS][2 * ENGINE_CELLS];
    struct meter *items[ENGINE_METERS];
    struct sources *sources;
    struct meter *meter; /* the first */

    unsigned n_changed, n_began, n_ended, n_muted, n_tallied, n_not_handed_on;
    char why[SOURCE_TROUBLE_MAX];
};

static void engine_changed(void *userdata, struct meter *meter, size_t record)
{
    struct engine *e = userdata;

    (void)meter;
    (void)record;
    e->n_changed++;
}

static void engine_trouble(void *userdata, const struct source *s, const char *why)
{
    struct engine *e = userdata;

    (void)s;
    e->n_began += why != NULL;
    e->n_ended += why == NULL;
    snprintf(e->why, sizeof(e->why), "%s", why != NULL ? why : "");
}

static void engine_muted(void *userdata, struct meter *meter)
{
    struct engine *e = userdata;

    (void)meter;
    e->n_muted++;
}

static void engine_tallied(void *userdata, struct meter *meter)
{
    struct engine *e = userdata;

    (void)meter;
    e->n_tallied++;
}

static void engine_not_handed_on(void *userdata, const struct source *s, const char *why)
{
    struct engine *e = userdata;

    (void)s;
    e->n_not_handed_on++;
    snprintf(e->why, sizeof(e->why), "%s", why);
}

/* Meters as the configuration says, without sources yet: a test may restore what was kept. */
static inline void engine_prepare(struct engine *e, const char *text)
{
    sigset_t child;

    *e = (struct engine){ 0 };
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    assert_int_equal(sd_event_new(&e->event), 0);
    e->loaded = load_good(text);
    assert_true(e->loaded.config->n_meters <= ENGINE_METERS);
    for (size_t i = 0; i < e->loaded.config->n_meters; i++) {
        assert_true(e->loaded.config->meters[i].n_records <= ENGINE_CELLS);
        meter_init(&e->meters[i], &e->loaded.config->meters[i], e->cells[i]);
        e->meters[i].index = i;
        e->items[i] = &e->meters[i];
    }
    e->meter = &e->meters[0];
}

static inline void engine_start(struct engine *e)
{
    const struct sources_host host = {
        .event = e->event,
        .changed = engine_changed,
        .trouble = engine_trouble,
        .muted = engine_muted,
        .tallied = engine_tallied,
        .not_handed_on = engine_not_handed_on,
        .userdata = e,
    };

    assert_int_equal(sources_new(&host, e->loaded.config, e->items, &e->sources), 0);
}

static inline void engine_begin(struct engine *e, const char *text)
{
    engine_prepare(e, text);
    engine_start(e);
}

static inline void engine_end(struct engine *e)
{
    sources_free(e->sources);
    sd_event_unref(e->event);
    loaded_done(&e->loaded);
}

static inline void engine_run_for(struct engine *e, usec_t time)
{
    usec_t end = clock_now() + time;

    for (usec_t now = clock_now(); now < end; now = clock_now())
        assert_true(sd_event_run(e->event, end - now) >= 0);
}

/* Goes on with another text, as the daemon does: meters of the same name and reading stay. */
static inline void engine_reload(struct engine *e, const char *text)
{
    struct loaded next = load_good(text);

    for (size_t i = 0; i < next.config->n_meters; i++) {
        if (meter_def_equal(e->meters[i].def, &next.config->meters[i]))
            e->meters[i].def = &next.config->meters[i];
        else
            meter_redefine(&e->meters[i], &next.config->meters[i], e->cells[i]);
        e->meters[i].index = i;
        e->items[i] = &e->meters[i];
    }
    assert_int_equal(sources_reload(e->sources, next.config, e->items), 0);
    loaded_done(&e->loaded);
    e->loaded = next;
}

static inline size_t engine_record(const struct engine *e, const char *name)
{
    for (size_t i = 0; i < e->meter->def->n_records; i++) {
        if (strcmp(e->meter->def->records[i].name, name) == 0)
            return i;
    }
    fail_msg("no record %s", name);
    return 0;
}

/* "1234", "2.5", or "error 15". */
static inline void engine_show(const struct engine *e, const char *name, char *text, size_t size)
{
    size_t i = engine_record(e, name);
    struct number number;

    if (!meter_get_number(e->meter, i, &number))
        snprintf(text, size, "error %02X", e->meter->now.cells[i].error);
    else if (number.is_real)
        snprintf(text, size, "%.10g", number.real);
    else
        snprintf(text, size, "%lld", (long long)number.integer);
}

static inline void expect_shown_(const struct engine *e, const char *name, const char *expected,
                                 const char *file, int line)
{
    char text[64];

    engine_show(e, name, text, sizeof(text));
    _assert_string_equal(text, expected, file, line);
}
#define EXPECT_SHOWN(e, name, expected) expect_shown_(e, name, expected, __FILE__, __LINE__)

/* Runs until a record shows this, for some seconds at most. */
static inline void await_shown_(struct engine *e, const char *name, const char *expected,
                                const char *file, int line)
{
    usec_t end = clock_now() + 5 * USEC_PER_SEC;
    char text[64];

    for (;;) {
        engine_show(e, name, text, sizeof(text));
        if (strcmp(text, expected) == 0 || clock_now() > end)
            break;
        assert_true(sd_event_run(e->event, 10 * MSEC) >= 0);
    }
    _assert_string_equal(text, expected, file, line);
}
#define AWAIT_SHOWN(e, name, expected) await_shown_(e, name, expected, __FILE__, __LINE__)

static inline int engine_push(struct engine *e, const char *name, struct number number)
{
    const struct source_push push = { e->meter, engine_record(e, name), number };
    size_t bad;

    return sources_push(e->sources, &push, 1, &bad);
}

static inline struct number whole(int64_t number)
{
    return (struct number){ .integer = number };
}

static inline struct number real(double number)
{
    return (struct number){ .is_real = true, .real = number };
}

#endif
