#include "daemon/trace.h"

#include <stdarg.h>
#include <stdio.h>

#include "mbus/link.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

#define HEX_MAX (3 * FRAME_MAX + 1)

static void hex(const uint8_t *bytes, size_t n, char text[static HEX_MAX])
{
    static const char digits[] = "0123456789ABCDEF";
    char *at = text;

    for (size_t i = 0; i < n && i < FRAME_MAX; i++) {
        if (i > 0)
            *at++ = ' ';
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 0x0F];
    }
    *at = '\0';
}

static const char *function_name(const struct slave_event *event)
{
    struct frame frame;
    const char *name;

    frame_split(event->frame, event->n, &frame);
    if (frame.kind == FRAME_KIND_ACK)
        return "ACK";
    name = link_function_name(frame.c);
    return name != NULL ? name : "no function";
}

static void write_line(struct trace_name name, const char *line)
{
    const struct log_field *fields =
        LOG_FIELDS({ "MBUS_PORT", name.port }, { "MBUS_CLIENT", name.client });

    log_event(LOG_LEVEL_DEBUG, NULL, fields, "%s%s%s: %s", name.port, name.client ? " " : "",
              name.client ? name.client : "", line);
}

/* Of a broken frame nothing but the fault is known. */
static void show_event(struct trace_name name, const struct slave_event *event)
{
    struct control_frame frame = { .port = name.port,
                                   .client = name.client,
                                   .bytes = event->frame,
                                   .n = event->frame != NULL ? event->n : 0,
                                   .fate = slave_verdict_name(event->verdict) };
    char fault[32];

    if (event->verdict == SLAVE_FAULT) {
        snprintf(fault, sizeof(fault), "bad %s", frame_fault_name(event->fault));
        frame.fate = fault;
    }
    control_frame(name.watched, &frame);
}

void trace_event(struct trace_name name, const struct slave_event *event)
{
    char bytes[HEX_MAX], line[HEX_MAX + 64];

    if (name.watched != NULL)
        show_event(name, event);
    if (!log_wants(LOG_LEVEL_DEBUG))
        return;
    if (event->frame == NULL) {
        snprintf(line, sizeof(line), "< %s: %s", slave_verdict_name(event->verdict),
                 frame_fault_name(event->fault));
    } else {
        hex(event->frame, event->n, bytes);
        snprintf(line, sizeof(line), "< %s (%s: %s)", bytes, function_name(event),
                 slave_verdict_name(event->verdict));
    }
    write_line(name, line);
}

static const char *fate_name(enum slave_fate fate)
{
    static const char *const names[SLAVE_FATES] = {
        [SLAVE_SENT] = "sent",         [SLAVE_LATE] = "late",         [SLAVE_UNSENT] = "unsent",
        [SLAVE_REPLACED] = "replaced", [SLAVE_NOT_KEPT] = "not kept",
    };

    return names[fate];
}

static void show_answer(struct trace_name name, const struct slave_answer *answer,
                        enum slave_fate fate)
{
    const struct control_frame frame = { .port = name.port,
                                         .client = name.client,
                                         .from_us = true,
                                         .bytes = answer->bytes,
                                         .n = answer->n,
                                         .fate = fate_name(fate),
                                         .elapsed = clock_now() - name.asked };

    control_frame(name.watched, &frame);
}

void trace_answer(struct trace_name name, const struct slave_answer *answer, enum slave_fate fate)
{
    char bytes[HEX_MAX], line[HEX_MAX + 64];

    if (name.watched != NULL && answer != NULL)
        show_answer(name, answer, fate);
    if (!log_wants(LOG_LEVEL_DEBUG) || answer == NULL)
        return;
    hex(answer->bytes, answer->n, bytes);
    snprintf(line, sizeof(line), "> %s (%s)", bytes, fate_name(fate));
    write_line(name, line);
}

void trace_rate(struct trace_name name, const struct rate *rate, unsigned wanted, bool ok)
{
    const struct log_field *fields = LOG_FIELDS({ "MBUS_PORT", name.port });

    if (!ok)
        log_event(LOG_LEVEL_WARNING, MESSAGE_RATE, fields,
                  "%s: cannot go on at %u baud; stays at %u", name.port, wanted, rate->now);
    else if (rate->is_hunting)
        log_event(LOG_LEVEL_DEBUG, MESSAGE_RATE, fields, "%s: listens at %u baud", name.port,
                  wanted);
    else if (rate->old != 0)
        log_event(LOG_LEVEL_INFO, MESSAGE_RATE, fields,
                  "%s: a master has set %u baud; back to %u unless something good is heard",
                  name.port, wanted, rate->old);
    else
        log_event(LOG_LEVEL_WARNING, MESSAGE_RATE, fields,
                  "%s: nothing good was heard at the rate that a master has set; back to %u baud",
                  name.port, wanted);
}

void trace_rate_found(struct trace_name name, unsigned baud)
{
    log_event(LOG_LEVEL_INFO, MESSAGE_RATE, LOG_FIELDS({ "MBUS_PORT", name.port }),
              "%s: a good frame at %u baud; stays there", name.port, baud);
}

struct text {
    char *at;
    size_t left;
};

static void PRINTF(2, 3) add(struct text *t, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(t->at, t->left, format, args);
    va_end(args);
    if (n < 0 || t->left == 0)
        return;
    if ((size_t)n >= t->left)
        n = (int)t->left - 1;
    t->at += n;
    t->left -= (size_t)n;
}

void counters_text(const struct slave_counters *c, char *text, size_t size)
{
    struct text t = { text, size };

    add(&t, "%llu answers sent", (unsigned long long)c->fates[SLAVE_SENT]);
    for (unsigned i = SLAVE_SENT + 1; i < SLAVE_FATES; i++) {
        if (c->fates[i] > 0)
            add(&t, ", %llu %s", (unsigned long long)c->fates[i], fate_name((enum slave_fate)i));
    }
    for (unsigned i = SLAVE_SILENT; i < SLAVE_FAULT; i++) {
        if (c->verdicts[i] > 0)
            add(&t, ", %llu %s", (unsigned long long)c->verdicts[i],
                slave_verdict_name((enum slave_verdict)i));
    }
    for (unsigned i = 0; i < FRAME_FAULTS; i++) {
        if (c->faults[i] > 0)
            add(&t, ", %llu bad %s", (unsigned long long)c->faults[i],
                frame_fault_name((enum frame_fault)i));
    }
}
