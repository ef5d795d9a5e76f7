#include "mbus/frame.h"

#define LONG_HEADER 4U /* 68 L L 68 */

const char *frame_fault_name(enum frame_fault fault)
{
    static const char *const names[FRAME_FAULTS] = {
        [FRAME_GOOD] = "good",
        [FRAME_BAD_START] = "start",
        [FRAME_BAD_LENGTH] = "length",
        [FRAME_BAD_SECOND_START] = "second start",
        [FRAME_BAD_CHECKSUM] = "checksum",
        [FRAME_BAD_STOP] = "stop",
        [FRAME_BAD_GAP] = "gap",
        [FRAME_BAD_PARITY] = "parity",
        [FRAME_BAD_BREAK] = "break",
    };

    return (unsigned)fault < FRAME_FAULTS ? names[fault] : "?";
}

static enum frame_step broken(enum frame_fault fault, enum frame_fault *ret_fault)
{
    *ret_fault = fault;
    return FRAME_BROKEN;
}

static enum frame_step scan_start(struct frame_scan *s, uint8_t byte, enum frame_fault *ret_fault)
{
    switch (byte) {
    case FRAME_ACK:
        return FRAME_COMPLETE;
    case FRAME_SHORT_START:
        s->size = FRAME_SHORT_SIZE;
        return FRAME_MORE;
    case FRAME_LONG_START:
        return FRAME_MORE;
    default:
        return broken(FRAME_BAD_START, ret_fault);
    }
}

/* The three bytes behind the first 68 (mbus-protocol 3.2, rule 3). */
static enum frame_step scan_long_header(struct frame_scan *s, uint8_t byte,
                                        enum frame_fault *ret_fault)
{
    switch (s->n) {
    case 2:
        s->length = byte;
        return byte < FRAME_L_MIN ? broken(FRAME_BAD_LENGTH, ret_fault) : FRAME_MORE;
    case 3:
        return byte != s->length ? broken(FRAME_BAD_LENGTH, ret_fault) : FRAME_MORE;
    default:
        if (byte != FRAME_LONG_START)
            return broken(FRAME_BAD_SECOND_START, ret_fault);
        s->size = (uint16_t)(s->length + FRAME_LONG_OVERHEAD);
        return FRAME_MORE;
    }
}

enum frame_step frame_scan_byte(struct frame_scan *s, uint8_t byte, enum frame_fault *ret_fault)
{
    s->n++;
    if (s->n == 1)
        return scan_start(s, byte, ret_fault);
    if (s->size == 0)
        return scan_long_header(s, byte, ret_fault);
    if (s->n == s->size)
        return byte == FRAME_STOP ? FRAME_COMPLETE : broken(FRAME_BAD_STOP, ret_fault);
    if (s->n == s->size - 1)
        return byte == s->sum ? FRAME_MORE : broken(FRAME_BAD_CHECKSUM, ret_fault);
    s->sum = (uint8_t)(s->sum + byte);
    return FRAME_MORE;
}

void frame_split(const uint8_t *bytes, size_t n, struct frame *ret)
{
    switch (bytes[0]) {
    case FRAME_ACK:
        *ret = (struct frame){ .kind = FRAME_KIND_ACK };
        break;
    case FRAME_SHORT_START:
        *ret = (struct frame){ .kind = FRAME_KIND_SHORT, .c = bytes[1], .a = bytes[2] };
        break;
    default:
        *ret = (struct frame){ .kind = FRAME_KIND_LONG,
                               .c = bytes[LONG_HEADER],
                               .a = bytes[LONG_HEADER + 1],
                               .ci = bytes[LONG_HEADER + 2],
                               .data = bytes + FRAME_DATA_OFFSET,
                               .n = n - FRAME_LONG_OVERHEAD - FRAME_L_MIN };
        break;
    }
}

enum frame_fault frame_parse(const uint8_t *bytes, size_t n, struct frame *ret)
{
    struct frame_scan scan = { 0 };
    enum frame_fault fault = FRAME_GOOD;

    for (size_t i = 0; i < n; i++) {
        switch (frame_scan_byte(&scan, bytes[i], &fault)) {
        case FRAME_BROKEN:
            return fault;
        case FRAME_COMPLETE:
            if (i + 1 != n)
                return FRAME_BAD_GAP;
            frame_split(bytes, n, ret);
            return FRAME_GOOD;
        case FRAME_MORE:
            break;
        }
    }
    return FRAME_BAD_GAP;
}

size_t frame_build_short(uint8_t *frame, uint8_t c, uint8_t a)
{
    frame[0] = FRAME_SHORT_START;
    frame[1] = c;
    frame[2] = a;
    frame[3] = (uint8_t)(c + a);
    frame[4] = FRAME_STOP;
    return FRAME_SHORT_SIZE;
}

size_t frame_seal_long(uint8_t *frame, uint8_t c, uint8_t a, uint8_t ci, size_t n)
{
    size_t length = n + FRAME_L_MIN;
    uint8_t sum = 0;

    if (length > UINT8_MAX)
        return 0;
    frame[0] = frame[3] = FRAME_LONG_START;
    frame[1] = frame[2] = (uint8_t)length;
    frame[4] = c;
    frame[5] = a;
    frame[6] = ci;
    for (size_t i = 0; i < length; i++)
        sum = (uint8_t)(sum + frame[LONG_HEADER + i]);
    frame[LONG_HEADER + length] = sum;
    frame[LONG_HEADER + length + 1] = FRAME_STOP;
    return length + FRAME_LONG_OVERHEAD;
}
