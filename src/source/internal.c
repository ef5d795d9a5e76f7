/* What the meter knows of itself: how long it works, how often it was asked. */
#include <errno.h>
#include <stdlib.h>

#include "source/set.h"
#include "source/shared.h"
#include "sys/clock.h"

struct internal {
    usec_t began;
    usec_t counted; /* until when the operating time is in the tally */
    bool counts;    /* is_to_count() */
};

static bool is_time(const struct source *s)
{
    return s->config->counter == INTERNAL_OPERATING_TIME || s->config->counter == INTERNAL_ON_TIME;
}

/* Of several records of a meter that show its operating time, the first counts it. */
static bool is_to_count(const struct source *s)
{
    return s->config->counter == INTERNAL_OPERATING_TIME &&
           source_is_first(s, INTERNAL_OPERATING_TIME);
}

/* Whole seconds go into the tally, the rest waits for the next tick. */
static void count_operating_time(struct source *s)
{
    struct internal *internal = s->own;
    uint64_t seconds = (clock_now() - internal->counted) / USEC_PER_SEC;

    /* Also what another counts: after a reload it may be for this one to go on. */
    internal->counted += seconds * USEC_PER_SEC;
    if (!internal->counts || seconds == 0)
        return;
    s->meter->tally.operating_time += seconds;
    s->set->host.tallied(s->set->host.userdata, s->meter);
}

static uint64_t count(const struct source *s)
{
    const struct internal *internal = s->own;
    const struct meter_tally *tally = &s->meter->tally;

    switch (s->config->counter) {
    case INTERNAL_OPERATING_TIME:
        return tally->operating_time;
    case INTERNAL_ON_TIME:
        return (clock_now() - internal->began) / USEC_PER_SEC;
    case INTERNAL_ANSWERS:
        return tally->answers;
    case INTERNAL_REQUESTS:
        return tally->requests;
    case INTERNAL_ERRORS:
        return tally->errors;
    case INTERNAL_RESTARTS:
        return tally->restarts;
    }
    return 0;
}

static void update(struct source *s)
{
    struct number number = { 0 };

    if (s->own == NULL)
        return;
    count_operating_time(s);
    number.integer = (int64_t)count(s);
    if (s->config->unit > 1.0)
        number =
            (struct number){ .is_real = true, .real = (double)number.integer / s->config->unit };
    source_number(s, &number);
}

static int start(struct source *s)
{
    struct internal *internal = calloc(1, sizeof(*internal));

    if (internal == NULL)
        return -ENOMEM;
    s->own = internal;
    internal->began = internal->counted = clock_now();
    internal->counts = is_to_count(s);
    update(s);
    return 0;
}

static void resume(struct source *s)
{
    struct internal *internal = s->own;

    if (internal == NULL)
        return;
    count_operating_time(s);
    internal->counts = is_to_count(s);
    update(s);
}

static void stop(struct source *s)
{
    free(s->own);
}

const struct source_ops source_internal = {
    .name = "internal",
    .start = start,
    .tick = update,
    .wants_tick = is_time,
    .resume = resume,
    .stop = stop,
};
