#include "daemon/bus.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "daemon/answer.h"
#include "daemon/effects.h"
#include "daemon/roster.h"
#include "daemon/trace.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

/* sd-event takes an accuracy of 0 for 250 ms. */
#define TIMER_ACCURACY 1
/* How often at the most input of unknown age is read: a master may go on sending. */
#define STALLED_READS_MAX 64

static void bus_process(struct bus *bus);

static int on_answer_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct bus *bus = userdata;
    int r = 0;

    (void)source;
    (void)usec;
    if (answer_is_leaving(bus))
        r = answer_go_on(bus);
    if (r < 0 && r != -EAGAIN)
        bus->lost(bus, r);
    else if (!answer_is_leaving(bus))
        bus_process(bus);
    return 0;
}

/* No answer may follow with which its records would be brought up to date. */
static void count_refused(struct bus *bus, struct meter *meter)
{
    bus->host->meter_tallied(bus->host->userdata, meter);
    bus->host->meter_answered(bus->host->userdata, meter);
}

static void report(struct bus *bus, const struct slave_event *event)
{
    if (event->verdict == SLAVE_NOTHING)
        return;
    if (bus->slave.asked != NULL &&
        (event->verdict == SLAVE_REFUSED || event->verdict == SLAVE_UNKNOWN))
        count_refused(bus, bus->slave.asked);
    if (event->frame != NULL && event->verdict != SLAVE_ECHO && bus->port->kind == PORT_SERIAL)
        hat_activity(bus->hat);
    trace_event(bus_trace_name(bus), event);
    if (event->verdict == SLAVE_COLLISION)
        bus_complain(bus, &bus->collision, MESSAGE_COLLISION,
                     "somebody else spoke while an answer was on the line");
}

/* ---- input and answers ----------------------------------------------------------------------- */

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
            int r = answer_try(bus);

            if (r < 0)
                return r;
            effects_carry_out(bus);
            if (r == 0 && bus->slave.timing.in_order)
                return 0;
        }
        if (bus->input_at == bus->input_n)
            return 0;
        taken = feed(bus, now, &event);
        effects_carry_out(bus);
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
    bus_arm(bus->gap_timer, effects_deadline(bus));
    effects_hand_on(bus);
}

static int on_gap_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct bus *bus = userdata;
    struct slave_event event;

    (void)source;
    (void)usec;
    slave_tick(&bus->slave, clock_now(), &event);
    effects_carry_out(bus);
    report(bus, &event);
    bus_arm(bus->gap_timer, effects_deadline(bus));
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
        bus_arm(bus->idle_timer, end);
    else
        bus->lost(bus, -ETIMEDOUT);
    return 0;
}

static int on_unread_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct bus *bus = userdata;

    (void)source;
    (void)usec;
    bus->transport.ops->drop_unread(&bus->transport);
    return 0;
}

static int add_timer(struct bus *bus, sd_event_source **ret, sd_event_time_handler_t handler,
                     int64_t priority, const char *description)
{
    int r =
        sd_event_add_time(bus->host->event, ret, CLOCK_MONOTONIC, 0, TIMER_ACCURACY, handler, bus);

    if (r < 0)
        return r;
    sd_event_source_set_description(*ret, description);
    sd_event_source_set_priority(*ret, priority);
    return sd_event_source_set_enabled(*ret, SD_EVENT_OFF);
}

