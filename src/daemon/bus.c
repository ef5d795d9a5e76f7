#include "daemon/bus.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "daemon/trace.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

/* sd-event takes an accuracy of 0 for 250 ms. */
#define TIMER_ACCURACY 1
/* An answer needs this much to turn a converter round at any rate (mbus-protocol 4). */
#define ANSWER_AT_LEAST (2 * USEC_PER_MSEC)
#define WINDOW_BITS 330U
#define WINDOW_EXTRA (50 * USEC_PER_MSEC)
/* Trouble on the line is told once in this time, with how often it happened. */
#define COMPLAINT_INTERVAL (10 * USEC_PER_SEC)

static void bus_process(struct bus *bus);

/* mbus-protocol 4, and what the port's settings add. */
static struct slave_timing timing_of(const struct port_config *port)
{
    usec_t earliest = bits_at_least(CHARACTER_BITS, port->baud);
    struct slave_timing timing = {
        .gap = port->gap,
        .not_before =
            (earliest > ANSWER_AT_LEAST ? earliest : ANSWER_AT_LEAST) + port->answer_delay,
        .not_after = bits_at_most(WINDOW_BITS, port->baud) + WINDOW_EXTRA,
        .in_order = port->kind != PORT_SERIAL,
    };

    if (port->kind == PORT_TCP) {
        timing.not_before = 0;
        timing.not_after = USEC_NEVER;
    }
    if (port->kind == PORT_SERIAL)
        timing.character = earliest + port->byte_gap;
    return timing;
}

static void complain(struct bus *bus, const char *message_id, const char *what)
{
    usec_t now = clock_now();

    bus->complaints++;
    if (bus->last_complaint != 0 && now - bus->last_complaint < COMPLAINT_INTERVAL)
        return;
    log_event(LOG_LEVEL_WARNING, message_id, LOG_FIELDS({ "MBUS_PORT", bus->transport.name }),
              "%s: %s (%llu since the last such line)", bus->transport.name, what,
              (unsigned long long)bus->complaints);
    bus->last_complaint = now;
    bus->complaints = 0;
}

static int arm(sd_event_source *timer, usec_t at)
{
    int r;

    if (at == USEC_NEVER)
        return sd_event_source_set_enabled(timer, SD_EVENT_OFF);
    r = sd_event_source_set_time(timer, at);
    if (r < 0)
        return r;
    return sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static void settle(struct bus *bus, usec_t now, enum slave_fate fate)
{
    trace_answer(bus->transport.name, slave_output(&bus->slave), fate);
    slave_settle(&bus->slave, now, fate);
    if (fate == SLAVE_LATE)
        complain(bus, MESSAGE_ANSWER_LATE, "an answer missed its window and was dropped");
}

/* The next character of an answer with pauses; the rest goes on by the timer. */
static void send_character(struct bus *bus, usec_t now)
{
    usec_t step = bits_at_least(CHARACTER_BITS, bus->port->baud) + bus->port->byte_gap;
    int r = bus->transport.ops->write(&bus->transport, &bus->output[bus->output_at], 1);

    bus->output_at++;
    if (r < 0)
        bus->output_at = bus->output_n;
    if (bus->output_at < bus->output_n)
        arm(bus->answer_timer, now + step);
}

/* Sends the waiting answer, or drops it when its window has closed. -EPIPE: the bus is gone. */
static int send_answer(struct bus *bus, usec_t now)
{
    const struct slave_answer *answer = slave_output(&bus->slave);
    int r = 0;

    if (now > answer->not_after) {
        settle(bus, now, SLAVE_LATE);
        return 0;
    }
    if (bus->port->byte_gap > 0) {
        memcpy(bus->output, answer->bytes, answer->n);
        bus->output_n = answer->n;
        bus->output_at = 0;
    } else {
        r = bus->transport.ops->write(&bus->transport, answer->bytes, answer->n);
    }
    settle(bus, now, r < 0 ? SLAVE_UNSENT : SLAVE_SENT);
    if (bus->port->byte_gap > 0)
        send_character(bus, now);
    return r == -EAGAIN ? 0 : r;
}

static bool sending(const struct bus *bus)
{
    return bus->output_at < bus->output_n;
}

/* True when the answer has been dealt with; false when it waits for its time. */
static int try_answer(struct bus *bus)
{
    const struct slave_answer *answer = slave_output(&bus->slave);
    usec_t now = clock_now();
    int r;

    if (sending(bus))
        return false;
    if (now < answer->not_before) {
        arm(bus->answer_timer, answer->not_before);
        return false;
    }
    r = send_answer(bus, now);
    return r < 0 ? r : !sending(bus);
}

static int on_answer_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct bus *bus = userdata;

    (void)source;
    (void)usec;
    if (sending(bus))
        send_character(bus, clock_now());
    if (!sending(bus))
        bus_process(bus);
    return 0;
}

