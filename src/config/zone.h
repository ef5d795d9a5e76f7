/* Time zones by the names of the system's database: "Europe/Berlin". */
#ifndef CONFIG_ZONE_H
#define CONFIG_ZONE_H

#include <stdbool.h>

/* Whether the database has a zone of that name. "UTC" is there also without a database. */
bool zone_exists(const char *name);

#endif
