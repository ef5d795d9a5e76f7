#include "io_test.h"

#include <fcntl.h>

#include "base/macros.h"
#include "io/private.h"

static int closes;

static void count_close(struct transport *t)
{
    assert_int_equal(t->fd, 7);
    closes++;
}

static void test_close_clears(void **state)
{
    static const struct transport_ops ops = { .close = count_close };
    struct transport t = TRANSPORT_CLOSED;

    (void)state;
    t.ops = &ops;
    t.fd = 7;
    t.name[0] = 'x';
    transport_close(&t);
    assert_int_equal(closes, 1);
    assert_null(t.ops);
    assert_int_equal(t.fd, -1);
    assert_int_equal(t.keeper_fd, -1);
    assert_string_equal(t.name, "");
    transport_close(&t);
    assert_int_equal(closes, 1);
}

static void test_failures(void **state)
{
    static const struct {
        int error;
        int result;
    } rows[] = {
        { EAGAIN, -EAGAIN },    { EWOULDBLOCK, -EAGAIN }, { EINTR, -EAGAIN },  { EPIPE, -EPIPE },
        { ECONNRESET, -EPIPE }, { ETIMEDOUT, -EPIPE },    { EIO, -EPIPE },     { ENXIO, -EPIPE },
        { ENODEV, -EPIPE },     { EBADF, -EBADF },        { ENOMEM, -ENOMEM },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(io_failure(rows[i].error), rows[i].result);
}

static void test_read(void **state)
{
    static const uint8_t sent[] = { 0x68, 0xFF, 0x00 };
    struct line_char c[4];
    uint8_t bytes[4];
    int ends[2];

    (void)state;
    assert_int_equal(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
    assert_int_equal(io_read(ends[0], bytes, sizeof bytes), -EAGAIN);
    assert_int_equal(io_read_chars(ends[0], c, ARRAY_SIZE(c)), -EAGAIN);

    fd_send(ends[1], sent, sizeof sent);
    assert_int_equal(io_read(ends[0], bytes, 1), 1);
    assert_int_equal(bytes[0], 0x68);
    assert_int_equal(io_read_chars(ends[0], c, ARRAY_SIZE(c)), 2);
    assert_int_equal(c[0].byte, 0xFF);
    assert_int_equal(c[1].byte, 0x00);
    assert_int_equal(c[1].fault, LINE_GOOD);

    close(ends[1]);
    assert_int_equal(io_read(ends[0], bytes, sizeof bytes), -EPIPE);
    assert_int_equal(io_read_chars(ends[0], c, ARRAY_SIZE(c)), -EPIPE);
    close(ends[0]);
    assert_int_equal(io_read(ends[0], bytes, sizeof bytes), -EBADF);
}

/* A reader that offers more than a chunk gets a chunk; the rest comes with the next read. */
static void test_read_large(void **state)
{
    static const uint8_t zeros[2000];
    static struct line_char c[2000];
    size_t have = 0;
    int ends[2];

    (void)state;
    assert_int_equal(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
    fd_send(ends[1], zeros, sizeof zeros);
    while (have < sizeof zeros) {
        ssize_t got = io_read_chars(ends[0], c, ARRAY_SIZE(c));

        assert_true(got > 0);
        have += (size_t)got;
    }
    assert_int_equal(have, sizeof zeros);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_close_clears),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_read_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
