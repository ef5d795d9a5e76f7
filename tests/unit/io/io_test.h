/* What the tests of src/io share: waiting for real conditions, never for a time to be right. */
#ifndef IO_TEST_H
#define IO_TEST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "io/transport.h"

/* How long a test waits for what must come. */
#define PATIENCE_MS 5000

/* Kept below: a byte sequence with all that a line discipline likes to change. */
static const uint8_t awkward[] = { 0x68, 0x00, 0x03, 0x04, 0x0A, 0x0D, 0x11, 0x13, 0x1A,
                                   0x1C, 0x7F, 0x80, 0xFE, 0xFF, 0x00, 0xFF, 0xFF, 0x16 };

/* Whether TIOCEXCL is in force; a test is skipped where qemu-user, which does not know the
 * question, runs it. */
static inline bool is_exclusive(int fd)
{
    int exclusive = -1;
    int r = ioctl(fd, TIOCGEXCL, &exclusive);

    if (r < 0 && (errno == ENOTTY || errno == ENOSYS)) {
        print_message("# skip: nothing here knows TIOCGEXCL\n");
        skip();
    }
    assert_int_equal(r, 0);
    return exclusive != 0;
}

/* The events that poll() reports; 0 when none came in time. */
static inline short poll_for(int fd, short events, int ms)
{
    struct pollfd p = { .fd = fd, .events = events };
    int n = poll(&p, 1, ms);

    assert_true(n >= 0);
    return n > 0 ? p.revents : 0;
}

/* Reads `n` characters from a transport, however they are cut. */
static inline void transport_read_all(struct transport *t, struct line_char *chars, size_t n)
{
    size_t have = 0;

    while (have < n) {
        assert_int_not_equal(poll_for(t->fd, POLLIN, PATIENCE_MS), 0);
        ssize_t got = t->ops->read(t, chars + have, n - have);

        if (got == -EAGAIN)
            continue;
        assert_true(got > 0);
        have += (size_t)got;
    }
}

/* Reads exactly these bytes, all good, from a transport. */
static inline void transport_expect(struct transport *t, const uint8_t *bytes, size_t n)
{
    struct line_char chars[512];

    assert_true(n <= sizeof chars / sizeof chars[0]);
    transport_read_all(t, chars, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(chars[i].fault, LINE_GOOD);
        assert_int_equal(chars[i].byte, bytes[i]);
    }
}

/* Reads `n` bytes from a descriptor, however they are cut. */
static inline void fd_read(int fd, uint8_t *bytes, size_t n)
{
    size_t have = 0;

    while (have < n) {
        assert_int_not_equal(poll_for(fd, POLLIN, PATIENCE_MS), 0);
        ssize_t r = read(fd, bytes + have, n - have);

        assert_true(r > 0);
        have += (size_t)r;
    }
}

/* Reads exactly these bytes from a descriptor. */
static inline void fd_expect(int fd, const uint8_t *bytes, size_t n)
{
    uint8_t got[512];

    assert_true(n <= sizeof got);
    fd_read(fd, got, n);
    assert_memory_equal(got, bytes, n);
}

static inline void fd_send(int fd, const uint8_t *bytes, size_t n)
{
    assert_int_equal(write(fd, bytes, n), (ssize_t)n);
}

/* Reads until the transport says something else than "nothing there". */
static inline ssize_t transport_read_result(struct transport *t)
{
    struct line_char chars[8];
    ssize_t r;

    do {
        assert_int_not_equal(poll_for(t->fd, POLLIN, PATIENCE_MS), 0);
        r = t->ops->read(t, chars, 8);
    } while (r == -EAGAIN);
    return r;
}

#endif
