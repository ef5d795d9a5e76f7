#include "sys/log.h"

#include <stdio.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#define LINE_MAX_BYTES 1024
#define FIELDS_MAX 8

static struct {
    enum log_level level;
    bool journal;
} state = { .level = LOG_LEVEL_INFO };

static const struct {
    int priority;
    const char *prefix;
} levels[] = {
    [LOG_LEVEL_ERROR] = { LOG_ERR, "" },
    [LOG_LEVEL_WARNING] = { LOG_WARNING, "warning: " },
    [LOG_LEVEL_INFO] = { LOG_INFO, "" },
    [LOG_LEVEL_DEBUG] = { LOG_DEBUG, "" },
};

/* systemd names the socket that it gave us as standard error; another program may have replaced it
 * since (systemd.exec(5), $JOURNAL_STREAM). */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat st;
    char *end;

    if (stream == NULL)
        return false;
    device = strtoull(stream, &end, 10);
    if (*end != ':')
        return false;
    inode = strtoull(end + 1, &end, 10);
    if (*end != '\0')
        return false;
    return fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void log_open(void)
{
    state.journal = stderr_is_journal();
}

void log_set_level(enum log_level level)
{
    state.level = level;
}

bool log_wants(enum log_level level)
{
    return level <= state.level;
}

struct journal_entry {
    char texts[FIELDS_MAX][LINE_MAX_BYTES];
    struct iovec fields[FIELDS_MAX];
    int n;
};

static void entry_add(struct journal_entry *e, const char *name, const char *value)
{
    int n;

    if (value == NULL || e->n == FIELDS_MAX)
        return;
    n = snprintf(e->texts[e->n], sizeof(e->texts[0]), "%s=%s", name, value);
    if (n < 0)
        return;
    if ((size_t)n >= sizeof(e->texts[0]))
        n = (int)sizeof(e->texts[0]) - 1;
    e->fields[e->n] = (struct iovec){ e->texts[e->n], (size_t)n };
    e->n++;
}

static bool write_journal(enum log_level level, const char *message_id,
                          const struct log_field *fields, const char *text)
{
    static struct journal_entry entry;
    char priority[2] = { (char)('0' + levels[level].priority), '\0' };

    entry.n = 0;
    entry_add(&entry, "MESSAGE", text);
    entry_add(&entry, "PRIORITY", priority);
    entry_add(&entry, "SYSLOG_IDENTIFIER", "mbus-slave");
    entry_add(&entry, "MESSAGE_ID", message_id);
    for (; fields != NULL && fields->name != NULL; fields++)
        entry_add(&entry, fields->name, fields->value);
    return sd_journal_sendv(entry.fields, entry.n) >= 0;
}

/* Whoever reads standard error may have stopped (a pipe that nobody drains, Ctrl-S): the bus does
 * not wait for it. */
static bool text_is_taken(void)
{
    struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };

    return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT);
}

/* One write a line, so that lines of several processes do not mix. */
static void write_text(enum log_level level, const char *text)
{
    char line[LINE_MAX_BYTES + 16];
    int n = snprintf(line, sizeof(line), "%s%s\n", levels[level].prefix, text);

    if (n > 0 && text_is_taken() && write(STDERR_FILENO, line, (size_t)n) < 0)
        return; /* nowhere left to say so */
}

void log_event(enum log_level level, const char *message_id, const struct log_field *fields,
               const char *format, ...)
{
    char text[LINE_MAX_BYTES];
    va_list args;

    if (!log_wants(level))
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (!state.journal || !write_journal(level, message_id, fields, text))
        write_text(level, text);
}
