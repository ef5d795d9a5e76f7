#include "ctl/master.h"

#include <errno.h>
#include <string.h>

#include "base/macros.h"
#include "ctl/interrupt.h"
#include "ctl/reception.h"
#include "ctl/way.h"
#include "mbus/link.h"
#include "sys/clock.h"

/* What a way adds to the times of the bus, by how much answers that begin together may be apart on
 * it, and the silence that certainly ends a frame (mbus-protocol 2.3): a USB adapter keeps
 * characters for 16 ms, a gateway for longer. */
static const struct {
    usec_t slack, spread, gap, idle;
} ways[] = {
    [PORT_SERIAL] = { 20 * USEC_PER_MSEC, 0, 50 * USEC_PER_MSEC, 0 },
    [PORT_PTY] = { 5 * USEC_PER_MSEC, 0, 100 * USEC_PER_MSEC, 0 },
    [PORT_TCP] = { 1000 * USEC_PER_MSEC, 100 * USEC_PER_MSEC, 250 * USEC_PER_MSEC,
                   2 * USEC_PER_MSEC },
};

/* Whoever talks longer than this without a pause says nothing to us. */
#define ENDLESS (4U * FRAME_MAX * CHARACTER_BITS)

static usec_t larger(usec_t a, usec_t b)
{
    return a > b ? a : b;
}

static usec_t smaller(usec_t a, usec_t b)
{
    return a < b ? a : b;
}

const char *master_open(const char *device, unsigned baud, usec_t timeout, struct master *ret)
{
    enum port_kind kind;
    const char *why;

    *ret = (struct master){ .baud = baud, .patience = 1 };
    why = way_open(device, baud, &ret->way);
    if (why)
        return why;
    kind = ret->way.kind;
    ret->is_tcp = kind == PORT_TCP;
    ret->window = bits_at_least(330, baud) + 50 * USEC_PER_MSEC;
    ret->timeout = timeout ? timeout : ret->window + ways[kind].slack;
    ret->window = smaller(ret->window + ways[kind].spread, ret->timeout);
    ret->idle = larger(bits_at_least(33, baud), ways[kind].idle);
    ret->gap = larger(ret->idle, ways[kind].gap);
    return NULL;
}

void master_close(struct master *m)
{
    transport_close(&m->way);
}

/* Takes what is there, into `r` or away. 0 or a negative errno. */
static int take(struct master *m, struct reception *r)
{
    struct line_char chars[64];
    ssize_t n = m->way.ops->read(&m->way, chars, ARRAY_SIZE(chars));

    if (n == -EAGAIN)
        return 0;
    if (n < 0)
        return (int)n;
    m->heard_last = clock_now();
    for (ssize_t i = 0; r && i < n; i++)
        reception_take(r, &chars[i]);
    return 0;
}

/* Until the line has been idle for so long: what still comes is nobody's answer. */
static int await_idle(struct master *m, usec_t idle)
{
    usec_t limit = clock_now() + idle + bits_at_least(ENDLESS, m->baud);

    for (;;) {
        int r = interrupt_wait_readable(m->way.fd, smaller(m->heard_last + idle, limit));

        if (r <= 0)
            return r;
        m->was_disturbed = true;
        r = take(m, NULL);
        if (r < 0 || clock_now() >= limit)
            return r;
    }
}

void master_await_quiet(struct master *m)
{
    m->heard_last = clock_now();
    (void)await_idle(m, m->timeout * m->patience);
}

/* Until when to listen in this state; `sent` is when the request was out. An E5 is not all until
 * nobody else may begin (mbus-protocol 7.6). */
static usec_t listen_until(const struct master *m, const struct reception *r, usec_t sent)
{
    switch (r->state) {
    case RECEPTION_WITHIN:
        return m->heard_last + m->gap;
    case RECEPTION_WHOLE:
        if (r->n > 1)
            return m->heard_last + m->idle;
        return larger(sent + m->window * m->patience, m->heard_last + m->idle);
    case RECEPTION_BROKEN:
        return larger(sent + m->window * m->patience, m->heard_last + m->idle);
    case RECEPTION_EMPTY:
        break;
    }
    return sent + m->timeout * m->patience;
}