static void report(struct bus *bus, const struct slave_event *event)
{
    if (event->verdict == SLAVE_NOTHING)
        return;
    trace_event(bus->transport.name, event);
    if (event->verdict == SLAVE_COLLISION)
        complain(bus, MESSAGE_COLLISION, "somebody else spoke while an answer was on the line");
}

static enum frame_fault fault_of(enum line_fault fault)
{
    return fault == LINE_BREAK ? FRAME_BAD_BREAK : FRAME_BAD_PARITY;
}

/* Gives the slave what comes next in the input: a faulty character, or a run of good ones. Returns
 * how many characters it took. */
static size_t feed(struct bus *bus, usec_t now, struct slave_event *event)
{
    const struct line_char *next = &bus->input[bus->input_at];
    size_t left = bus->input_n - bus->input_at, run = 0;
    uint8_t bytes[BUS_READ_MAX];

    if (next->fault != LINE_GOOD) {
        slave_line_fault(&bus->slave, now, fault_of(next->fault), event);
        return 1;
    }
    while (run < left && next[run].fault == LINE_GOOD) {
        bytes[run] = next[run].byte;
        run++;
    }
    return slave_input(&bus->slave, now, bytes, run, event);
}

/* Works through the input and the answers until nothing is left or an answer has to wait. On a bus
 * that answers in order the rest of the input waits with it, and what comes after it in the kernel.
 */
static int work(struct bus *bus)
{
    usec_t now = clock_now();

    for (;;) {
        struct slave_event event;
        size_t taken;

        if (slave_output(&bus->slave) != NULL) {
            int r = try_answer(bus);

            if (r < 0)
                return r;
            if (r == 0 && bus->slave.timing.in_order)
                return 0;
        }
        if (bus->input_at == bus->input_n)
            return 0;
        taken = feed(bus, now, &event);
        report(bus, &event);
        bus->input_at += taken;
    }
}

static void bus_process(struct bus *bus)
{
    int r = work(bus);
    bool full;

    if (r < 0) {
        bus->lost(bus, r);
        return;
    }
    full = bus->input_at < bus->input_n;
    sd_event_source_set_enabled(bus->io, full ? SD_EVENT_OFF : SD_EVENT_ON);
    arm(bus->gap_timer, slave_deadline(&bus->slave));
}

static int on_gap_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct bus *bus = userdata;
    struct slave_event event;

    (void)source;
    (void)usec;
    slave_tick(&bus->slave, clock_now(), &event);
    report(bus, &event);
    arm(bus->gap_timer, slave_deadline(&bus->slave));
    return 0;
}

static ssize_t read_input(struct bus *bus)
{
    ssize_t n = bus->transport.ops->read(&bus->transport, bus->input, BUS_READ_MAX);

    bus->input_at = 0;
    bus->input_n = n > 0 ? (size_t)n : 0;
    return n;
}

/* The loop may have seen the input before the process was stopped, and the SIGCONT not yet. */
static bool stopped_meanwhile(const struct bus *bus)
{
    sigset_t set;

    return bus->slave.timing.not_after != USEC_NEVER && sigpending(&set) == 0 &&
           sigismember(&set, SIGCONT) == 1;
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    struct bus *bus = userdata;
    ssize_t n;

    (void)source;
    (void)fd;
    if (stopped_meanwhile(bus))
        return 0; /* bus_stalled() comes first */
    n = read_input(bus);
    if (n == -EAGAIN && (revents & (EPOLLHUP | EPOLLERR)))
        n = -EPIPE;
    if (n < 0 && n != -EAGAIN) {
        bus->lost(bus, (int)n);
        return 0;
    }
    if (n > 0) {
        bus->last_input = clock_now();
        bus_process(bus);
    }
    return 0;
}

