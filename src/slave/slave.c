#include "slave/slave.h"

#include <string.h>

#include "mbus/link.h"
#include "meter/draft.h"
#include "slave/commands.h"

/* USB adapters hand an echo back this late at the most (mbus-protocol 2.4 and 4). */
#define ECHO_SLACK (100 * USEC_PER_MSEC)

const char *slave_verdict_name(enum slave_verdict verdict)
{
    static const char *const names[SLAVE_VERDICTS] = {
        [SLAVE_NOTHING] = "nothing",          [SLAVE_ANSWER] = "answer",
        [SLAVE_SILENT] = "unanswered",        [SLAVE_OTHER_ADDRESS] = "other address",
        [SLAVE_UNKNOWN] = "unknown function", [SLAVE_CLASH] = "clash",
        [SLAVE_FOREIGN] = "another slave's",  [SLAVE_ECHO] = "own echo",
        [SLAVE_COLLISION] = "collision",      [SLAVE_FAULT] = "broken",
        [SLAVE_REFUSED] = "refused",
    };

    return (unsigned)verdict < SLAVE_VERDICTS ? names[verdict] : "?";
}

void slave_set_timing(struct slave *s, const struct slave_timing *timing)
{
    s->timing = *timing;
    s->receiver.gap = timing->gap;
}

static void count(struct slave *s, const struct slave_event *event)
{
    s->counters.verdicts[event->verdict]++;
    if (event->verdict == SLAVE_FAULT)
        s->counters.faults[event->fault]++;
}

/* Whether what has just ended began while our own answer was on the wire: then the two have met. */
static bool met_our_own(const struct slave *s)
{
    return s->timing.character > 0 && s->sent.n > 0 &&
           s->receiver.first <= s->sent_end + 2 * s->timing.character;
}

static void end_with_fault(struct slave *s, usec_t now, enum frame_fault fault,
                           struct slave_event *ret)
{
    rate_heard_noise(&s->rate, now);
    *ret = (struct slave_event){ .verdict = SLAVE_FAULT, .fault = fault };
    if (met_our_own(s))
        ret->verdict = SLAVE_COLLISION;
    count(s, ret);
}

static bool is_echo(const struct slave *s, usec_t now, const uint8_t *frame, size_t n)
{
    return s->sent.n == n && now <= s->sent_end + ECHO_SLACK &&
           memcmp(s->sent.bytes, frame, n) == 0;
}

/* A frame from a slave: our own echo, or another's answer. */
static enum slave_verdict heard_slave(struct slave *s, usec_t now, const uint8_t *frame, size_t n)
{
    enum slave_verdict verdict = SLAVE_FOREIGN;

    if (is_echo(s, now, frame, n))
        verdict = SLAVE_ECHO;
    else if (met_our_own(s))
        verdict = SLAVE_COLLISION;
    s->sent.n = 0;
    return verdict;
}

/* mbus-protocol 3.2 and 4: whatever the master asks now, and whomever, an answer to its last
 * request would be out of place. On a bus that answers in order none waits here. */
static enum slave_verdict heard_master(struct slave *s, const struct frame *request, usec_t now)
{
    s->sent.n = 0;
    if (slave_output(s) != NULL)
        slave_settle(s, now, SLAVE_REPLACED);
    return commands_execute(s, request, now);
}

static void end_with_frame(struct slave *s, usec_t now, const uint8_t *bytes, size_t n,
                           struct slave_event *ret)
{
    struct frame frame;

    *ret = (struct slave_event){ .frame = bytes, .n = n };
    frame_split(bytes, n, &frame);
    if (frame.kind == FRAME_KIND_ACK || !(frame.c & C_PRM)) {
        ret->verdict = heard_slave(s, now, bytes, n);
        /* One byte with an address nowhere says little of the rate, our own echo nothing. */
        if (frame.kind != FRAME_KIND_ACK && ret->verdict != SLAVE_ECHO)
            rate_heard_frame(&s->rate, now);
    } else {
        rate_heard_frame(&s->rate, now);
        ret->verdict = heard_master(s, &frame, now);
    }
    count(s, ret);
}

size_t slave_input(struct slave *s, usec_t now, const uint8_t *bytes, size_t n,
                   struct slave_event *ret)
{
    enum frame_fault fault;
    size_t size = 0;

    slave_tick(s, now, ret);
    if (ret->verdict != SLAVE_NOTHING)
        return 0;
    if (s->storing || (s->timing.in_order && slave_output(s) != NULL))
        return 0;
    if (s->receiver.noise)
        rate_noise_goes_on(&s->rate, now);
    for (size_t i = 0; i < n; i++) {
        switch (receiver_byte(&s->receiver, now, bytes[i], &size, &fault)) {
        case FRAME_COMPLETE:
            end_with_frame(s, now, s->receiver.bytes, size, ret);
            return i + 1;
        case FRAME_BROKEN:
            end_with_fault(s, now, fault, ret);
            return i + 1;
        case FRAME_MORE:
            break;
        }
    }
    return n;
}

