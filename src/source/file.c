/* Numbers that a file holds: of sysfs, 1-wire, IIO, /proc. */
#include "source/reading.h"
#include "source/source.h"

static int file_start(struct source *s)
{
    struct reading *reading;
    int r = reading_new(s, s->config->path, &reading);

    if (r == 0)
        s->own = reading;
    return r;
}

static void file_stop(struct source *s)
{
    reading_abandon(s->own);
    s->own = NULL;
}

static void file_refresh(struct source *s)
{
    reading_of_file(s->own);
}

const struct source_ops source_file = {
    .name = "file",
    .start = file_start,
    .refresh = file_refresh,
    .stop = file_stop,
};
