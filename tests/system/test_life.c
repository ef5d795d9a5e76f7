/* Start, reload, stop, and what systemd is told of it. */
#include "tests/system/harness.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PORT "port = { device = \"tcp:%d\"; };\n"
#define METER_AT_5                                                                                 \
    "meter = { address = 5; id = \"12345678\"; records = (\n"                                      \
    "  { name = \"voltage\"; unit = \"V\"; type = \"int16\"; value = 1234; },\n"                   \
    "  { name = \"volume\"; unit = \"m3\"; type = \"int16\"; value = 456; } ); };\n"

static int begin(struct rig *rig)
{
    int port = free_tcp_port();

    rig_init(rig);
    rig_config(rig, PORT STOCK_METER, port);
    rig_start(rig, NULL);
    return port;
}

static void end(struct rig *rig)
{
    rig_stop(rig);
    rig_done(rig);
}

static void signals_end_it_with_0(void **state)
{
    static const int signals[] = { SIGTERM, SIGINT };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
        struct rig rig;

        begin(&rig);
        kill(rig.pid, signals[i]);
        rig_expect_notify(&rig, "STOPPING=1");
        assert_int_equal(rig_wait(&rig), 0);
        rig_done(&rig);
    }
}

static void ready_comes_with_a_status(void **state)
{
    struct rig rig;
    int port = free_tcp_port();
    char status[64];

    (void)state;
    rig_init(&rig);
    rig_config(&rig, PORT STOCK_METER, port);
    rig_launch(&rig, NULL);
    snprintf(status, sizeof(status), "READY=1\nSTATUS=meter at address 3; on tcp:%d", port);
    rig_expect_notify(&rig, status);
    end(&rig);
}

static void the_watchdog_is_fed(void **state)
{
    struct rig rig;

    (void)state;
    rig_init(&rig);
    rig_config(&rig, PORT STOCK_METER, free_tcp_port());
    setenv("WATCHDOG_USEC", "400000", 1);
    unsetenv("WATCHDOG_PID");
    rig_start(&rig, NULL);
    unsetenv("WATCHDOG_USEC");
    rig_expect_notify(&rig, "WATCHDOG=1");
    rig_expect_notify(&rig, "WATCHDOG=1");
    end(&rig);
}

/* Clients, FCB and stored telegram of what did not change stay. */
static void reload_disturbs_nothing(void **state)
{
    struct rig rig;
    int port = begin(&rig), fd = tcp_connect(port);

    (void)state;
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    kill(rig.pid, SIGHUP);
    rig_expect_notify(&rig, "RELOADING=1\nMONOTONIC_USEC=");
    rig_expect_notify(&rig, "READY=1");
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    ASK(fd, "10 5B 03 5E 16", STOCK_1);
    close(fd);
    end(&rig);
}

static void reload_takes_over_a_changed_meter(void **state)
{
    struct rig rig;
    int port = begin(&rig), fd = tcp_connect(port);

    (void)state;
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    rig_config(&rig, PORT METER_AT_5, port);
    kill(rig.pid, SIGHUP);
    rig_expect_notify(&rig, "READY=1\nSTATUS=meter at address 5");
    send_hex(fd, "10 7B 03 7E 16");
    expect_silence(fd, 100);
    ASK(fd, "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", "E5");
    /* The access number goes on, the client stayed, and the telegram is fresh. */
    ASK(fd, "10 7B 05 80 16",
        "68 18 18 68 08 05 72 78 56 34 12 74 52 01 00 01 00 00 00 02 FD 49 D2 "
        "04 02 16 C8 01 5A 16");
    close(fd);
    end(&rig);
}

static void reload_reopens_only_what_changed(void **state)
{
    struct rig rig;
    int kept = free_tcp_port(), old = free_tcp_port(), new = free_tcp_port(), fd, gone;

    (void)state;
    rig_init(&rig);
    rig_config(&rig,
               "ports = ( { device = \"tcp:%d\"; }, { device = \"tcp:%d\"; } );\n" STOCK_METER, old,
               kept);
    rig_start(&rig, NULL);
    fd = tcp_connect(kept);
    gone = tcp_connect(old);
    ASK(fd, "10 40 03 43 16", "E5");
    ASK(gone, "10 40 03 43 16", "E5");
    rig_config(&rig,
               "ports = ( { device = \"tcp:%d\"; }, { device = \"tcp:%d\"; } );\n" STOCK_METER,
               kept, new);
    kill(rig.pid, SIGHUP);
    rig_expect_notify(&rig, "READY=1");
    expect_closed(gone);
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    gone = tcp_connect(new);
    ASK(gone, "10 7B 03 7E 16", STOCK_1);
    close(gone);
    close(fd);
    end(&rig);
}

static void a_bad_file_changes_nothing(void **state)
{
    static const char *const bad[] = {
        "port = { device = ", "prot = { };\n",
        "port = { device = \"tcp:1\"; };\nmeter = { address = 300; };\n", ""
    };
    struct rig rig;
    int port = begin(&rig), fd = tcp_connect(port);

    (void)state;
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        rig_config(&rig, "%s", bad[i]);
        kill(rig.pid, SIGHUP);
        rig_expect_notify(&rig, "RELOADING=1");
        rig_expect_notify(&rig, "READY=1");
        assert_int_equal(rig_count_log(&rig, "the running one stays in force"), i + 1);
        ASK(fd, "10 7B 03 7E 16", STOCK_0);
    }
    rig_expect_log(&rig, "mbus-slave.conf:2: meter.address: 300");
    unlink(rig_path(&rig, "mbus-slave.conf"));
    kill(rig.pid, SIGHUP);
    rig_expect_log(&rig, "No such file");
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    close(fd);
    end(&rig);
}

