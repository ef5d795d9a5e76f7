#include "control/changes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sys/clock.h"

/* Signals at once, and the pause behind them: 1000 a second. */
#define TOLD_AT_ONCE 50U
#define TELL_PAUSE (50 * USEC_PER_MSEC)
/* An object says nothing for so long after a signal. */
#define QUIET_MS 1000U
/* Objects that are looked at in one go when that is over. */
#define COOLED_AT_ONCE 1000U
#define ACCURACY (10 * USEC_PER_MSEC)

#define NONE UINT32_MAX
#define AT_MASK ((UINT32_C(1) << 30) - 1)

enum change_state {
    CHANGE_NONE,
    CHANGE_WAITS,
    CHANGE_TOLD,
    CHANGE_TOLD_AND_CHANGED,
};

static void push(struct changes *c, struct change_queue *queue, uint32_t number)
{
    c->items[number].next = NONE;
    if (queue->head == NONE)
        queue->head = number;
    else
        c->items[queue->tail].next = number;
    queue->tail = number;
}

static uint32_t pop(struct changes *c, struct change_queue *queue)
{
    uint32_t number = queue->head;

    queue->head = c->items[number].next;
    return number;
}

static void arm(struct changes *c, usec_t at)
{
    sd_event_source_set_time(c->timer, at);
    sd_event_source_set_enabled(c->timer, SD_EVENT_ONESHOT);
}

static void wait_to_tell(struct changes *c, uint32_t number)
{
    c->items[number].state = CHANGE_WAITS;
    push(c, &c->waiting, number);
}

/* How long ago an object was told, in ms; beyond twelve days it is anything. */
static uint32_t age(const struct changes *c, uint32_t number, uint32_t now)
{
    return (now - c->items[number].at) & AT_MASK;
}

/* Those whose second is over are free again, or wait again. */
static void release(struct changes *c, uint32_t now)
{
    for (unsigned i = 0; i < COOLED_AT_ONCE && c->told.head != NONE; i++) {
        uint32_t number = c->told.head;

        if (age(c, number, now) < QUIET_MS)
            return;
        pop(c, &c->told);
        if (c->items[number].state == CHANGE_TOLD_AND_CHANGED)
            wait_to_tell(c, number);
        else
            c->items[number].state = CHANGE_NONE;
    }
}

static void tell_some(struct changes *c, uint32_t now)
{
    for (unsigned i = 0; i < TOLD_AT_ONCE && c->waiting.head != NONE; i++) {
        uint32_t number = pop(c, &c->waiting);

        c->items[number].state = CHANGE_TOLD;
        c->items[number].at = now & AT_MASK;
        push(c, &c->told, number);
        c->tell(c->userdata, number);
    }
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct changes *c = userdata;
    usec_t now = clock_now();
    uint32_t now_ms = (uint32_t)(now / USEC_PER_MSEC);

    (void)source;
    (void)usec;
    release(c, now_ms);
    if (c->may_tell(c->userdata))
        tell_some(c, now_ms);
    if (c->waiting.head != NONE)
        arm(c, now + TELL_PAUSE);
    else if (c->told.head != NONE)
        arm(c, now + (age(c, c->told.head, now_ms) < QUIET_MS
                          ? (QUIET_MS - age(c, c->told.head, now_ms)) * USEC_PER_MSEC
                          : 0));
    return 0;
}

int changes_init(struct changes *changes, sd_event *event)
{
    int r;

    changes->waiting.head = changes->told.head = NONE;
    r = sd_event_add_time(event, &changes->timer, CLOCK_MONOTONIC, 0, ACCURACY, on_timer, changes);
    if (r < 0)
        return r;
    sd_event_source_set_description(changes->timer, "dbus-changes");
    sd_event_source_set_priority(changes->timer, SD_EVENT_PRIORITY_IDLE);
    return sd_event_source_set_enabled(changes->timer, SD_EVENT_OFF);
}

int changes_resize(struct changes *changes, size_t n)
{
    free(changes->items);
    changes->n = n;
    changes->items = calloc(n + 1, sizeof(*changes->items));
    if (changes->items == NULL)
        changes->n = 0;
    changes_reset(changes);
    return changes->items != NULL ? 0 : -ENOMEM;
}

void changes_reset(struct changes *changes)
{
    if (changes->items != NULL)
        memset(changes->items, 0, changes->n * sizeof(*changes->items));
    changes->waiting.head = changes->told.head = NONE;
    sd_event_source_set_enabled(changes->timer, SD_EVENT_OFF);
}

void changes_done(struct changes *changes)
{
    changes->timer = sd_event_source_disable_unref(changes->timer);
    free(changes->items);
    changes->items = NULL;
    changes->n = 0;
}

void changes_mark(struct changes *changes, size_t number)
{
    struct change *item;

    if (number >= changes->n)
        return;
    item = &changes->items[number];
    if (item->state == CHANGE_TOLD)
        item->state = CHANGE_TOLD_AND_CHANGED;
    if (item->state != CHANGE_NONE)
        return;
    /* Whoever is armed for a later time is for those that were told. */
    if (changes->waiting.head == NONE)
        arm(changes, clock_now());
    wait_to_tell(changes, (uint32_t)number);
}
