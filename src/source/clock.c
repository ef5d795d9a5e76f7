/* The meter's clock: the system's time in a zone, and what a master has set it to beside that. */
#include <stdio.h>
#include <time.h>

#include "base/bytes.h"
#include "config/moment.h"
#include "mbus/time_point.h"
#include "source/set.h"
#include "source/shared.h"
#include "sys/clock.h"
#include "sys/local_time.h"

#define SECONDS_PER_MIN 60

/* What the clock on the meter's wall shows. It is set against the system's of that moment (see
 * meter_draft_set_clock()): what a master sets in winter for a day in summer is read as it was set.
 */
static struct tm on_the_wall(time_t now, const char *zone, int64_t ahead)
{
    struct tm tm = local_time(now, zone);
    time_t wall = now + (time_t)tm.tm_gmtoff + (time_t)ahead;
    int is_summer = tm.tm_isdst;

    gmtime_r(&wall, &tm);
    tm.tm_isdst = is_summer;
    return tm;
}

/* What the calendar says, as the configuration would have it written. */
static bool to_value(const struct tm *tm, enum time_kind kind, struct value *ret)
{
    static const char *const forms[TIME_KINDS] = {
        [TIME_DATE] = "%Y-%m-%d",
        [TIME_OF_DAY] = "%H:%M:%S",
        [TIME_TO_MINUTE] = "%Y-%m-%d %H:%M",
        [TIME_TO_SECOND] = "%Y-%m-%d %H:%M:%S",
    };
    bool has_summer = kind == TIME_TO_MINUTE || kind == TIME_TO_SECOND;
    uint8_t bytes[sizeof(uint64_t)];
    struct writer w = writer_over(bytes, sizeof(bytes));
    struct time_point point;
    char text[64];
    size_t n = strftime(text, sizeof(text), forms[kind], tm);

    if (has_summer && tm->tm_isdst > 0)
        snprintf(text + n, sizeof(text) - n, " summer");
    if (moment_parse(text, kind, &point) != MOMENT_OK)
        return false;
    time_encode(kind, &point, &w);
    *ret = (struct value){ .integer = (int64_t)bytes_le(bytes, w.n) };
    return true;
}

/* When the record shows another moment than this one: the next second or minute, which a day begins
 * with too; looked at once a minute at least, as the system's clock may be set. */
static usec_t next_change(const struct tm *tm, const struct timespec *now, enum time_kind kind)
{
    usec_t into_second = (usec_t)now->tv_nsec / 1000;
    usec_t into_minute = (usec_t)(tm->tm_sec % SECONDS_PER_MIN) * USEC_PER_SEC + into_second;

    if (kind == TIME_TO_SECOND || kind == TIME_OF_DAY)
        return clock_now() + USEC_PER_SEC - into_second;
    return clock_now() + USEC_PER_MIN - into_minute;
}

static void refresh(struct source *s)
{
    const struct record *wire = &s->meter->def->records[s->config->record].wire;
    enum time_kind kind = TIME_DATE;
    struct timespec now;
    struct value value;
    struct tm tm;

    clock_gettime(CLOCK_REALTIME, &now);
    time_kind_of(data_field_length(wire->dib.data_field), &kind);
    tm = on_the_wall(now.tv_sec, s->config->zone, s->meter->now.clock_offset);
    if (to_value(&tm, kind, &value))
        source_value(s, &value);
    else
        source_failed(s, "the clock shows no moment that the record can carry");
    source_refresh_at(s, next_change(&tm, &now, kind));
}

const struct source_ops source_clock = { .name = "clock", .refresh = refresh, .resume = refresh };
