#include "daemon/values.h"

#include <errno.h>

#include "mbus/vife.h"
#include "meter/live.h"
#include "sys/log.h"
#include "sys/messages.h"

static void on_changed(void *userdata, struct meter *meter, size_t record)
{
    struct values *v = userdata;

    if (meter->def->records[record].is_kept)
        keeper_number_changed(v->host->keeper, meter, record);
    control_value_changed(v->host->control, meter, record);
}

/* What a person would look at: the file, the program. NULL: the record says it all. */
static const char *origin(const struct source *s)
{
    switch (s->config->kind) {
    case SOURCE_FILE:
        return s->config->path;
    case SOURCE_COMMAND:
        return s->config->argv[0];
    default:
        return NULL;
    }
}

static void on_together(void *userdata, bool begins)
{
    struct values *v = userdata;

    if (begins)
        keeper_changes_begin(v->host->keeper);
    else
        keeper_changes_end(v->host->keeper);
}

static void on_trouble(void *userdata, const struct source *s, const char *why)
{
    const char *meter = s->meter->def->name, *record = source_record_name(s);
    const struct log_field *fields = LOG_FIELDS({ "MBUS_METER", meter }, { "MBUS_RECORD", record });
    const char *at = origin(s);

    (void)userdata;
    if (why != NULL)
        log_event(LOG_LEVEL_WARNING, MESSAGE_VALUE_FAILED, fields, "%s.%s: %s: %s%s%s%s", meter,
                  record, source_kind_name(s), why, at ? " (" : "", at ? at : "", at ? ")" : "");
    else
        log_event(LOG_LEVEL_INFO, MESSAGE_VALUE_GOOD, fields, "%s.%s: good again", meter, record);
}

static void on_muted(void *userdata, struct meter *meter)
{
    struct values *v = userdata;

    log_event(LOG_LEVEL_INFO, meter->is_mute ? MESSAGE_VALUE_FAILED : MESSAGE_VALUE_GOOD,
              LOG_FIELDS({ "MBUS_METER", meter->def->name }), "%s: %s", meter->def->name,
              meter->is_mute ? "answers nobody, as its data are too old (on_stale)"
                             : "answers again");
    v->host->meters_moved(v->host->userdata);
    control_meter_changed(v->host->control, meter);
}

static void on_tallied(void *userdata, struct meter *meter)
{
    struct values *v = userdata;

    keeper_tally_changed(v->host->keeper, meter);
}

static void on_not_handed_on(void *userdata, const struct source *s, const char *why)
{
    const char *meter = s->meter->def->name, *record = source_record_name(s);

    (void)userdata;
    log_event(LOG_LEVEL_WARNING, MESSAGE_NOT_HANDED_ON,
              LOG_FIELDS({ "MBUS_METER", meter }, { "MBUS_RECORD", record }),
              "%s.%s: what a master wrote was not handed on: %s", meter, record, why);
}

int values_start(struct values *v, const struct host *host, const struct config *config,
                 const struct meters *meters)
{
    const struct sources_host sources_host = {
        .event = host->event,
        .changed = on_changed,
        .together = on_together,
        .trouble = on_trouble,
        .muted = on_muted,
        .tallied = on_tallied,
        .not_handed_on = on_not_handed_on,
        .userdata = v,
    };

    *v = (struct values){ .host = host };
    return sources_new(&sources_host, config, meters->items, &v->sources);
}

/* Nobody brings them up to date any more. */
static void say_no_data(const struct meters *meters)
{
    for (size_t i = 0; i < meters->n; i++) {
        struct meter *meter = meters->items[i];

        meter->is_mute = false;
        for (size_t j = 0; j < meter->def->n_records; j++) {
            if (meter->def->records[j].is_live)
                meter_set_error(meter, j, RECORD_ERROR_NO_DATA);
        }
    }
}

int values_reload(struct values *v, const struct config *config, const struct meters *meters)
{
    int r = v->sources != NULL ? sources_reload(v->sources, config, meters->items) : -ENOMEM;

    if (r < 0) { /* what they look at is about to go */
        sources_free(v->sources);
        v->sources = NULL;
        say_no_data(meters);
    }
    return r;
}

void values_written(struct values *v, const struct meters *meters, struct meter *meter)
{
    if (v->sources == NULL)
        return;
    if (meter != NULL)
        sources_written(v->sources, meter);
    for (size_t i = 0; meter == NULL && i < meters->n; i++)
        sources_written(v->sources, meters->items[i]);
}

void values_forgotten(struct values *v, struct meter *meter)
{
    if (v->sources != NULL)
        sources_forgotten(v->sources, meter);
}

void values_answered(struct values *v, struct meter *meter)
{
    if (v->sources != NULL)
        sources_answered(v->sources, meter);
}

void values_stop(struct values *v)
{
    sources_free(v->sources);
    *v = (struct values){ 0 };
}