void slave_line_fault(struct slave *s, usec_t now, enum frame_fault fault, struct slave_event *ret)
{
    /* A frame that the silence before has cut off is counted, and this fault is the news. */
    slave_tick(s, now, ret);
    *ret = (struct slave_event){ .verdict = SLAVE_NOTHING };
    if (receiver_line_fault(&s->receiver, now))
        end_with_fault(s, now, fault, ret);
    else
        rate_noise_goes_on(&s->rate, now);
}

void slave_tick(struct slave *s, usec_t now, struct slave_event *ret)
{
    enum frame_fault fault = receiver_idle(&s->receiver, now);

    *ret = (struct slave_event){ .verdict = SLAVE_NOTHING };
    if (fault != FRAME_GOOD)
        end_with_fault(s, now, fault, ret);
}

usec_t slave_deadline(const struct slave *s)
{
    usec_t gap = receiver_deadline(&s->receiver), rate = rate_deadline(&s->rate);

    return gap < rate ? gap : rate;
}

const struct slave_answer *slave_output(const struct slave *s)
{
    return s->pending.n > 0 && !s->storing ? &s->pending : NULL;
}

struct meter *slave_leaving(struct slave *s)
{
    if (s->asked != NULL)
        s->asked->tally.answers++;
    s->is_leaving = true;
    return s->asked;
}

void slave_settle(struct slave *s, usec_t now, enum slave_fate fate)
{
    s->counters.fates[fate]++;
    if (s->is_leaving && fate != SLAVE_SENT && s->asked != NULL)
        s->asked->tally.answers--;
    s->is_leaving = false;
    if (fate == SLAVE_SENT) {
        s->sent = s->pending;
        s->sent_end = now + s->pending.n * s->timing.character;
        rate_answered(&s->rate, s->sent_end);
    } else {
        rate_cancel(&s->rate);
    }
    s->pending.n = 0;
}

void slave_restart(struct slave *s)
{
    receiver_reset(&s->receiver);
    s->pending.n = 0;
    s->sent.n = 0;
    rate_cancel(&s->rate);
}

/* ---- effects --------------------------------------------------------------------------------- */

bool slave_effect(const struct slave *s, usec_t now, struct slave_effect *ret)
{
    unsigned wanted = rate_wanted(&s->rate, now);

    if (s->storing)
        *ret = (struct slave_effect){ .task = SLAVE_STORE };
    else if (s->rate.is_news)
        *ret = (struct slave_effect){ SLAVE_RATE_IS_GOOD, s->rate.now };
    else if (wanted != 0)
        *ret = (struct slave_effect){ SLAVE_CHANGE_RATE, wanted };
    else
        return false;
    return true;
}

/* Whether the meter goes by another address from now on. */
static bool take_over(struct meter *meter)
{
    bool moved = meter->draft.address != meter->now.address ||
                 !ident_equal(&meter->draft.ident, &meter->now.ident);

    meter_draft_commit(meter);
    return moved;
}

static bool end_draft(struct slave *s, struct slave_meter *m, bool ok)
{
    if (!m->meter->drafting)
        return false;
    if (ok && s->has_chosen)
        m->readout = s->chosen;
    if (ok)
        return take_over(m->meter);
    meter_draft_abandon(m->meter);
    path_forget_write(s->at_253 ? &s->selected_path : &m->path);
    return false;
}

static bool end_store(struct slave *s, usec_t now, bool ok)
{
    bool moved = false;

    s->storing = false;
    if (s->writer != NULL)
        moved = end_draft(s, s->writer, ok);
    else
        for (size_t i = 0; i < s->roster.n; i++)
            moved |= end_draft(s, &s->roster.meters[i], ok);
    s->has_chosen = false;
    if (moved)
        slave_update_addresses(s);
    if (!ok && s->pending.n > 0)
        slave_settle(s, now, SLAVE_NOT_KEPT);
    return moved;
}

bool slave_effect_done(struct slave *s, usec_t now, const struct slave_effect *effect, bool ok)
{
    switch (effect->task) {
    case SLAVE_STORE:
        return end_store(s, now, ok);
    case SLAVE_RATE_IS_GOOD:
        s->rate.is_news = false;
        break;
    case SLAVE_CHANGE_RATE:
        rate_changed(&s->rate, now, ok);
        break;
    }
    return false;
}
