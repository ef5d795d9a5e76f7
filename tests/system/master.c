#include "tests/system/master.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 2000     /* for an answer that must come */
#define SILENCE_MS 250       /* longer than the answer window at 2400 baud and above (2.2) */
#define C_WITHOUT_FLAGS 0xCF /* ACD and DFC */
#define RSP_SKE 0x0B

/* ---- frames (3.1) -----------------------------------------------------------------------------
 */

static uint8_t checksum(const uint8_t *bytes, size_t n)
{
    unsigned sum = 0;

    while (n > 0)
        sum += bytes[--n];
    return (uint8_t)sum;
}

size_t frame_make(const uint8_t *body, size_t n, uint8_t *frame)
{
    size_t start = n == 2 ? 1 : 4;

    if (n == 2) {
        frame[0] = 0x10;
    } else {
        frame[0] = frame[3] = 0x68;
        frame[1] = frame[2] = (uint8_t)n;
    }
    memcpy(frame + start, body, n);
    frame[start + n] = checksum(body, n);
    frame[start + n + 1] = 0x16;
    return start + n + 2;
}

size_t frame_parse(const char *text, uint8_t *frame, size_t capacity)
{
    uint8_t body[FRAME_MAX - 6];

    if (*text != '>')
        return test_hex(text, frame, capacity);
    assert_true(capacity >= FRAME_MAX);
    return frame_make(body, test_hex(text + 1, body, sizeof(body)), frame);
}

void frame_set_access(uint8_t *frame, uint8_t access)
{
    size_t n = frame[1];

    assert_int_equal(frame[0], 0x68);
    assert_true(frame[6] == 0x72 || frame[6] == 0x73);
    frame[frame[6] == 0x72 ? 15 : 11] = access;
    frame[4 + n] = checksum(frame + 4, n);
}

/* ---- one exchange -----------------------------------------------------------------------------
 */

void master_send(const struct master *m, const uint8_t *frame, size_t n)
{
    assert_int_equal(write(m->fd, frame, n), n);
}

/* Reads up to n bytes, each within `ms`; how many came. */
static size_t read_bytes(int fd, uint8_t *bytes, size_t n, int ms)
{
    size_t at = 0;

    while (at < n) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        ssize_t r = poll(&p, 1, ms) == 1 ? read(fd, bytes + at, n - at) : 0;

        if (r <= 0)
            break;
        at += (size_t)r;
    }
    return at;
}

static bool is_frame(const struct reply *r)
{
    const uint8_t *b = r->bytes;

    if (b[0] == 0x10)
        return r->n == 5 && b[3] == checksum(b + 1, 2) && b[4] == 0x16;
    return r->n >= 9 && b[1] == b[2] && b[3] == 0x68 && r->n == b[1] + 6u &&
           b[r->n - 2] == checksum(b + 4, b[1]) && b[r->n - 1] == 0x16;
}

static enum reply_kind kind_of(const struct reply *r)
{
    if (r->n == 0)
        return REPLY_NONE;
    if (r->n == 1 && r->bytes[0] == 0xE5)
        return REPLY_ACK;
    return is_frame(r) ? REPLY_FRAME : REPLY_BURST;
}

void master_collect(const struct master *m, struct reply *reply)
{
    size_t rest = sizeof(reply->bytes) - 1;
    int ms = 20; /* bytes that collide come out of one write */

    *reply = (struct reply){ .n = read_bytes(m->fd, reply->bytes, 1, PATIENCE_MS) };
    if (reply->n == 1 && reply->bytes[0] == 0x68) {
        reply->n += read_bytes(m->fd, reply->bytes + 1, 1, PATIENCE_MS);
        rest = reply->n == 2 && reply->bytes[1] < 0xFE ? reply->bytes[1] + 4u : 2;
        ms = PATIENCE_MS;
    } else if (reply->n == 1 && reply->bytes[0] == 0x10) {
        rest = 4;
        ms = PATIENCE_MS;
    } else if (reply->n == 0 || reply->bytes[0] == 0xE5) {
        rest = 0;
    }
    reply->n += read_bytes(m->fd, reply->bytes + reply->n, rest, ms);
    reply->kind = kind_of(reply);
}

