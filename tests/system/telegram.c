#include "tests/system/telegram.h"

#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 10000
#define POLL_MS 20

#define BODY 19U /* of a CI 72 frame: where its records begin */
#define ACCESS 15U
#define STATUS 16U

void masters_init(struct masters *m, const struct rig *rig, int port)
{
    /* We know that the fence answers; master_init() would wait to find that out. */
    m->pty =
        (struct master){ .fd = pty_connect(rig_path(rig, "pty")), .fence = FENCE, .fenced = true };
    m->tcp = (struct master){ .fd = tcp_connect(port), .fence = FENCE, .fenced = true };
}

void masters_done(struct masters *m)
{
    close(m->pty.fd);
    close(m->tcp.fd);
}

void telegram_read(struct master *m, uint8_t address, struct telegram *ret)
{
    struct reply reply;

    *ret = (struct telegram){ 0 };
    master_reset(m, address);
    master_request(m, address, &reply);
    if (reply.kind == REPLY_NONE)
        return;
    assert_true(reply.kind == REPLY_FRAME && reply.bytes[6] == 0x72);
    ret->is_there = true;
    ret->access = reply.bytes[ACCESS];
    ret->status = reply.bytes[STATUS];
    ret->n = reply.n - BODY - 2;
    memcpy(ret->records, reply.bytes + BODY, ret->n);
}

static bool is_as_wanted(const struct telegram *t, uint8_t status, const char *records)
{
    uint8_t wanted[FRAME_MAX];
    size_t n = records != NULL ? test_hex(records, wanted, sizeof(wanted)) : 0;

    if (records == NULL || !t->is_there)
        return records == NULL && !t->is_there;
    return t->status == status && t->n == n && memcmp(t->records, wanted, n) == 0;
}

static void print_telegram(const char *name, const struct telegram *t)
{
    print_error("%s: ", name);
    if (!t->is_there)
        print_error("no answer");
    else
        print_error("status %02X, records", t->status);
    for (size_t i = 0; i < t->n; i++)
        print_error(" %02X", t->records[i]);
    print_error("\n");
}

static void expect(struct masters *m, uint8_t address, uint8_t status, const char *records,
                   int patience_ms, const char *file, int line)
{
    int64_t end = now_us() + patience_ms * 1000;
    struct telegram pty, tcp;

    for (;;) {
        telegram_read(&m->pty, address, &pty);
        telegram_read(&m->tcp, address, &tcp);
        if (is_as_wanted(&pty, status, records) && is_as_wanted(&tcp, status, records))
            return;
        if (now_us() > end)
            break;
        wait_ms(POLL_MS);
    }
    print_error("wanted: status %02X, records %s\n", status, records != NULL ? records : "silence");
    print_telegram("pty", &pty);
    print_telegram("tcp", &tcp);
    _fail(file, line);
}

void masters_expect_(struct masters *m, uint8_t address, uint8_t status, const char *records,
                     const char *file, int line)
{
    expect(m, address, status, records, PATIENCE_MS, file, line);
}

void masters_expect_now_(struct masters *m, uint8_t address, uint8_t status, const char *records,
                         const char *file, int line)
{
    expect(m, address, status, records, 0, file, line);
}