static int receive(struct master *m, struct reception *r, usec_t sent)
{
    usec_t limit = sent + m->timeout * m->patience + bits_at_least(ENDLESS, m->baud) + USEC_PER_SEC;

    for (;;) {
        usec_t until = smaller(listen_until(m, r, sent), limit);
        int ready = interrupt_wait_readable(m->way.fd, until);

        if (ready == 0 || clock_now() >= limit) {
            reception_end(r);
            return 0;
        }
        if (ready > 0)
            ready = take(m, r);
        if (ready < 0)
            return ready;
    }
}

static void judge(const struct reception *r, struct answer *ret)
{
    memcpy(ret->bytes, r->bytes, r->n);
    ret->n = r->n;
    if (r->state == RECEPTION_BROKEN) {
        ret->kind = ANSWER_BROKEN;
        ret->fault = r->fault;
    } else if (r->state == RECEPTION_WHOLE) {
        frame_split(ret->bytes, ret->n, &ret->frame);
        if (ret->frame.kind == FRAME_KIND_ACK)
            ret->kind = ANSWER_ACK;
        else if (ret->frame.kind == FRAME_KIND_LONG &&
                 (ret->frame.c & ~(C_ACD | C_DFC)) == C_RSP_UD)
            ret->kind = ANSWER_FRAME;
        else
            ret->kind = ANSWER_FOREIGN;
    }
}

static int exchange(struct master *m, const uint8_t *request, size_t n, struct answer *ret)
{
    struct reception reception = { .request = request, .n_request = n };
    usec_t sent;
    int r = await_idle(m, m->idle);

    if (r == 0)
        r = m->way.ops->write(&m->way, request, n);
    if (r < 0)
        return r;
    /* Behind a gateway they take as long as on a line of our own. */
    sent = clock_now() + bits_at_least((unsigned)n * CHARACTER_BITS, m->baud);
    m->heard_last = sent;
    r = receive(m, &reception, sent);
    if (r == 0)
        judge(&reception, ret);
    return r;
}

/* Sends a request until what comes is of the kind that is wanted. */
static enum answer_kind ask(struct master *m, const uint8_t *request, size_t n,
                            enum answer_kind wanted, unsigned tries, struct answer *ret)
{
    uint8_t a = request[0] == FRAME_SHORT_START ? request[2] : ADDRESS_SELECTED;

    for (; tries > 0; tries--) {
        int r;

        *ret = (struct answer){ .kind = ANSWER_NONE };
        r = exchange(m, request, n, ret);
        if (r < 0) {
            ret->kind = ANSWER_STOPPED;
            ret->error = r;
            break;
        }
        if (ret->kind == ANSWER_FRAME &&
            (wanted != ANSWER_FRAME || (a <= ADDRESS_PRIMARY_MAX && ret->frame.a != a)))
            ret->kind = ANSWER_FOREIGN;
        /* Somebody's answer to a question before, maybe. */
        m->was_disturbed |=
            ret->kind == ANSWER_FOREIGN || (ret->kind == ANSWER_ACK && wanted != ANSWER_ACK);
        if (ret->kind == wanted)
            break;
    }
    return ret->kind;
}

enum answer_kind master_reset(struct master *m, uint8_t a, unsigned tries, struct answer *ret)
{
    uint8_t frame[FRAME_SHORT_SIZE];
    size_t n = frame_build_short(frame, C_PRM | LINK_SND_NKE, a);

    return ask(m, frame, n, ANSWER_ACK, tries, ret);
}

enum answer_kind master_select(struct master *m, const struct selection *selection, unsigned tries,
                               struct answer *ret)
{
    uint8_t frame[FRAME_DATA_OFFSET + SELECTION_SIZE + 2];
    size_t n;

    memcpy(frame + FRAME_DATA_OFFSET, selection->bytes, SELECTION_SIZE);
    n = frame_seal_long(frame, C_PRM | C_FCB | C_FCV | LINK_SND_UD, ADDRESS_SELECTED, CI_SELECT,
                        SELECTION_SIZE);
    return ask(m, frame, n, ANSWER_ACK, tries, ret);
}

enum answer_kind master_request(struct master *m, uint8_t a, bool fcb, unsigned tries,
                                struct answer *ret)
{
    uint8_t frame[FRAME_SHORT_SIZE];
    uint8_t c = C_PRM | C_FCV | LINK_REQ_UD2;
    size_t n = frame_build_short(frame, fcb ? c | C_FCB : c, a);

    return ask(m, frame, n, ANSWER_FRAME, tries, ret);
}