/* The input goes before the timer that would give up a partial frame. */
static int attach(struct bus *bus)
{
    int r = sd_event_add_io(bus->host->event, &bus->io, bus->transport.fd, EPOLLIN, on_io, bus);

    if (r < 0)
        return r;
    sd_event_source_set_description(bus->io, "bus-input");
    sd_event_source_set_priority(bus->io, SD_EVENT_PRIORITY_IMPORTANT);
    r = add_timer(bus, &bus->answer_timer, on_answer_timer, SD_EVENT_PRIORITY_IMPORTANT - 1,
                  "bus-answer");
    if (r < 0)
        return r;
    r = add_timer(bus, &bus->gap_timer, on_gap_timer, SD_EVENT_PRIORITY_IMPORTANT + 1, "bus-gap");
    if (r >= 0 && bus->transport.ops->drop_unread != NULL)
        r = add_timer(bus, &bus->unread_timer, on_unread_timer, SD_EVENT_PRIORITY_IMPORTANT,
                      "bus-unread");
    if (r < 0 || bus->port->kind != PORT_TCP || bus->port->idle_timeout == 0)
        return r;
    r = add_timer(bus, &bus->idle_timer, on_idle_timer, SD_EVENT_PRIORITY_IMPORTANT, "bus-idle");
    return r < 0 ? r : bus_arm(bus->idle_timer, bus->last_input + bus->port->idle_timeout);
}

static int begin_slave(struct bus *bus, unsigned baud)
{
    struct slave_timing timing = bus_timing(bus->port, baud);
    bool finds_itself = bus->port->baud == 0;
    int r = roster_new(bus->port, bus->host->meters, &bus->roster);

    if (r < 0)
        return r;
    slave_init(&bus->slave, &bus->roster, &timing);
    rate_init(&bus->slave.rate, baud, bus->transport.ops->set_baud != NULL, finds_itself,
              bus->port->baud_fallback, clock_now());
    return 0;
}

int bus_start(struct bus *bus, const struct host *host, const struct port_config *port,
              unsigned baud, struct transport *transport)
{
    int r;

    bus->host = host;
    bus->port = port;
    bus->transport = *transport;
    *transport = (struct transport)TRANSPORT_CLOSED;
    bus->last_input = clock_now();
    r = begin_slave(bus, baud);
    if (r >= 0)
        r = attach(bus);
    if (r >= 0)
        r = transmit_init(&bus->transmit, bus->hat, host->event, bus->transport.fd, port, baud);
    if (r < 0)
        bus_stop(bus);
    return r;
}

void bus_stop(struct bus *bus)
{
    /* It is in force, though the master may never learn of it. */
    effects_hand_on_at_once(bus);
    transmit_done(&bus->transmit);
    bus->io = sd_event_source_disable_unref(bus->io);
    bus->answer_timer = sd_event_source_disable_unref(bus->answer_timer);
    bus->gap_timer = sd_event_source_disable_unref(bus->gap_timer);
    bus->idle_timer = sd_event_source_disable_unref(bus->idle_timer);
    bus->unread_timer = sd_event_source_disable_unref(bus->unread_timer);
    if (bus->transport.ops != NULL)
        transport_close(&bus->transport);
    roster_free(&bus->roster);
}

void bus_rebase(struct bus *bus, const struct port_config *port)
{
    bus->port = port;
}

void bus_meters_moved(struct bus *bus)
{
    slave_update_addresses(&bus->slave);
}

int bus_meters_changed(struct bus *bus)
{
    struct slave_roster roster;
    int r = roster_new(bus->port, bus->host->meters, &roster);

    if (r < 0)
        return r;
    slave_change_roster(&bus->slave, &roster);
    roster_free(&bus->roster);
    bus->roster = roster;
    return 0;
}

/* Lets the slave hear what came in an unknown time ago, and answers none of it. */
static void hear_stale_input(struct bus *bus)
{
    while (bus->input_at < bus->input_n) {
        struct slave_event event;

        bus->input_at += feed(bus, clock_now(), &event);
        effects_carry_out(bus);
        report(bus, &event);
        if (slave_output(&bus->slave) != NULL)
            answer_settle(bus, clock_now(), SLAVE_LATE);
    }
}

void bus_stalled(struct bus *bus)
{
    int reads = 0;

    if (bus->port->kind == PORT_TCP)
        return;
    answer_abandon(bus);
    do {
        hear_stale_input(bus);
    } while (reads++ < STALLED_READS_MAX && read_input(bus) > 0);
    slave_restart(&bus->slave);
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
