#include "tests/unit/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "io/drain.h"

/* A pty has no shift register, but its output can be held up. */
static void test_pty(void **state)
{
    (void)state;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    int slave;

    assert_true(master >= 0);
    assert_int_equal(grantpt(master), 0);
    assert_int_equal(unlockpt(master), 0);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    assert_true(slave >= 0);
    assert_false(drain_is_busy(slave));
    assert_int_equal(write(slave, "x", 1), 1);
    assert_false(drain_is_busy(slave));
    close(slave);
    close(master);
}

static void test_no_tty(void **state)
{
    (void)state;
    assert_false(drain_is_busy(-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pty),
        cmocka_unit_test(test_no_tty),
    };
    return cmocka_run_group_tests_name("io/drain", tests, NULL, NULL);
}