/* The answer to our REQ_SKE stands at the end of what came. */
static bool fence_came(const struct reply *r)
{
    const uint8_t *tail = r->bytes + r->n - 5;

    return r->n >= 5 && tail[0] == 0x10 && (tail[1] & C_WITHOUT_FLAGS) == RSP_SKE &&
           tail[3] == checksum(tail + 1, 2) && tail[4] == 0x16;
}

void master_ask(const struct master *m, const uint8_t *frame, size_t n, struct reply *reply)
{
    const uint8_t body[] = { REQ_SKE, m->fence };
    uint8_t both[2 * FRAME_MAX];

    *reply = (struct reply){ .n = 0 };
    memcpy(both, frame, n);
    if (!m->fenced || (n == 5 && frame[1] == REQ_SKE)) { /* two answers alike would be one */
        master_send(m, frame, n);
        reply->n = read_bytes(m->fd, reply->bytes, sizeof(reply->bytes), SILENCE_MS);
    } else {
        master_send(m, both, n + frame_make(body, sizeof(body), both + n));
        while (!fence_came(reply)) {
            assert_true(reply->n < sizeof(reply->bytes));
            if (read_bytes(m->fd, reply->bytes + reply->n, 1, PATIENCE_MS) != 1)
                fail_msg("REQ_SKE to %02X was not answered; %zu bytes came", m->fence, reply->n);
            reply->n++;
        }
        reply->n -= 5;
    }
    reply->kind = kind_of(reply);
}

static void ask_body(const struct master *m, const uint8_t *body, size_t n, struct reply *reply)
{
    uint8_t frame[FRAME_MAX];
    size_t size = frame_make(body, n, frame);

    master_ask(m, frame, size, reply);
}

void master_init(struct master *m, int fd, uint8_t fence)
{
    struct reply reply;
    const uint8_t body[] = { REQ_SKE, fence };

    *m = (struct master){ .fd = fd, .fence = fence };
    ask_body(m, body, sizeof(body), &reply);
    m->fenced = fence_came(&reply);
}

void master_ask_text(const struct master *m, const char *text, struct reply *reply)
{
    uint8_t frame[FRAME_MAX];
    size_t n = frame_parse(text, frame, sizeof(frame));

    master_ask(m, frame, n, reply);
}

void master_expect_(const struct master *m, const char *text, enum reply_kind kind,
                    const char *file, int line)
{
    struct reply reply;

    master_ask_text(m, text, &reply);
    if (reply.kind != kind) {
        print_error("%s: wanted %d, came %d, %zu bytes\n", text, (int)kind, (int)reply.kind,
                    reply.n);
        _fail(file, line);
    }
}

/* ---- transactions -----------------------------------------------------------------------------
 */

bool master_reset(struct master *m, uint8_t address)
{
    const uint8_t body[] = { SND_NKE, address };
    struct reply reply;

    ask_body(m, body, sizeof(body), &reply);
    m->fcb[address] = true;
    return reply.kind == REPLY_ACK;
}

void master_select(struct master *m, uint8_t c, const char *digits, struct reply *reply)
{
    uint8_t body[11] = { c, NETWORK, 0x52, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF };
    uint8_t id[4];

    assert_int_equal(test_hex(digits, id, sizeof(id)), 4);
    for (size_t i = 0; i < 4; i++)
        body[3 + i] = id[3 - i]; /* LSB first (7.1) */
    ask_body(m, body, sizeof(body), reply);
    if (reply->kind == REPLY_ACK)
        m->fcb[NETWORK] = true;
}

void master_request(struct master *m, uint8_t address, struct reply *reply)
{
    const uint8_t body[] = { m->fcb[address] ? 0x7B : 0x5B, address };

    ask_body(m, body, sizeof(body), reply);
    m->fcb[address] = !m->fcb[address];
}

size_t master_read(struct master *m, uint8_t address, uint8_t *records, size_t capacity,
                   unsigned *telegrams)
{
    size_t total = 0;
    bool more = true;

    for (*telegrams = 0; more; ++*telegrams) {
        struct reply r;
        size_t n;

        assert_true(*telegrams < 20); /* 1F for ever (12) */
        master_request(m, address, &r);
        assert_int_equal(r.kind, REPLY_FRAME);
        assert_int_equal(r.bytes[6], 0x72);
        n = r.n - 19 - 2;
        more = n > 0 && r.bytes[19 + n - 1] == 0x1F;
        n -= more;
        assert_true(total + n <= capacity);
        memcpy(records + total, r.bytes + 19, n);
        total += n;
    }
    return total;
}
