#include "sys/local_time.h"

#include <stdlib.h>
#include <string.h>

/* Nobody else in this thread looks while the C library's zone is ours. */
struct tm local_time(time_t moment, const char *zone)
{
    const char *old = getenv("TZ");
    char *kept = old != NULL ? strdup(old) : NULL;
    struct tm tm = { 0 };

    if (zone != NULL) {
        setenv("TZ", zone, 1);
        tzset();
    }
    localtime_r(&moment, &tm);
    if (zone != NULL) {
        if (kept != NULL)
            setenv("TZ", kept, 1);
        else
            unsetenv("TZ");
        tzset();
    }
    free(kept);
    return tm;
}

int64_t local_seconds(time_t moment, const char *zone)
{
    return (int64_t)moment + local_time(moment, zone).tm_gmtoff;
}
