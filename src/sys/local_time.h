/* What a clock on the wall shows in some time zone. */
#ifndef SYS_LOCAL_TIME_H
#define SYS_LOCAL_TIME_H

#include <stdint.h>
#include <time.h>

/* A moment in a zone of the database; NULL: that of the system. For one thread alone: the C library
 * knows one zone at a time. */
struct tm local_time(time_t moment, const char *zone);

/* The same as seconds since 1970, as if that clock stood at Greenwich. */
int64_t local_seconds(time_t moment, const char *zone);

#endif