/* What the command line says holds over every reload. */
static void overrides_outlive_a_reload(void **state)
{
    struct rig rig;
    int port = free_tcp_port(), fd;
    char device[32];
    char *args[] = { "--config", NULL, "--device", device, "--addr", "3", NULL };

    (void)state;
    rig_init(&rig);
    rig_config(&rig, "port = { device = \"/dev/ttyAMA0\"; };\n" METER_AT_5);
    snprintf(device, sizeof(device), "tcp:%d", port);
    args[1] = (char *)rig_path(&rig, "mbus-slave.conf");
    rig_start(&rig, args);
    fd = tcp_connect(port);
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    kill(rig.pid, SIGHUP);
    rig_expect_notify(&rig, "READY=1");
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    close(fd);
    end(&rig);
}

/* kill -9 and start again: nothing left behind is in the way, and the access number goes on. */
static void it_starts_again_after_a_kill(void **state)
{
    static const char *const answers[] = { STOCK_0, STOCK_1, STOCK_2 };
    struct rig rig;

    (void)state;
    rig_init(&rig);
    rig_config(&rig, "port = { device = \"pty\"; link = \"%s\"; };\n" STOCK_METER,
               rig_path(&rig, "bus"));
    for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
        int fd;

        rig_start(&rig, NULL);
        fd = pty_connect(rig_path(&rig, "bus"));
        ASK(fd, "10 7B 03 7E 16", answers[i]);
        close(fd);
        kill(rig.pid, SIGKILL);
        assert_int_equal(rig_wait(&rig), -SIGKILL);
    }
    rig_done(&rig);
}

/* Log lines must never go out on the bus because a port got the number of standard error. */
static void closed_standard_descriptors_are_kept(void **state)
{
    struct rig rig;
    int fd;

    (void)state;
    rig_init(&rig);
    rig_config(
        &rig,
        "port = { device = \"pty\"; link = \"%s\"; };\nlog = { level = \"debug\"; };\n" STOCK_METER,
        rig_path(&rig, "bus"));
    rig.closed = true;
    rig_start(&rig, NULL);
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        char path[64], target[64] = "";

        snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)rig.pid, i);
        assert_true(readlink(path, target, sizeof(target) - 1) > 0);
        assert_string_equal(target, "/dev/null");
    }
    fd = pty_connect(rig_path(&rig, "bus"));
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    expect_silence(fd, 200);
    close(fd);
    rig_stop(&rig);
    rig_done(&rig);
}

/* Whoever reloads may just have mended what was wrong: no waiting for the next try. */
static void reload_tries_a_waiting_port_at_once(void **state)
{
    struct rig rig;
    int port = free_tcp_port();
    char path[160];

    (void)state;
    rig_init(&rig);
    snprintf(path, sizeof(path), "%s", rig_path(&rig, "device"));
    rig_config(
        &rig,
        "ports = ( { device = \"tcp:%d\"; }, { device = \"pty\"; link = \"%s\"; } );\n" STOCK_METER,
        port, path);
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); /* a file is in the way */
    rig_start(&rig, NULL);
    rig_expect_log(&rig, "is no link to a pseudo-terminal");
    assert_int_equal(rig_count_log(&rig, "File exists"), 0);
    wait_ms(1500); /* the next tries are 2 s and more away */
    unlink(path);
    kill(rig.pid, SIGHUP);
    rig_expect_notify(&rig, "RELOADING=1");
    wait_ms(300);
    assert_int_equal(rig_count_log(&rig, "point a master at"), 1);
    rig_stop(&rig);
    rig_done(&rig);
}

static void verbose_shows_every_frame(void **state)
{
    struct rig rig;
    char device[32];
    char *args[] = { "--config", NULL, "--verbose", NULL };
    int port = free_tcp_port(), fd;

    (void)state;
    rig_init(&rig);
    snprintf(device, sizeof(device), "tcp:%d", port);
    rig_config(&rig, PORT STOCK_METER, port);
    args[1] = (char *)rig_path(&rig, "mbus-slave.conf");
    rig_start(&rig, args);
    fd = tcp_connect(port);
    ASK(fd, "10 5A 03 5D 16", "E5");
    send_hex(fd, "10 40 03 44 16");
    rig_expect_log(&rig, "< 10 5A 03 5D 16 (REQ_UD1: answer)");
    rig_expect_log(&rig, "> E5 (sent)");
    rig_expect_log(&rig, "< broken: checksum");
    close(fd);
    end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_end_it_with_0),
        cmocka_unit_test(ready_comes_with_a_status),
        cmocka_unit_test(the_watchdog_is_fed),
        cmocka_unit_test(reload_disturbs_nothing),
        cmocka_unit_test(reload_takes_over_a_changed_meter),
        cmocka_unit_test(reload_reopens_only_what_changed),
        cmocka_unit_test(a_bad_file_changes_nothing),
        cmocka_unit_test(overrides_outlive_a_reload),
        cmocka_unit_test(it_starts_again_after_a_kill),
        cmocka_unit_test(closed_standard_descriptors_are_kept),
        cmocka_unit_test(reload_tries_a_waiting_port_at_once),
        cmocka_unit_test(verbose_shows_every_frame),
    };

    return cmocka_run_group_tests_name("life", tests, NULL, NULL);
}
