#include "daemon/remembered.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mbus/ident.h"
#include "sys/log.h"
#include "sys/messages.h"

#define SETTING_MAX 96
/* Beyond so many of a kind, their number says it. */
#define TOLD_MAX 20U

/* ---- what masters do ------------------------------------------------------------------------- */

static struct told told_of(const struct meter *meter)
{
    return (struct told){ meter->now.address, meter->now.ident, meter->now.clock_offset,
                          meter->generation };
}

void remembered_note(struct told *told, const struct meter *meter)
{
    *told = told_of(meter);
}

int remembered_new(const struct meters *meters, struct told **told)
{
    struct told *anew = calloc(meters->n + 1, sizeof(*anew));

    if (anew == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < meters->n; i++)
        anew[i] = told_of(meters->items[i]);
    free(*told);
    *told = anew;
    return 0;
}

static void PRINTF(2, 3) say(const char *meter, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    log_event(LOG_LEVEL_INFO, MESSAGE_METER_CHANGED, LOG_FIELDS({ "MBUS_METER", meter }), "%s: %s",
              meter, text);
}

static void ident_text(const struct ident *ident, char text[static SETTING_MAX])
{
    const char *medium = medium_name(ident->medium);
    char letters[4];

    ident_manufacturer_letters(ident->manufacturer, letters);
    if (medium != NULL)
        snprintf(text, SETTING_MAX, "%08X %s version %u medium %s", ident->id, letters,
                 ident->version, medium);
    else
        snprintf(text, SETTING_MAX, "%08X %s version %u medium %u", ident->id, letters,
                 ident->version, ident->medium);
}

static void tell_meter(const struct told *before, const struct told *now, const char *name)
{
    char from[SETTING_MAX], to[SETTING_MAX];
    bool other = true;

    if (before->address != now->address) {
        say(name, "a master has set address %u (was %u)", now->address, before->address);
        other = false;
    }
    if (!ident_equal(&before->ident, &now->ident)) {
        ident_text(&before->ident, from);
        ident_text(&now->ident, to);
        say(name, "a master has set id %s (was %s)", to, from);
        other = false;
    }
    if (before->clock_offset != now->clock_offset) {
        say(name, "a master has set the clock, %lld s from the system's",
            (long long)now->clock_offset);
        other = false;
    }
    if (other)
        say(name, "a master has written values");
}

void remembered_tell_changes(struct told *told, const struct meters *meters)
{
    size_t n = 0;

    for (size_t i = 0; i < meters->n; i++) {
        const struct told now = told_of(meters->items[i]);

        if (told[i].generation != now.generation && n++ < TOLD_MAX)
            tell_meter(&told[i], &now, meters->items[i]->def->name);
        told[i] = now;
    }
    if (n > TOLD_MAX)
        log_event(LOG_LEVEL_INFO, MESSAGE_METER_CHANGED, NULL, "and %zu more meters likewise",
                  n - TOLD_MAX);
}

/* ---- what was kept --------------------------------------------------------------------------- */

static void setting_text(const struct state_notice *n, const struct state_setting *s,
                         char text[static SETTING_MAX])
{
    switch (n->what) {
    case STATE_ADDRESS:
        snprintf(text, SETTING_MAX, "address %u", s->address);
        break;
    case STATE_IDENT:
        ident_text(&s->ident, text);
        break;
    case STATE_CLOCK:
        snprintf(text, SETTING_MAX, "a clock %lld s from the system's", (long long)s->clock_offset);
        break;
    case STATE_VALUE:
        if (n->record->wire.dib.data_field == DATA_FIELD_REAL32)
            snprintf(text, SETTING_MAX, "%g", (double)s->value.real);
        else
            snprintf(text, SETTING_MAX, "count %lld", (long long)s->value.integer);
        break;
    case STATE_RATE:
        snprintf(text, SETTING_MAX, "%u baud", s->baud);
        break;
    case STATE_UNLISTED:
        snprintf(text, SETTING_MAX, "left out of the readout");
        break;
    case STATE_NUMBER:
    case STATE_ACCESS:
    case STATE_TALLY:
        text[0] = '\0'; /* never told as a setting */
        break;
    }
}

/* "heat", or "heat.energy". */
static void subject_text(const struct state_notice *n, char text[static SETTING_MAX])
{
    snprintf(text, SETTING_MAX, "%s%s%s", n->name, n->record != NULL ? "." : "",
             n->record != NULL ? n->record->name : "");
}

