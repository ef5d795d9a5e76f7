#include "daemon/transmit.h"

#include <time.h>

#include "io/drain.h"
#include "sys/clock.h"

/* sd-event takes an accuracy of 0 for 250 ms. */
#define TIMER_ACCURACY 1
/* A converter behind USB may hold characters back for this long. */
#define BEHIND_AT_MOST (100 * USEC_PER_MSEC)
#define STEP_AT_LEAST (USEC_PER_MSEC / 2)

static void arm(struct transmit *t, usec_t at)
{
    sd_event_source_set_time(t->timer, at);
    sd_event_source_set_enabled(t->timer, SD_EVENT_ONESHOT);
}

/* How soon to look again at a driver that is behind. */
static usec_t step(const struct transmit *t)
{
    usec_t bits = bits_at_least(2, t->baud);

    return bits > STEP_AT_LEAST ? bits : STEP_AT_LEAST;
}

/* By the clock all has left; the driver may know better. */
static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct transmit *t = userdata;
    usec_t now = clock_now();

    (void)source;
    (void)usec;
    if (now < t->give_up && drain_is_busy(t->fd))
        arm(t, now + step(t));
    else
        transmit_end(t);
    return 0;
}

int transmit_init(struct transmit *t, struct hat *hat, sd_event *event, int fd,
                  const struct port_config *port, unsigned baud)
{
    int r;

    *t = (struct transmit){ .fd = fd, .baud = baud, .gap = port->byte_gap };
    if (hat == NULL || port->kind != PORT_SERIAL)
        return 0;
    r = sd_event_add_time(event, &t->timer, CLOCK_MONOTONIC, 0, TIMER_ACCURACY, on_timer, t);
    if (r < 0)
        return r;
    sd_event_source_set_description(t->timer, "bus-transmit");
    sd_event_source_set_priority(t->timer, SD_EVENT_PRIORITY_IMPORTANT);
    t->hat = hat;
    return sd_event_source_set_enabled(t->timer, SD_EVENT_OFF);
}

void transmit_set_baud(struct transmit *t, unsigned baud)
{
    t->baud = baud;
}

void transmit_begin(struct transmit *t, size_t n)
{
    usec_t end;

    if (t->hat == NULL || n == 0 || (!t->active && !hat_has(t->hat, HAT_TRANSMIT)))
        return;
    if (!t->active)
        hat_transmit(t->hat, true);
    t->active = true;
    end = clock_now() + bits_at_least(CHARACTER_BITS * (unsigned)n, t->baud) + (n - 1) * t->gap;
    t->give_up = end + BEHIND_AT_MOST;
    arm(t, end);
}

void transmit_end(struct transmit *t)
{
    if (!t->active)
        return;
    t->active = false;
    sd_event_source_set_enabled(t->timer, SD_EVENT_OFF);
    hat_transmit(t->hat, false);
}

void transmit_done(struct transmit *t)
{
    transmit_end(t);
    t->timer = sd_event_source_disable_unref(t->timer);
    t->hat = NULL;
}
