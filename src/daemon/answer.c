#include "daemon/answer.h"

#include <errno.h>
#include <string.h>

#include "daemon/trace.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/messages.h"

/* Trouble on the line is told once in this time, with how often it happened. */
#define COMPLAINT_INTERVAL (10 * USEC_PER_SEC)
/* On a bus, bytes that nobody reads are gone; on a pty the next master would find them. No master
 * takes so long to read. */
#define UNREAD_AFTER (2 * USEC_PER_SEC)

const char *bus_port_name(const struct bus *bus)
{
    if (bus->port->kind != PORT_PTY)
        return bus->port->device;
    return bus->port->link != NULL ? bus->port->link : bus->transport.name;
}

struct trace_name bus_trace_name(const struct bus *bus)
{
    return (struct trace_name){
        .port = bus_port_name(bus),
        .client = bus->port->kind == PORT_TCP ? bus->transport.name : NULL,
        .watched = control_is_watched(bus->host->control) ? bus->host->control : NULL,
        .asked = bus->last_input,
    };
}

void bus_complain(struct bus *bus, struct complaint *c, const char *message_id, const char *what)
{
    usec_t now = clock_now();

    c->n++;
    if (c->told != 0 && now - c->told < COMPLAINT_INTERVAL)
        return;
    log_event(LOG_LEVEL_WARNING, message_id, LOG_FIELDS({ "MBUS_PORT", bus_port_name(bus) }),
              "%s: %s (%llu since the last such line)", bus_port_name(bus), what,
              (unsigned long long)c->n);
    c->told = now;
    c->n = 0;
}

int bus_arm(sd_event_source *timer, usec_t at)
{
    int r;

    if (at == USEC_NEVER)
        return sd_event_source_set_enabled(timer, SD_EVENT_OFF);
    r = sd_event_source_set_time(timer, at);
    if (r < 0)
        return r;
    return sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

void answer_settle(struct bus *bus, usec_t now, enum slave_fate fate)
{
    trace_answer(bus_trace_name(bus), slave_output(&bus->slave), fate);
    slave_settle(&bus->slave, now, fate);
    if (fate == SLAVE_SENT && bus->slave.asked != NULL)
        bus->host->meter_answered(bus->host->userdata, bus->slave.asked);
    if (fate == SLAVE_LATE)
        bus_complain(bus, &bus->late, MESSAGE_ANSWER_LATE,
                     "an answer missed its window and was dropped");
    if (fate == SLAVE_SENT && bus->unread_timer != NULL)
        bus_arm(bus->unread_timer, now + UNREAD_AFTER);
}

/* The next character of an answer with pauses; the rest goes on by the timer. */
static int send_character(struct bus *bus, usec_t now)
{
    usec_t step = bits_at_least(CHARACTER_BITS, bus->slave.rate.now) + bus->port->byte_gap;
    int r;

    transmit_begin(&bus->transmit, bus->output_n - bus->output_at);
    r = bus->transport.ops->write(&bus->transport, &bus->output[bus->output_at], 1);
    bus->output_at++;
    if (r < 0) {
        bus->output_at = bus->output_n;
        transmit_end(&bus->transmit);
        return r;
    }
    if (bus->output_at < bus->output_n)
        bus_arm(bus->answer_timer, now + step);
    return 0;
}

static int send_with_pauses(struct bus *bus, const struct slave_answer *answer, usec_t now)
{
    memcpy(bus->output, answer->bytes, answer->n);
    bus->output_n = answer->n;
    bus->output_at = 0;
    return send_character(bus, now);
}

static int send_at_once(struct bus *bus, const struct slave_answer *answer)
{
    int r;

    transmit_begin(&bus->transmit, answer->n);
    r = bus->transport.ops->write(&bus->transport, answer->bytes, answer->n);
    if (r < 0)
        transmit_end(&bus->transmit);
    return r;
}

/* Sends the waiting answer, or drops it when its window has closed. -EPIPE: the bus is gone. */
static int send_answer(struct bus *bus, usec_t now)
{
    const struct slave_answer *answer = slave_output(&bus->slave);
    struct meter *meter;
    int r;

    if (now > answer->not_after) {
        answer_settle(bus, now, SLAVE_LATE);
        return 0;
    }
    meter = slave_leaving(&bus->slave);
    if (meter != NULL)
        bus->host->meter_tallied(bus->host->userdata, meter);
    r = bus->port->byte_gap > 0 ? send_with_pauses(bus, answer, now) : send_at_once(bus, answer);
    answer_settle(bus, now, r < 0 ? SLAVE_UNSENT : SLAVE_SENT);
    return r == -EAGAIN ? 0 : r;
}

bool answer_is_leaving(const struct bus *bus)
{
    return bus->output_at < bus->output_n;
}

int answer_try(struct bus *bus)
{
    const struct slave_answer *answer = slave_output(&bus->slave);
    usec_t now = clock_now();
    int r;

    if (answer_is_leaving(bus))
        return 0;
    if (now < answer->not_before) {
        bus_arm(bus->answer_timer, answer->not_before);
        return 0;
    }
    r = send_answer(bus, now);
    return r < 0 ? r : !answer_is_leaving(bus);
}

int answer_go_on(struct bus *bus)
{
    return send_character(bus, clock_now());
}

void answer_abandon(struct bus *bus)
{
    bus->output_at = bus->output_n;
    transmit_end(&bus->transmit);
    if (slave_output(&bus->slave) != NULL)
        answer_settle(bus, clock_now(), SLAVE_LATE);
}