static int on_idle_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct bus *bus = userdata;
    usec_t end = bus->last_input + bus->port->idle_timeout;

    (void)source;
    if (usec < end)
        arm(bus->idle_timer, end);
    else
        bus->lost(bus, -ETIMEDOUT);
    return 0;
}

static int add_timer(struct bus *bus, sd_event_source **ret, sd_event_time_handler_t handler,
                     int64_t priority, const char *description)
{
    int r = sd_event_add_time(bus->event, ret, CLOCK_MONOTONIC, 0, TIMER_ACCURACY, handler, bus);

    if (r < 0)
        return r;
    sd_event_source_set_description(*ret, description);
    sd_event_source_set_priority(*ret, priority);
    return sd_event_source_set_enabled(*ret, SD_EVENT_OFF);
}

/* The input goes before the timer that would give up a partial frame. */
static int attach(struct bus *bus)
{
    int r = sd_event_add_io(bus->event, &bus->io, bus->transport.fd, EPOLLIN, on_io, bus);

    if (r < 0)
        return r;
    sd_event_source_set_description(bus->io, "bus-input");
    sd_event_source_set_priority(bus->io, SD_EVENT_PRIORITY_IMPORTANT);
    r = add_timer(bus, &bus->answer_timer, on_answer_timer, SD_EVENT_PRIORITY_IMPORTANT - 1,
                  "bus-answer");
    if (r < 0)
        return r;
    r = add_timer(bus, &bus->gap_timer, on_gap_timer, SD_EVENT_PRIORITY_IMPORTANT + 1, "bus-gap");
    if (r < 0 || bus->port->kind != PORT_TCP || bus->port->idle_timeout == 0)
        return r;
    r = add_timer(bus, &bus->idle_timer, on_idle_timer, SD_EVENT_PRIORITY_NORMAL, "bus-idle");
    return r < 0 ? r : arm(bus->idle_timer, bus->last_input + bus->port->idle_timeout);
}

int bus_start(struct bus *bus, sd_event *event, const struct port_config *port,
              struct transport *transport, struct meter *meter)
{
    struct slave_timing timing = timing_of(port);
    int r;

    bus->event = event;
    bus->port = port;
    bus->transport = *transport;
    *transport = (struct transport)TRANSPORT_CLOSED;
    bus->last_input = clock_now();
    slave_init(&bus->slave, meter, &timing);
    r = attach(bus);
    if (r < 0)
        bus_stop(bus);
    return r;
}

void bus_stop(struct bus *bus)
{
    bus->io = sd_event_source_disable_unref(bus->io);
    bus->answer_timer = sd_event_source_disable_unref(bus->answer_timer);
    bus->gap_timer = sd_event_source_disable_unref(bus->gap_timer);
    bus->idle_timer = sd_event_source_disable_unref(bus->idle_timer);
    if (bus->transport.ops != NULL)
        transport_close(&bus->transport);
}

void bus_rebase(struct bus *bus, const struct port_config *port)
{
    bus->port = port;
}

void bus_stalled(struct bus *bus)
{
    if (bus->port->kind == PORT_TCP)
        return;
    while (!sending(bus) && slave_output(&bus->slave) == NULL && read_input(bus) > 0) {
        while (bus->input_at < bus->input_n) {
            struct slave_event event;

            bus->input_at += feed(bus, clock_now(), &event);
            report(bus, &event);
            if (slave_output(&bus->slave) != NULL)
                settle(bus, clock_now(), SLAVE_LATE);
        }
        slave_restart(&bus->slave);
    }
    bus_process(bus);
}

void bus_add_counters(const struct bus *bus, struct slave_counters *sum)
{
    const struct slave_counters *c = &bus->slave.counters;

    for (size_t i = 0; i < ARRAY_SIZE(sum->verdicts); i++)
        sum->verdicts[i] += c->verdicts[i];
    for (size_t i = 0; i < ARRAY_SIZE(sum->faults); i++)
        sum->faults[i] += c->faults[i];
    for (size_t i = 0; i < ARRAY_SIZE(sum->fates); i++)
        sum->fates[i] += c->fates[i];
}
