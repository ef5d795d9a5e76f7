/* The daemon on a bus of its own, as a master and mbus-slavectl see it at the same time. */
#include "tests/system/master.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUEST "10 5B 03 5E 16"

struct fixture {
    struct rig rig;
    struct master master;
    char address[160];
    pid_t bus, monitor;
    char out[8192];
};

/* ---- the bus --------------------------------------------------------------------------------- */

static void write_bus_config(const struct fixture *f)
{
    FILE *file = fopen(rig_path(&f->rig, "bus.conf"), "w");

    assert_non_null(file);
    fprintf(file,
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\""
            " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
            "<busconfig><listen>%s</listen><auth>EXTERNAL</auth><policy context=\"default\">"
            "<allow send_destination=\"*\"/><allow receive_sender=\"*\"/><allow own=\"*\"/>"
            "</policy></busconfig>\n",
            f->address);
    assert_int_equal(fclose(file), 0);
}

/* Runs a program; its standard output goes into the file `out`. */
static pid_t launch(const struct fixture *f, const char *path, const char *const argv[],
                    const char *out)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("DBUS_SYSTEM_BUS_ADDRESS", f->address, 1);
    dup2(open(rig_path(&f->rig, out), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
         STDOUT_FILENO);
    execvp(path, (char *const *)argv);
    _exit(127);
}

static void start_bus(struct fixture *f)
{
    char option[192];
    const char *const argv[] = { "dbus-daemon", option,       "--nofork",
                                 "--nopidfile", "--nosyslog", NULL };

    unlink(rig_path(&f->rig, "bus"));
    snprintf(option, sizeof(option), "--config-file=%s", rig_path(&f->rig, "bus.conf"));
    f->bus = launch(f, "dbus-daemon", argv, "bus.out");
}

static void stop_bus(struct fixture *f)
{
    kill(f->bus, SIGKILL);
    assert_int_equal(waitpid(f->bus, NULL, 0), f->bus);
}

/* ---- mbus-slavectl --------------------------------------------------------------------------- */

static const char *program(void)
{
    const char *path = getenv("MBUS_SLAVECTL");

    return path != NULL ? path : "build/mbus-slavectl";
}

/* A file that is not there yet is empty. */
static void load(struct fixture *f, const char *name)
{
    int fd = open(rig_path(&f->rig, name), O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, f->out, sizeof(f->out) - 1) : 0;

    assert_true(n >= 0);
    f->out[n] = '\0';
    if (fd >= 0)
        close(fd);
}

