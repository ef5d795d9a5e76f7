/* The log: the journal with structured fields where there is one, readable text elsewhere. */
#ifndef SYS_LOG_H
#define SYS_LOG_H

#include <stdbool.h>

#include "base/macros.h"
#include "config/config.h"

/* Extra journal fields; a list of them ends with a NULL name. */
struct log_field {
    const char *name;  /* upper case: "MBUS_PORT" */
    const char *value; /* NULL: left out */
};

#define LOG_FIELDS(...)                                                                            \
    (const struct log_field[])                                                                     \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/* Finds out where the log goes: to the journal when standard error is connected to it. */
void log_open(void);

void log_set_level(enum log_level level);

/* Whether a message of this level would be written: ask before costly preparations. */
bool log_wants(enum log_level level);

/* Writes one line. `message_id` (sys/messages.h) and `fields` may be NULL. */
void log_event(enum log_level level, const char *message_id, const struct log_field *fields,
               const char *format, ...) PRINTF(4, 5);

#endif
