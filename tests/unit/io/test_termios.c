#include "io_test.h"

#include <string.h>

#include "base/macros.h"
#include "io/termios.h"

static struct termios settings(unsigned baud, bool parity_even)
{
    struct port_config port = { .baud = baud, .parity_even = parity_even };
    struct termios t;

    memset(&t, 0xA5, sizeof t); /* nothing of what was there may remain */
    assert_int_equal(termios_for_port(&port, &t), 0);
    return t;
}

static void test_8e1(void **state)
{
    struct termios t = settings(2400, true);

    (void)state;
    assert_int_equal(t.c_cflag & (CSIZE | CSTOPB | PARENB | PARODD | CMSPAR), CS8 | PARENB);
    assert_int_equal(t.c_cflag & (CREAD | CLOCAL), CREAD | CLOCAL);
}

static void test_8n1(void **state)
{
    struct termios t = settings(2400, false);

    (void)state;
    assert_int_equal(t.c_cflag & (CSIZE | CSTOPB | PARENB | PARODD | CMSPAR), CS8);
}

/* Faults are marked with either parity: drivers report framing errors with INPCK alone. */
static void test_faults_are_marked(void **state)
{
    (void)state;
    assert_int_equal(settings(2400, true).c_iflag, INPCK | PARMRK);
    assert_int_equal(settings(2400, false).c_iflag, INPCK | PARMRK);
}

static void test_raw(void **state)
{
    struct termios t = settings(9600, true);

    (void)state;
    assert_int_equal(t.c_cflag & CRTSCTS, 0);
    assert_int_equal(t.c_iflag & (IXON | IXOFF | IXANY | IGNBRK | BRKINT | IGNPAR | ISTRIP), 0);
    assert_int_equal(t.c_iflag & (INLCR | IGNCR | ICRNL), 0);
    assert_int_equal(t.c_oflag, 0);
    assert_int_equal(t.c_lflag, 0);
    assert_int_equal(t.c_cc[VMIN], 1);
    assert_int_equal(t.c_cc[VTIME], 0);
}

static void test_rates(void **state)
{
    static const struct {
        unsigned baud;
        speed_t speed;
    } rows[] = {
        { 300, B300 },   { 600, B600 },   { 1200, B1200 },   { 2400, B2400 },
        { 4800, B4800 }, { 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct termios t = settings(rows[i].baud, true);

        assert_int_equal(cfgetispeed(&t), rows[i].speed);
        assert_int_equal(cfgetospeed(&t), rows[i].speed);
    }
}

static void test_other_rates_are_refused(void **state)
{
    static const unsigned rows[] = { 0, 1, 110, 2399, 57600, 115200 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct port_config port = { .baud = rows[i], .parity_even = true };
        struct termios t = { .c_lflag = ECHO };

        assert_int_equal(termios_for_port(&port, &t), -EINVAL);
        assert_int_equal(t.c_lflag, ECHO);
    }
}

static void test_taken(void **state)
{
    struct termios want = settings(2400, true);
    struct termios got = want;

    (void)state;
    got.c_cflag |= HUPCL; /* not ours to care */
    got.c_cc[VINTR] = 3;
    assert_true(termios_taken(&want, &got, false));

    got.c_cflag &= ~(tcflag_t)PARENB;
    assert_false(termios_taken(&want, &got, false));
    assert_true(termios_taken(&want, &got, true));
}

static void test_not_taken(void **state)
{
    const struct termios want = settings(2400, true);
    struct termios got[6];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(got); i++)
        got[i] = want;
    got[0].c_cflag |= CSTOPB;
    got[1].c_cflag ^= CS8 ^ CS7;
    got[2].c_iflag &= ~(tcflag_t)PARMRK;
    got[3].c_lflag |= ECHO;
    got[4].c_oflag |= OPOST;
    cfsetspeed(&got[5], B9600);
    for (size_t i = 0; i < ARRAY_SIZE(got); i++) {
        assert_false(termios_taken(&want, &got[i], false));
        assert_false(termios_taken(&want, &got[i], true));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_8e1),
        cmocka_unit_test(test_8n1),
        cmocka_unit_test(test_faults_are_marked),
        cmocka_unit_test(test_raw),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_other_rates_are_refused),
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
