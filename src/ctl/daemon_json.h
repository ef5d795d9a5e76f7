/* Entries of the daemon's lists as members of JSON objects, without the braces. */
#ifndef CTL_DAEMON_JSON_H
#define CTL_DAEMON_JSON_H

#include <stdio.h>

#include "ctl/daemon_data.h"

void daemon_json_port(FILE *out, const struct port_entry *port);
void daemon_json_meter(FILE *out, const struct meter_entry *meter);
void daemon_json_record(FILE *out, const struct record_entry *record);

/* "key":"text"; null where the text is empty. */
void daemon_json_optional(FILE *out, const char *key, const char *text);

#endif
