#include "slave/slave.h"

#include <string.h>

#include "mbus/link.h"
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
    };

    return (unsigned)verdict < SLAVE_VERDICTS ? names[verdict] : "?";
}

/* A meter of the fixed structure has no manufacturer and no version: FF in them matches wildcards
 * alone (mbus-protocol 11). */
static struct ident selection_ident(const struct meter_def *def)
{
    struct ident ident = def->ident;

    if (def->structure == METER_FIXED) {
        ident.manufacturer = UINT16_MAX;
        ident.version = UINT8_MAX;
        ident.medium = (uint8_t)fixed_medium(def->ident.medium);
    }
    return ident;
}

void slave_update_addresses(struct slave *s)
{
    memset(s->by_address, 0, sizeof(s->by_address));
    s->n_unset = 0;
    for (size_t i = 0; i < s->roster.n; i++) {
        const struct meter_def *def = s->roster.meters[i].meter->def;

        s->roster.idents[i] = selection_ident(def);
        s->n_unset += def->address == 0;
        if (s->by_address[def->address] == 0)
            s->by_address[def->address] = (uint16_t)(i + 1);
    }
}

void slave_init(struct slave *s, const struct slave_roster *roster,
                const struct slave_timing *timing)
{
    *s = (struct slave){ .roster = *roster, .timing = *timing };
    receiver_init(&s->receiver, timing->gap);
    for (size_t i = 0; i < roster->n; i++)
        path_reset(&roster->meters[i].path);
    slave_update_addresses(s);
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

static void end_with_fault(struct slave *s, enum frame_fault fault, struct slave_event *ret)
{
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
    if (frame.kind == FRAME_KIND_ACK || !(frame.c & C_PRM))
        ret->verdict = heard_slave(s, now, bytes, n);
    else
        ret->verdict = heard_master(s, &frame, now);
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
    if (s->timing.in_order && slave_output(s) != NULL)
        return 0;
    for (size_t i = 0; i < n; i++) {
        switch (receiver_byte(&s->receiver, now, bytes[i], &size, &fault)) {
        case FRAME_COMPLETE:
            end_with_frame(s, now, s->receiver.bytes, size, ret);
            return i + 1;
        case FRAME_BROKEN:
            end_with_fault(s, fault, ret);
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
        end_with_fault(s, fault, ret);
}

void slave_tick(struct slave *s, usec_t now, struct slave_event *ret)
{
    enum frame_fault fault = receiver_idle(&s->receiver, now);

    *ret = (struct slave_event){ .verdict = SLAVE_NOTHING };
    if (fault != FRAME_GOOD)
        end_with_fault(s, fault, ret);
}

usec_t slave_deadline(const struct slave *s)
{
    return receiver_deadline(&s->receiver);
}

const struct slave_answer *slave_output(const struct slave *s)
{
    return s->pending.n > 0 ? &s->pending : NULL;
}

void slave_settle(struct slave *s, usec_t now, enum slave_fate fate)
{
    s->counters.fates[fate]++;
    if (fate == SLAVE_SENT) {
        s->sent = s->pending;
        s->sent_end = now + s->pending.n * s->timing.character;
    }
    s->pending.n = 0;
}

void slave_restart(struct slave *s)
{
    receiver_reset(&s->receiver);
    s->pending.n = 0;
    s->sent.n = 0;
}