static void tell_holds(const struct state_notice *n, const char *subject)
{
    char set[SETTING_MAX], configured[SETTING_MAX];
    bool has_other = n->what != STATE_CLOCK && n->what != STATE_UNLISTED;

    setting_text(n, &n->set, set);
    setting_text(n, &n->configured, configured);
    if (n->what == STATE_ADDRESS)
        log_event(LOG_LEVEL_INFO, MESSAGE_METER_CHANGED, LOG_FIELDS({ "MBUS_METER", n->name }),
                  "%s: answers at %u, set by a master; the file says %u", subject, n->set.address,
                  n->configured.address);
    else
        log_event(LOG_LEVEL_INFO, MESSAGE_METER_CHANGED, LOG_FIELDS({ "MBUS_METER", n->name }),
                  "%s: %s, set by a master%s%s", subject, set, has_other ? "; the file says " : "",
                  has_other ? configured : "");
}

static void tell_file_wins(const struct state_notice *n, const char *subject)
{
    char set[SETTING_MAX];

    setting_text(n, &n->set, set);
    log_event(LOG_LEVEL_INFO, MESSAGE_METER_CHANGED, LOG_FIELDS({ "MBUS_METER", n->name }),
              "%s: a master had set %s; the file was changed since, and what it says holds",
              subject, set);
}

/* What does not fit any more. */
static const char *dropped_text(enum state_what what)
{
    switch (what) {
    case STATE_NUMBER:
        return "the number that was kept";
    case STATE_ACCESS:
        return "the access number that was kept";
    case STATE_TALLY:
        return "what was counted";
    default:
        return "what a master had set";
    }
}

void remembered_tell(void *userdata, const struct state_notice *notice)
{
    struct remembered *log = userdata;
    char subject[2 * SETTING_MAX];

    if (log->n++ >= TOLD_MAX)
        return;
    subject_text(notice, subject);
    switch (notice->fate) {
    case STATE_HOLDS:
        tell_holds(notice, subject);
        break;
    case STATE_FILE_WINS:
        tell_file_wins(notice, subject);
        break;
    case STATE_OTHER_RECORD:
    case STATE_UNFIT:
        log_event(LOG_LEVEL_WARNING, MESSAGE_METER_CHANGED,
                  LOG_FIELDS({ "MBUS_METER", notice->name }),
                  "%s: %s does not fit the file any more, and is dropped", subject,
                  dropped_text(notice->what));
        break;
    }
}

void remembered_tell_rest(const struct remembered *log)
{
    if (log->n > TOLD_MAX)
        log_event(LOG_LEVEL_INFO, MESSAGE_METER_CHANGED, NULL,
                  "and %zu more settings that were kept", log->n - TOLD_MAX);
}

/* ---- where it is kept ------------------------------------------------------------------------ */

bool remembered_damage(const struct state_verdict *verdict, char *text, size_t size)
{
    const struct generations_found *found = &verdict->found;

    if (found->current == TEXT_GOOD && found->old == TEXT_GOOD)
        return false;
    snprintf(text, size, "%s: the %s is damaged and was set aside; %s", verdict->directory,
             found->current != TEXT_GOOD ? "newest state" : "state before",
             found->used == GENERATION_NONE  ? "nothing of it is known any more"
             : found->used == GENERATION_OLD ? "the one before is used"
                                             : "the newest is used");
    return true;
}

int remembered_tell_directory(const struct state_verdict *verdict, int result)
{
    const char *directory = verdict->directory;

    if (result == -EBUSY) {
        log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
                  "%s: another mbus-slave keeps its state there; state.directory names another",
                  directory);
    } else if (result < 0) {
        log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
                  "%s: cannot be used for the state: %s; masters cannot change anything, and "
                  "counters are not kept",
                  directory, strerror(-result));
    } else if (verdict->found.newer_version != 0) {
        log_event(
            LOG_LEVEL_ERROR, MESSAGE_STATE, NULL,
            "%s: the state there is of a newer version (%u) and is left alone; masters cannot "
            "change anything, and counters are not kept",
            directory, verdict->found.newer_version);
        return -ENOTSUP;
    } else if (verdict->origin == DIRECTORY_NONE) {
        log_event(LOG_LEVEL_INFO, MESSAGE_STATE, NULL,
                  "what masters set is not kept, nor are counters: there is no state directory");
    } else {
        char text[PATH_MAX + 128];

        if (remembered_damage(verdict, text, sizeof(text)))
            log_event(LOG_LEVEL_ERROR, MESSAGE_STATE, NULL, "%s", text);
    }
    return result;
}
