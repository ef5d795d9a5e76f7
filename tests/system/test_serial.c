/* The daemon on a serial port: a pty under a name below /dev stands for the device, so everything
 * but parity is what a UART would see. */
#include "tests/system/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct line {
    char name[64]; /* what the configuration names */
    int master;    /* the wire's other end; -1: unplugged */
};

static void line_plug(struct line *line)
{
    char pts[64];

    line->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(line->master >= 0);
    assert_int_equal(grantpt(line->master), 0);
    assert_int_equal(unlockpt(line->master), 0);
    assert_int_equal(ptsname_r(line->master, pts, sizeof(pts)), 0);
    assert_int_equal(symlink(pts, line->name), 0);
}

static void line_unplug(struct line *line)
{
    unlink(line->name);
    if (line->master >= 0)
        close(line->master);
    line->master = -1;
}

static bool begin(struct rig *rig, struct line *line, bool plugged, const char *settings)
{
    *line = (struct line){ .master = -1 };
    snprintf(line->name, sizeof(line->name), "/dev/shm/mbus-slave-test-%d", (int)getpid());
    if (access("/dev/shm", W_OK) < 0) {
        print_message("# skip: /dev/shm cannot be written\n");
        return false;
    }
    rig_init(rig);
    unlink(line->name);
    if (plugged)
        line_plug(line);
    rig_config(rig, "port = { device = \"%s\"; %s };\n" STOCK_METER, line->name, settings);
    rig_start(rig, NULL);
    return true;
}

static void end(struct rig *rig, struct line *line)
{
    rig_stop(rig);
    rig_done(rig);
    line_unplug(line);
}

static void stock_meter_is_read(void **state)
{
    struct rig rig;
    struct line line;

    (void)state;
    if (!begin(&rig, &line, true, ""))
        skip();
    ASK(line.master, "10 40 03 43 16", "E5");
    ASK(line.master, "10 7B 03 7E 16", STOCK_0);
    ASK(line.master, "10 5B 03 5E 16", STOCK_1);
    end(&rig, &line);
}

/* mbus-protocol 4: on a serial port a newer request replaces the waiting answer. */
static void a_newer_request_replaces_the_answer(void **state)
{
    struct rig rig;
    struct line line;

    (void)state;
    if (!begin(&rig, &line, true, "answer_delay = \"100 ms\";"))
        skip();
    send_hex(line.master, "10 7B 03 7E 16 10 40 03 43 16");
    expect_hex(line.master, "E5");
    expect_silence(line.master, 200);
    end(&rig, &line);
}

/* mbus-protocol 2.4: a wire that hands everything back, and one that spoils it. */
static void echo_and_collision(void **state)
{
    struct rig rig;
    struct line line;

    (void)state;
    if (!begin(&rig, &line, true, ""))
        skip();
    ASK(line.master, "10 7B 03 7E 16", STOCK_0);
    send_hex(line.master, STOCK_0);
    wait_ms(50);
    ASK(line.master, "10 7B 03 7E 16", STOCK_0);
    send_hex(line.master, "68 18 10 00");
    rig_expect_log(&rig, "somebody else spoke");
    wait_ms(50);
    ASK(line.master, "10 40 03 43 16", "E5");
    kill(rig.pid, SIGUSR1);
    rig_expect_log(&rig, "1 own echo, 1 collision");
    end(&rig, &line);
}

/* Frames with FF in them, which PARMRK doubles. */
static void bytes_of_all_values_pass(void **state)
{
    struct rig rig;
    struct line line;

    (void)state;
    if (!begin(&rig, &line, true, ""))
        skip();
    send_hex(line.master, "10 40 FF 3F 16");
    expect_silence(line.master, 100);
    kill(rig.pid, SIGUSR1);
    rig_expect_log(&rig, "1 unanswered");
    end(&rig, &line);
}

static void a_missing_device_is_waited_for(void **state)
{
    struct rig rig;
    struct line line;

    (void)state;
    if (!begin(&rig, &line, false, ""))
        skip();
    rig_expect_log(&rig, "No such file or directory; trying again");
    line_plug(&line);
    rig_expect_log(&rig, ": open, 2400 baud, 8E1");
    rig_expect_notify(&rig, "; on /dev/shm");
    ASK(line.master, "10 7B 03 7E 16", STOCK_0);
    assert_int_equal(rig_count_log(&rig, "trying again"), 1);
    end(&rig, &line);
}

static void an_unplugged_device_comes_back(void **state)
{
    struct rig rig;
    struct line line;

    (void)state;
    if (!begin(&rig, &line, true, ""))
        skip();
    ASK(line.master, "10 7B 03 7E 16", STOCK_0);
    line_unplug(&line);
    rig_expect_log(&rig, ": gone (");
    rig_expect_notify(&rig, "waiting for /dev/shm");
    line_plug(&line);
    rig_expect_notify(&rig, "; on /dev/shm");
    ASK(line.master, "10 7B 03 7E 16", STOCK_1);
    end(&rig, &line);
}

static void the_device_is_ours_alone(void **state)
{
    struct rig rig;
    struct line line;
    int fd;

    (void)state;
    if (!begin(&rig, &line, true, ""))
        skip();
    fd = open(line.name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
    assert_int_equal(errno, EWOULDBLOCK);
    kill(rig.pid, SIGKILL);
    rig_wait(&rig);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0); /* a killed owner keeps nothing */
    close(fd);
    rig_start(&rig, NULL);
    ASK(line.master, "10 40 03 43 16", "E5");
    end(&rig, &line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stock_meter_is_read),
        cmocka_unit_test(a_newer_request_replaces_the_answer),
        cmocka_unit_test(echo_and_collision),
        cmocka_unit_test(bytes_of_all_values_pass),
        cmocka_unit_test(a_missing_device_is_waited_for),
        cmocka_unit_test(an_unplugged_device_comes_back),
        cmocka_unit_test(the_device_is_ours_alone),
    };

    return cmocka_run_group_tests_name("serial", tests, NULL, NULL);
}
