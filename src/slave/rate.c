#include "slave/rate.h"

#include "mbus/link.h"

/* At a low rate the gaps of a busy bus are too short to be any: a hunter does not wait for one. */
#define NOISE_AT_MOST USEC_PER_SEC

const unsigned rate_hunted[RATE_HUNTED] = { 300, 2400, 9600 };

unsigned rate_of_ci(unsigned ci)
{
    return 300U << (ci - CI_RATE_FIRST);
}

void rate_init(struct rate *r, unsigned baud, bool can_change, bool finds_itself, usec_t fallback,
               usec_t now)
{
    *r = (struct rate){
        .now = baud,
        .can_change = can_change,
        .finds_itself = finds_itself,
        .fallback = fallback,
        .is_hunting = finds_itself,
        .since = now,
        .heard = now,
    };
}

void rate_ask(struct rate *r, unsigned baud, usec_t due)
{
    if (!r->can_change || baud == r->now)
        return;
    r->asked = baud;
    r->due = due;
}

void rate_answered(struct rate *r, usec_t end)
{
    if (r->asked != 0 && r->due == USEC_NEVER)
        r->due = end;
}

void rate_cancel(struct rate *r)
{
    if (r->due == USEC_NEVER)
        r->asked = 0;
}

void rate_heard_frame(struct rate *r, usec_t now)
{
    r->is_news = r->is_news || r->old != 0 || r->is_hunting;
    r->old = 0;
    r->is_hunting = false;
    r->heard = now;
}

static unsigned next_hunted(unsigned baud)
{
    for (unsigned i = 0; i < RATE_HUNTED; i++) {
        if (rate_hunted[i] == baud)
            return rate_hunted[(i + 1) % RATE_HUNTED];
    }
    return rate_hunted[0];
}

/* Noise alone for so long means that the master has gone to another rate. */
void rate_heard_noise(struct rate *r, usec_t now)
{
    if (!r->finds_itself || r->asked != 0 || r->old != 0)
        return;
    if (!r->is_hunting && now - r->heard <= r->fallback)
        return;
    r->is_hunting = true;
    r->asked = next_hunted(r->now);
    r->due = now;
}

void rate_noise_goes_on(struct rate *r, usec_t now)
{
    if (r->is_hunting && now - r->since >= NOISE_AT_MOST)
        rate_heard_noise(r, now);
}

unsigned rate_wanted(const struct rate *r, usec_t now)
{
    if (r->asked != 0)
        return now >= r->due ? r->asked : 0;
    return r->old != 0 && now - r->since >= r->fallback ? r->old : 0;
}

void rate_changed(struct rate *r, usec_t now, bool ok)
{
    unsigned before = r->now;

    if (r->asked == 0) {
        if (ok)
            r->now = r->old;
        r->old = 0;
        return;
    }
    if (ok) {
        r->now = r->asked;
        r->old = r->is_hunting ? 0 : before;
        r->since = now;
    }
    r->asked = 0;
}

usec_t rate_deadline(const struct rate *r)
{
    if (r->asked != 0)
        return r->due;
    return r->old != 0 ? r->since + r->fallback : USEC_NEVER;
}