/* Its exit status; what it prints is in f->out. */
static int ctl(struct fixture *f, const char *command, const char *argument)
{
    const char *const argv[] = { "mbus-slavectl", command, argument, NULL };
    int status;
    pid_t pid = launch(f, program(), argv, "ctl.out");

    assert_int_equal(waitpid(pid, &status, 0), pid);
    load(f, "ctl.out");
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Waits until a file contains a text. */
static void expect_in(struct fixture *f, const char *name, const char *text)
{
    int64_t deadline = now_us() + 5000000;

    load(f, name);
    while (strstr(f->out, text) == NULL) {
        if (now_us() >= deadline)
            fail_msg("no \"%s\" in:\n%s", text, f->out);
        wait_ms(20);
        load(f, name);
    }
}

static void expect_printed(const struct fixture *f, const char *text)
{
    if (strstr(f->out, text) == NULL)
        fail_msg("no \"%s\" in:\n%s", text, f->out);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void begin(struct fixture *f)
{
    int port = free_tcp_port();

    *f = (struct fixture){ 0 };
    rig_init(&f->rig);
    snprintf(f->address, sizeof(f->address), "unix:path=%s", rig_path(&f->rig, "bus"));
    f->rig.bus = f->address;
    write_bus_config(f);
    start_bus(f);
    rig_config(&f->rig,
               "port = { device = \"tcp:%d\"; };\n"
               "meter = { name = \"heat\"; address = 3; records = (\n"
               "  { name = \"energy\"; unit = \"kWh\"; value = 5; },\n"
               "  { name = \"flow\"; quantity = \"flow_temperature\"; unit = \"degC\";\n"
               "    resolution = 0.1; type = \"int16\"; pushed = {}; } ); };\n",
               port);
    rig_start(&f->rig, NULL);
    rig_expect_log(&f->rig, "D-Bus: there as io.github.mbus_slave1");
    master_init(&f->master, tcp_connect(port), 3);
}

static void end(struct fixture *f)
{
    close(f->master.fd);
    stop_bus(f);
    rig_stop(&f->rig);
    rig_done(&f->rig);
}

/* The records of the next answer. */
static void expect_records(struct fixture *f, const char *records)
{
    struct reply reply;

    master_request(&f->master, 3, &reply);
    assert_int_equal(reply.kind, REPLY_FRAME);
    assert_hex(reply.bytes + 19, reply.n - 21, records);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void a_value_goes_from_the_bus_to_the_master(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    expect_records(&f, "04 06 05 00 00 00 32 DA 15 00 00");
    assert_int_equal(ctl(&f, "set", "heat.flow=61.5"), 0);
    expect_records(&f, "04 06 05 00 00 00 02 5A 67 02");
    assert_int_equal(ctl(&f, "set", "heat.energy=61.5"), 1);
    expect_records(&f, "04 06 05 00 00 00 02 5A 67 02");
    end(&f);
}

/* Each frame as it passes, with what became of it. */
static void who_watches_sees_requests_and_answers(void **state)
{
    const char *const argv[] = { "mbus-slavectl", "monitor", NULL };
    struct fixture f;

    (void)state;
    begin(&f);
    f.monitor = launch(&f, program(), argv, "monitor.out");
    for (int i = 0; i < 100; i++) {
        load(&f, "monitor.out");
        if (strstr(f.out, "other address") != NULL)
            break;
        ASK(f.master.fd, "10 40 03 43 16", "E5");
        send_hex(f.master.fd, "10 5B 07 62 16");
        send_hex(f.master.fd, REQUEST);
        master_collect(&f.master, &(struct reply){ 0 });
        wait_ms(20);
    }
    expect_in(&f, "monitor.out", "< REQ_UD2");
    expect_in(&f, "monitor.out", "> RSP_UD from 3");
    expect_in(&f, "monitor.out", "other address");
    expect_in(&f, "monitor.out", " ms)");
    kill(f.monitor, SIGTERM);
    assert_int_equal(waitpid(f.monitor, NULL, 0), f.monitor);
    end(&f);
}

/* mbus-protocol 13.1, and back. */
static void what_a_master_has_set_is_forgotten_at_work(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    ASK(f.master.fd, "68 06 06 68 53 03 51 01 7A 09 2B 16", "E5");
    f.master.fence = 9;
    master_expect(&f.master, "> 40 03", REPLY_NONE);
    master_expect(&f.master, "> 40 09", REPLY_ACK);
    assert_int_equal(ctl(&f, "forget", "heat"), 0);
    f.master.fence = 3;
    master_expect(&f.master, "> 40 03", REPLY_ACK);
    master_expect(&f.master, "> 40 09", REPLY_NONE);
    end(&f);
}

/* Masters notice nothing of a bus that dies, and it is joined again. */
static void the_bus_may_die_and_come_back(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    assert_int_equal(ctl(&f, "set", "heat.flow=20"), 0);
    stop_bus(&f);
    rig_expect_log(&f.rig, "D-Bus: the system bus is gone");
    expect_records(&f, "04 06 05 00 00 00 02 5A C8 00");
    start_bus(&f);
    for (int i = 0; i < 250 && rig_count_log(&f.rig, "D-Bus: there as") < 2; i++)
        wait_ms(20);
    assert_int_equal(ctl(&f, "list", NULL), 0);
    expect_printed(&f, "heat");
    expect_records(&f, "04 06 05 00 00 00 02 5A C8 00");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_goes_from_the_bus_to_the_master),
        cmocka_unit_test(who_watches_sees_requests_and_answers),
        cmocka_unit_test(what_a_master_has_set_is_forgotten_at_work),
        cmocka_unit_test(the_bus_may_die_and_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
