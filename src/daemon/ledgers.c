#include "daemon/ledgers.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sys/log.h"
#include "sys/messages.h"

static unsigned seconds(usec_t interval)
{
    return (unsigned)(interval / USEC_PER_SEC);
}

/* The first of a list with colons; false when there is none. */
static bool runtime_directory(char path[static PATH_MAX])
{
    const char *list = getenv("RUNTIME_DIRECTORY");
    size_t n = list != NULL ? strcspn(list, ":") : 0;

    if (n == 0 || n >= PATH_MAX)
        return false;
    memcpy(path, list, n);
    path[n] = '\0';
    return true;
}

void ledgers_open(const char *state_directory, usec_t interval, struct ledger *ret)
{
    char path[PATH_MAX];
    int r;

    *ret = LEDGER_CLOSED;
    if (!runtime_directory(path)) {
        log_event(LOG_LEVEL_INFO, MESSAGE_STATE, NULL,
                  "kill -9 could lose up to %u s of counters: there is no $RUNTIME_DIRECTORY",
                  seconds(interval));
        return;
    }
    r = ledger_open(path, state_directory, ret);
    if (r == -EBUSY)
        log_event(LOG_LEVEL_WARNING, MESSAGE_STATE, NULL,
                  "kill -9 could lose up to %u s of counters: another mbus-slave has " LEDGER_FILE
                  " in %s",
                  seconds(interval), path);
    else if (r < 0)
        log_event(LOG_LEVEL_INFO, MESSAGE_STATE, NULL,
                  "kill -9 could lose up to %u s of counters: %s: %s", seconds(interval), path,
                  strerror(-r));
}

static const char *verdict_text(enum ledger_verdict verdict)
{
    static const char *const texts[] = {
        [LEDGER_DAMAGED] = "is damaged",
        [LEDGER_SOME_DAMAGED] = "is damaged in part",
        [LEDGER_OTHER_VERSION] = "is of another version",
        [LEDGER_OTHER_STATE] = "goes with another state directory or an earlier boot",
    };

    return texts[verdict];
}

static void set_aside(const struct ledger *ledger, const struct ledger_past *past)
{
    int r = ledger_set_aside(ledger);

    log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
              "the file " LEDGER_FILE
              " in $RUNTIME_DIRECTORY %s%s; for %s the state directory counts",
              verdict_text(past->verdict), r == 0 ? " and was set aside as " LEDGER_FILE_ASIDE : "",
              past->verdict == LEDGER_SOME_DAMAGED ? "what it lost" : "everything");
}

int ledgers_read(const struct ledger *ledger, struct ledger_past *ret)
{
    int r = ledger_past_read(ledger, ret);

    if (r == -ENOMEM)
        return r;
    if (r < 0) {
        log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
                  "the file " LEDGER_FILE " in $RUNTIME_DIRECTORY cannot be read: %s; the state "
                  "directory counts",
                  strerror(-r));
        ledger_set_aside(ledger);
    } else if (verdict_text(ret->verdict) != NULL) {
        set_aside(ledger, ret);
    }
    return 0;
}

void ledgers_build(struct ledger *ledger, const struct meters *meters, usec_t interval)
{
    int r;

    if (ledger->directory < 0)
        return;
    r = ledger_build(ledger, meters->items, meters->n);
    if (r < 0)
        log_event(LOG_LEVEL_WARNING, MESSAGE_STATE, NULL,
                  "kill -9 could lose up to %u s of counters: no " LEDGER_FILE
                  " in $RUNTIME_DIRECTORY: %s",
                  seconds(interval), strerror(-r));
}

/* Those of its content, or of its draft. */
static void put_numbers(struct ledger *ledger, const struct meter *meter,
                        const struct meter_content *content)
{
    for (size_t i = 0; i < meter->def->n_records; i++) {
        const struct meter_cell *cell = &content->cells[i];

        if (meter->def->records[i].is_kept && cell->has_number)
            ledger_put_number(ledger, meter, i, &cell->number);
    }
}

void ledgers_put_all(struct ledger *ledger, const struct meters *meters)
{
    for (size_t i = 0; i < meters->n; i++) {
        ledger_put_meter(ledger, meters->items[i]);
        put_numbers(ledger, meters->items[i], &meters->items[i]->now);
    }
}

void ledgers_put_drafts(struct ledger *ledger, const struct meters *meters,
                        const struct meter *writer)
{
    ledger_begin(ledger);
    if (writer != NULL)
        put_numbers(ledger, writer, &writer->draft);
    for (size_t i = 0; writer == NULL && i < meters->n; i++) {
        if (meters->items[i]->drafting)
            put_numbers(ledger, meters->items[i], &meters->items[i]->draft);
    }
    ledger_commit(ledger);
}
