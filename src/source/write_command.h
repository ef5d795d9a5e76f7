/*
 * The command of a writable record: it runs when a master has written and that is in force, with
 * MBUS_METER and MBUS_RECORD (the names), MBUS_VALUE (in the configured unit) and MBUS_ADDRESS (the
 * primary address) in its environment.
 *
 * One runs at a time for a record. Of what is written while it runs, the newest alone is handed on
 * when it has ended: never a queue, and the last word is always the master's last.
 */
#ifndef SOURCE_WRITE_COMMAND_H
#define SOURCE_WRITE_COMMAND_H

#include "source/source.h"

/* Hands a value (source/written_text.h) on to s->config->write_command, now or when the run under
 * way has ended. What goes wrong is told by write_command_failed(), here or later. */
void write_command_run(struct source *s, const char *value);

/* Kills what runs, and forgets what waits, which is told as a failure. To be called before the
 * source ends. */
void write_command_stop(struct source *s);

/* For the engine to have: what was written was not handed on, and why ("exit status 3: no valve").
 * Once for each run that failed. */
void write_command_failed(struct source *s, const char *why);

#endif
