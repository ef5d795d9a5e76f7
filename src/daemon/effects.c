#include "daemon/effects.h"

#include "daemon/answer.h"
#include "daemon/trace.h"
#include "io/drain.h"
#include "sys/clock.h"

/* An answer needs this much to turn a converter round at any rate (mbus-protocol 4). */
#define ANSWER_AT_LEAST (2 * USEC_PER_MSEC)
#define WINDOW_BITS 330U
#define WINDOW_EXTRA (50 * USEC_PER_MSEC)
/* What we may need to find the time for an answer. */
#define SCHEDULING (10 * USEC_PER_MSEC)
/* A driver that never says that all has left is no longer believed after this, and looked at this
 * often. */
#define DRAIN_AT_MOST (100 * USEC_PER_MSEC)
#define DRAIN_STEP USEC_PER_MSEC

struct slave_timing bus_timing(const struct port_config *port, unsigned baud)
{
    usec_t earliest = bits_at_least(CHARACTER_BITS, baud);
    struct slave_timing timing = {
        .gap = port_gap(port, baud),
        .not_before =
            (earliest > ANSWER_AT_LEAST ? earliest : ANSWER_AT_LEAST) + port->answer_delay,
        .not_after = bits_at_most(WINDOW_BITS, baud) + WINDOW_EXTRA,
        .turn = earliest,
        .in_order = port->kind != PORT_SERIAL,
    };
    usec_t room = timing.not_after - SCHEDULING;

    /* At a rate that a master has set, `answer_delay` may be longer than the window. */
    if (timing.not_before > room)
        timing.not_before = room;

    if (port->kind == PORT_TCP) {
        timing.not_before = 0;
        timing.not_after = USEC_NEVER;
    }
    if (port->kind == PORT_SERIAL)
        timing.character = earliest + port->byte_gap;
    return timing;
}

/* A meter that lives on other ports too must not get an address that is taken there. */
static bool store(struct bus *bus, struct meter *writer)
{
    if (writer != NULL && !bus->host->address_is_free(bus->host->userdata, writer))
        return false;
    return keeper_store(bus->host->keeper, writer) == 0;
}

static bool change_rate(struct bus *bus, unsigned baud)
{
    return bus->transport.ops->set_baud != NULL &&
           bus->transport.ops->set_baud(&bus->transport, baud) == 0;
}

/* The slave has taken the new rate, or stays at the old one. */
static void rate_was_changed(struct bus *bus, unsigned wanted, bool ok)
{
    struct slave_timing timing = bus_timing(bus->port, bus->slave.rate.now);

    slave_set_timing(&bus->slave, &timing);
    transmit_set_baud(&bus->transmit, bus->slave.rate.now);
    trace_rate(bus_trace_name(bus), &bus->slave.rate, wanted, ok);
    if (ok)
        bus->host->rate_changed(bus->host->userdata);
}

static void rate_is_good(struct bus *bus, unsigned baud)
{
    trace_rate_found(bus_trace_name(bus), baud);
    if (!bus->slave.rate.finds_itself)
        keeper_rate_is_good(bus->host->keeper, bus->port, baud);
}

/* Two writes of different meters before the first could be handed on: whoever was written knows. */
static void note_written(struct bus *bus, struct meter *writer)
{
    bus->written = bus->has_written && bus->written != writer ? NULL : writer;
    bus->has_written = true;
}

void effects_hand_on_at_once(struct bus *bus)
{
    if (!bus->has_written)
        return;
    bus->has_written = false;
    bus->host->meter_written(bus->host->userdata, bus->written);
}

void effects_hand_on(struct bus *bus)
{
    if (slave_output(&bus->slave) == NULL && !answer_is_leaving(bus))
        effects_hand_on_at_once(bus);
}

static void do_effect(struct bus *bus, const struct slave_effect *effect)
{
    struct meter *writer = bus->slave.writer != NULL ? bus->slave.writer->meter : NULL;
    bool ok = true, moved;

    if (effect->task == SLAVE_STORE)
        ok = store(bus, writer);
    else if (effect->task == SLAVE_CHANGE_RATE)
        ok = change_rate(bus, effect->baud);
    moved = slave_effect_done(&bus->slave, clock_now(), effect, ok);
    if (effect->task == SLAVE_STORE && ok)
        note_written(bus, writer);
    if (moved)
        bus->host->meters_moved(bus->host->userdata);
    else if (effect->task == SLAVE_CHANGE_RATE)
        rate_was_changed(bus, effect->baud, ok);
    else if (effect->task == SLAVE_RATE_IS_GOOD)
        rate_is_good(bus, effect->baud);
}

/* The driver may be behind the clock: characters that have not left would leave at the new rate. */
static bool must_drain(const struct bus *bus, const struct slave_effect *effect, usec_t now)
{
    return effect->task == SLAVE_CHANGE_RATE && bus->port->kind == PORT_SERIAL &&
           now < bus->slave.rate.due + DRAIN_AT_MOST && bus->slave.rate.asked != 0 &&
           drain_is_busy(bus->transport.fd);
}

/* What is only told can wait until the answer has left. */
static bool may_wait(const struct bus *bus, const struct slave_effect *effect)
{
    return effect->task == SLAVE_RATE_IS_GOOD && slave_output(&bus->slave) != NULL;
}

void effects_carry_out(struct bus *bus)
{
    struct slave_effect effect;

    bus->is_draining = false;
    while (slave_effect(&bus->slave, clock_now(), &effect) && !may_wait(bus, &effect)) {
        bus->is_draining = must_drain(bus, &effect, clock_now());
        if (bus->is_draining)
            return;
        do_effect(bus, &effect);
    }
}

usec_t effects_deadline(const struct bus *bus)
{
    return bus->is_draining ? clock_now() + DRAIN_STEP : slave_deadline(&bus->slave);
}
