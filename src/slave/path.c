#include "slave/path.h"

void path_reset(struct path *path)
{
    path->readout = (struct fcb_memory){ .virgin = true };
    path->next = 0;
    path->n = 0;
}

static void make_telegram(struct path *path, struct meter *meter, size_t first, usec_t now)
{
    path->n = meter_telegram(meter, first, path->telegram, sizeof(path->telegram), &path->next);
    path->generation = meter->generation;
    path->time = now;
}

/* The same FCB again within the repeat time gets the very same bytes. After it the master is one
 * that never toggles, and wants fresh values. */
static bool is_repeat(const struct path *path, const struct meter *meter, bool fcb, usec_t now)
{
    return fcb == path->readout.last && path->n > 0 && now - path->time <= meter->def->repeat_time;
}

/* A toggled FCB asks for what follows, unless the master has given up on the sequence. */
static bool is_continued(const struct path *path, const struct meter *meter, bool fcb, usec_t now)
{
    usec_t limit = meter->def->session_time;

    return fcb != path->readout.last && path->next > 0 &&
           (limit == 0 || now - path->answered <= limit);
}

void path_readout(struct path *path, struct meter *meter, bool fcb, bool fcv, usec_t now)
{
    bool counts;

    /* A write or a reload has changed what is read: nothing old is worth repeating. */
    if (path->generation != meter->generation)
        path_reset(path);
    counts = fcv && !path->readout.virgin;
    if (counts && is_continued(path, meter, fcb, now))
        make_telegram(path, meter, path->next, now);
    else if (!counts || !is_repeat(path, meter, fcb, now))
        make_telegram(path, meter, 0, now);
    path->answered = now;
    if (fcv)
        path->readout = (struct fcb_memory){ .virgin = false, .last = fcb };
}
