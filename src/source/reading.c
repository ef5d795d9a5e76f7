#include "source/reading.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "source/sensor_file.h"
#include "source/shared.h"
#include "source/text.h"

struct reading {
    struct pool_job job;
    struct source *source;       /* the loop's */
    struct pool *pool;           /* NULL: there is none */
    struct text_config settings; /* the pattern is its own */
    char *path;                  /* or NULL */

    char *text; /* n bytes and a null; NULL: to be read from the path */
    size_t n;

    /* What comes of it. */
    int result;
    struct number number;
    char *why; /* NULL: there was no memory for it */
};

static void forget_text(struct reading *reading)
{
    free(reading->text);
    reading->text = NULL;
}

/* In a thread. */
static void run(void *userdata)
{
    struct reading *reading = userdata;
    char why[SOURCE_TROUBLE_MAX];

    reading->result = 0;
    if (!reading->text)
        reading->result = sensor_file_read(reading->path, SOURCE_TEXT_MAX, &reading->text,
                                           &reading->n, why, sizeof(why));
    if (reading->result == 0)
        reading->result = text_to_number(&reading->settings, reading->text, reading->n,
                                         &reading->number, why, sizeof(why));
    if (reading->result < 0)
        reading->why = strdup(why);
    forget_text(reading);
}

/* Takes `why` over. */
static void fail(struct source *s, char *why)
{
    source_failed(s, "%s", why ? why : strerror(ENOMEM));
    free(why);
}

static void done(void *userdata)
{
    struct reading *reading = userdata;

    if (reading->result < 0)
        fail(reading->source, TAKE_PTR(reading->why));
    else
        source_number(reading->source, &reading->number);
}

static void release(void *userdata)
{
    struct reading *reading = userdata;

    forget_text(reading);
    free(reading->settings.pattern);
    free(reading->path);
    free(reading->why);
    free(reading);
}

static void readingp_free(struct reading **reading)
{
    if (*reading)
        release(*reading);
}

/* A copy, of nothing too; false: there is no memory. */
static bool copy(const char *text, char **ret)
{
    *ret = text ? strdup(text) : NULL;
    return *ret || !text;
}

int reading_new(struct source *s, const char *path, struct reading **ret)
{
    CLEANUP(readingp_free) struct reading *reading = calloc(1, sizeof(*reading));

    if (!reading)
        return -ENOMEM;
    reading->source = s;
    reading->job =
        (struct pool_job){ .run = run, .done = done, .release = release, .userdata = reading };
    reading->pool = path ? sources_pool(s->set) : sources_text_pool(s->set);
    reading->settings = s->config->text;
    if (!copy(s->config->text.pattern, &reading->settings.pattern) || !copy(path, &reading->path))
        return -ENOMEM;
    *ret = TAKE_PTR(reading);
    return 0;
}

static void begin(struct reading *reading)
{
    int r = reading->pool ? pool_submit(reading->pool, &reading->job) : -ENOMEM;

    if (r < 0) {
        forget_text(reading);
        source_failed(reading->source, "no thread to read it: %s", strerror(-r));
    }
}

void reading_of_file(struct reading *reading)
{
    begin(reading);
}

void reading_of_text(struct reading *reading, const char *text, size_t n)
{
    reading->text = malloc(n + 1);
    if (!reading->text) {
        source_failed(reading->source, "%s", strerror(ENOMEM));
        return;
    }
    memcpy(reading->text, text, n);
    reading->text[n] = '\0';
    reading->n = n;
    begin(reading);
}

void reading_abandon(struct reading *reading)
{
    if (!reading)
        return;
    if (reading->pool)
        pool_abandon(reading->pool, &reading->job);
    else
        release(reading);
}
