#include "slave/receiver.h"

void receiver_init(struct receiver *r, usec_t gap)
{
    receiver_reset(r);
    r->gap = gap;
    r->first = 0;
    r->last = 0;
}

void receiver_reset(struct receiver *r)
{
    r->scan = (struct frame_scan){ 0 };
    r->noise = false;
}

static bool in_frame(const struct receiver *r)
{
    return r->scan.n > 0;
}

/* The first character after idle or after a complete frame begins something new. */
static void note_time(struct receiver *r, usec_t now)
{
    if (!in_frame(r) && !r->noise)
        r->first = now;
    r->last = now;
}

enum frame_fault receiver_idle(struct receiver *r, usec_t now)
{
    bool partial = in_frame(r);

    if ((!partial && !r->noise) || now < r->last + r->gap)
        return FRAME_GOOD;
    receiver_reset(r);
    return partial ? FRAME_BAD_GAP : FRAME_GOOD;
}

/* mbus-protocol 3.2: no hunting for a start in what was dropped; idle alone makes sense again. */
static void wait_for_idle(struct receiver *r)
{
    receiver_reset(r);
    r->noise = true;
}

enum frame_step receiver_byte(struct receiver *r, usec_t now, uint8_t byte, size_t *ret_size,
                              enum frame_fault *ret_fault)
{
    enum frame_step step;

    note_time(r, now);
    if (r->noise)
        return FRAME_MORE;
    r->bytes[r->scan.n] = byte;
    step = frame_scan_byte(&r->scan, byte, ret_fault);
    if (step == FRAME_BROKEN) {
        wait_for_idle(r);
    } else if (step == FRAME_COMPLETE) {
        *ret_size = r->scan.n;
        receiver_reset(r);
    }
    return step;
}

bool receiver_line_fault(struct receiver *r, usec_t now)
{
    note_time(r, now);
    if (r->noise)
        return false;
    wait_for_idle(r);
    return true;
}

usec_t receiver_deadline(const struct receiver *r)
{
    return in_frame(r) ? r->last + r->gap : USEC_NEVER;
}
