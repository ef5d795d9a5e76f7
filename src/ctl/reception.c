#include "ctl/reception.h"

#include <stdbool.h>
#include <string.h>

static void spoil(struct reception *r, enum frame_fault fault)
{
    r->state = RECEPTION_BROKEN;
    r->fault = fault;
}

/* The transceiver hands back what we send (mbus-protocol 2.4). An E5 is no request. */
static bool is_echo(const struct reception *r)
{
    return r->n == r->n_request && memcmp(r->bytes, r->request, r->n) == 0;
}

static void finish(struct reception *r)
{
    if (is_echo(r)) {
        r->state = RECEPTION_EMPTY;
        r->scan = (struct frame_scan){ 0 };
        r->n = 0;
    } else {
        r->state = RECEPTION_WHOLE;
    }
}

void reception_take(struct reception *r, const struct line_char *c)
{
    enum frame_fault fault = FRAME_GOOD;

    if (r->n < sizeof(r->bytes))
        r->bytes[r->n++] = c->byte;
    if (r->state == RECEPTION_BROKEN)
        return;
    if (r->state == RECEPTION_WHOLE) {
        spoil(r, FRAME_GOOD);
        return;
    }
    if (c->fault != LINE_GOOD) {
        spoil(r, c->fault == LINE_BREAK ? FRAME_BAD_BREAK : FRAME_BAD_PARITY);
        return;
    }
    r->state = RECEPTION_WITHIN;
    switch (frame_scan_byte(&r->scan, c->byte, &fault)) {
    case FRAME_COMPLETE:
        finish(r);
        break;
    case FRAME_BROKEN:
        spoil(r, fault);
        break;
    case FRAME_MORE:
        break;
    }
}

void reception_end(struct reception *r)
{
    if (r->state == RECEPTION_WITHIN)
        spoil(r, FRAME_BAD_GAP);
}
