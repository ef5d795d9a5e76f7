#include "source/write_command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/phrase.h"
#include "source/shared.h"
#include "sys/process.h"

#define DEFAULT_TIMEOUT (10 * USEC_PER_SEC)

/* Made when a master writes first: most records are never written. */
struct write_command {
    struct process *process;
    bool is_running;
    char *next; /* a newer value, which waits for the end of the run; NULL: none does */
};

/* ---- environment ----------------------------------------------------------------------------- */

enum {
    ENVIRONMENT_METER,
    ENVIRONMENT_RECORD,
    ENVIRONMENT_VALUE,
    ENVIRONMENT_ADDRESS,
    ENVIRONMENT_N,
};

struct environment {
    char *entries[ENVIRONMENT_N + 1];
};

static void environment_done(struct environment *environment)
{
    for (size_t i = 0; i < ENVIRONMENT_N; i++)
        free(environment->entries[i]);
}

static char *entry(const char *name, const char *value)
{
    char *text;

    return asprintf(&text, "%s=%s", name, value) < 0 ? NULL : text;
}

static int environment_make(const struct source *s, const char *value, struct environment *ret)
{
    const struct meter_record *record = &s->meter->def->records[s->config->record];
    char address[8];

    snprintf(address, sizeof(address), "%u", s->meter->now.address);
    ret->entries[ENVIRONMENT_METER] = entry("MBUS_METER", s->meter->def->name);
    ret->entries[ENVIRONMENT_RECORD] = entry("MBUS_RECORD", record->name);
    ret->entries[ENVIRONMENT_VALUE] = entry("MBUS_VALUE", value);
    ret->entries[ENVIRONMENT_ADDRESS] = entry("MBUS_ADDRESS", address);
    for (size_t i = 0; i < ENVIRONMENT_N; i++) {
        if (ret->entries[i] == NULL)
            return -ENOMEM;
    }
    return 0;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static int begin(struct source *s, const char *value)
{
    CLEANUP(environment_done) struct environment environment = { 0 };
    struct write_command *w = s->write_command;
    usec_t timeout = s->config->timeout > 0 ? s->config->timeout : DEFAULT_TIMEOUT;
    int r = environment_make(s, value, &environment);

    if (r >= 0)
        r = process_start(w->process, s->config->write_command,
                          (const char *const *)environment.entries, timeout);
    w->is_running = r >= 0;
    return r;
}

static void hand_on(struct source *s, const char *value)
{
    int r = begin(s, value);

    if (r == -EBUSY)
        write_command_failed(s, "the command before it was killed and does not end");
    else if (r < 0)
        write_command_failed(s, strerror(-r));
}

static void on_done(void *userdata, const struct process_result *result)
{
    struct source *s = userdata;
    struct write_command *w = s->write_command;
    char *next = TAKE_PTR(w->next);
    struct phrase why = { 0 };

    w->is_running = false;
    if (result->end != PROCESS_EXITED || result->code != 0) {
        process_why(&why, result);
        write_command_failed(s, why.text);
    }
    if (next != NULL)
        hand_on(s, next);
    free(next);
}

/* In place of what waits already. */
static void let_wait(struct source *s, const char *value)
{
    char *next = strdup(value);

    free(s->write_command->next);
    s->write_command->next = next;
    if (next == NULL)
        write_command_failed(s, strerror(ENOMEM));
}

static int make(struct source *s)
{
    struct write_command *w = calloc(1, sizeof(*w));
    int r;

    if (w == NULL)
        return -ENOMEM;
    r = process_new(sources_event(s->set), SOURCE_PRIORITY, on_done, s, &w->process);
    if (r < 0) {
        free(w);
        return r;
    }
    process_set_urgent(w->process);
    s->write_command = w;
    return 0;
}

void write_command_run(struct source *s, const char *value)
{
    int r = s->write_command != NULL ? 0 : make(s);

    if (r < 0)
        write_command_failed(s, strerror(-r));
    else if (s->write_command->is_running)
        let_wait(s, value);
    else
        hand_on(s, value);
}

void write_command_stop(struct source *s)
{
    if (s->write_command == NULL)
        return;
    if (s->write_command->is_running)
        write_command_failed(s, "its record has other settings now, or the daemon ends");
    process_free(s->write_command->process);
    free(s->write_command->next);
    free(s->write_command);
    s->write_command = NULL;
}
