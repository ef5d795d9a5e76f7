/* `mbus-slave --check`, and how messages of the configuration reach people. */
#ifndef DAEMON_CHECK_H
#define DAEMON_CHECK_H

#include "config/config.h"

/* Writes messages to the log, one line each; `message_id` marks the errors. */
void check_log(const struct config_messages *messages, const char *message_id);

/* Prints messages to standard error, one line each. */
void check_print(const struct config_messages *messages);

/* Prints one line for each port and meter to standard output. */
void check_summary(const struct config *config);

#endif
