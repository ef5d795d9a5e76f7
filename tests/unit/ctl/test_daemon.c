/* The commands that ask the daemon, on a bus of our own: what they print, and what they do when the
 * daemon refuses, leaves, comes back or was never there. */
#include "tests/unit/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "tests/fake/daemon_fake.h"

typedef int (*command_fn)(int argc, char *argv[]);

static struct daemon_fake fake;
static const struct daemon_fake_manner good = { 0 }, troubled = { .has_troubles = true };

/* A command at work in a process of its own. */
static struct {
    pid_t pid;
    int in; /* our end of its standard input */
    int status;
    char out[65536], err[16384];
} run;

static const char *path_of(const char *name)
{
    static char paths[4][96];
    static unsigned n;
    char *path = paths[n++ % 4];

    (void)snprintf(path, sizeof(paths[0]), "%s/%s", fake.dir, name);
    return path;
}

static void redirect(const char *name, int fd)
{
    dup2(open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), fd);
}

/* The arguments up to NULL, the name of the command in front. */
static void launch(command_fn command, const char *const args[])
{
    char *argv[16];
    int argc = 0, ends[2];

    for (; args[argc] != NULL; argc++)
        argv[argc] = strdup(args[argc]);
    argv[argc] = NULL;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    unlink(path_of("out"));
    unlink(path_of("err"));
    fflush(NULL);
    run.pid = fork();
    assert_true(run.pid >= 0);
    if (run.pid == 0) {
        int status;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[0], STDIN_FILENO);
        close(ends[1]);
        redirect("out", STDOUT_FILENO);
        redirect("err", STDERR_FILENO);
        status = command(argc, argv);
        fflush(stdout);
        _exit(status);
    }
    for (int i = 0; i < argc; i++)
        free(argv[i]);
    close(ends[0]);
    run.in = ends[1];
}
#define LAUNCH(command, ...) launch(command, (const char *const[]){ __VA_ARGS__, NULL })

static void load(const char *name, char *text, size_t size)
{
    int fd = open(path_of(name), O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, size - 1) : 0;

    text[n > 0 ? n : 0] = '\0';
    if (fd >= 0)
        close(fd);
}

static void give(const char *text)
{
    assert_int_equal(write(run.in, text, strlen(text)), strlen(text));
}

/* Waits for it to end by itself, its input open. */
static void await_own_end(void)
{
    int status;

    assert_int_equal(waitpid(run.pid, &status, 0), run.pid);
    run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    load("out", run.out, sizeof(run.out));
    load("err", run.err, sizeof(run.err));
    if (run.in >= 0)
        close(run.in);
    run.in = -1;
}

static void await_end(void)
{
    close(run.in);
    run.in = -1;
    await_own_end();
}
#define RUN(command, ...) (LAUNCH(command, __VA_ARGS__), await_end())

static void expect_(int status, const char *out, const char *err, const char *file, int line)
{
    if (run.status != status || strstr(run.out, out) == NULL || strstr(run.err, err) == NULL ||
        (*err == '\0' && run.err[0] != '\0')) {
        print_error("status %d\n%s%s", run.status, run.out, run.err);
        _fail(file, line);
    }
}
/* The status, and what must stand in the output and in the errors; "": no errors at all. */
#define EXPECT(status, out, err) expect_(status, out, err, __FILE__, __LINE__)

static void pause_ms(long ms)
{
    const struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

    nanosleep(&time, NULL);
}

/* Waits until a text stands where the service writes, or the command. */
static void await_text_(const char *(*look)(void), const char *text, const char *file, int line)
{
    for (unsigned i = 0; i < 1000; i++) {
        if (strstr(look(), text) != NULL)
            return;
        pause_ms(10);
    }
    print_error("never: %s\n%s\n", text, look());
    _fail(file, line);
}
#define AWAIT(look, text) await_text_(look, text, __FILE__, __LINE__)

static const char *given(void)
{
    return daemon_fake_given(&fake);
}

static const char *errors(void)
{
    load("err", run.err, sizeof(run.err));
    return run.err;
}

static const char *output(void)
{
    load("out", run.out, sizeof(run.out));
    return run.out;
}

static int start_bus(void **state)
{
    (void)state;
    if (daemon_fake_open(&fake))
        return 0;
    print_error("dbus-daemon does not start: is it installed?\n");
    return -1;
}

static int stop_bus(void **state)
{
    (void)state;
    daemon_fake_close(&fake);
    return 0;
}

/* Nothing was given yet. */
static int begin(void **state)
{
    (void)state;
    unlink(path_of("given"));
    daemon_fake_start(&fake, &good);
    return 0;
}

/* ---- what is printed ------------------------------------------------------------------------- */

static void test_status(void **state)
{
    (void)state;
    RUN(ctl_status, "status");
    EXPECT(0, "mbus-slave 1.2.3 is running\nState:  /var/lib/mbus-slave\nPorts:  2\n", "");
    EXPECT(
        0,
        "  port          kind    state  baud  meters  requests  answers  late  bad frames  "
        "foreign  trouble\n"
        "  /dev/ttyAMA0  serial  open   2400       2        40       38     0           2        "
        "1\n",
        "");
    EXPECT(0, "Meters: 2, all records are good\n", "");
    daemon_fake_start(&fake, &troubled);
    RUN(ctl_status, "status");
    EXPECT(0, "State:  /var/lib/mbus-slave, No space left on device\n", "");
    EXPECT(0, "closed  2400", "");
    EXPECT(0, "Permission denied\n", "");
    EXPECT(0, "1 with records in error\n  heat.flow: data_error: No such file or directory\n", "");
    RUN(ctl_status, "status", "--json");
    EXPECT(0,
           "{\"version\":\"1.2.3\",\"state_directory\":\"/var/lib/mbus-slave\","
           "\"state_trouble\":\"No space left on device\",\"ports\":[\n",
           "");
    EXPECT(0, "\"open\":false,\"trouble\":\"Permission denied\",\"baud\":2400,", "");
    EXPECT(0, "{\"meter\":\"heat\",\"record\":\"flow\",\"error\":\"data_error\",", "");
}

static void test_list(void **state)
{
    (void)state;
    RUN(ctl_list, "list");
    EXPECT(
        0,
        "meter  address  id        manufacturer  version  medium       status  errors  answers\n"
        "heat         3  12345678  TST                 1  heat_outlet  00           0       28\n",
        "");
    RUN(ctl_list, "list", "--json");
    EXPECT(0,
           "[\n{\"name\":\"heat\",\"address\":3,\"id\":\"12345678\",\"manufacturer\":\"TST\","
           "\"version\":1,\"medium\":\"heat_outlet\",\"access\":5,\"status\":0,\"silent\":false,"
           "\"errors\":0,\"requests\":30,\"answers\":28,\"refused\":1},\n",
           "");
    daemon_fake_start(&fake, &troubled);
    RUN(ctl_list, "list");
    EXPECT(0, "room_sensor  00           0       10  silent\n", "");
}

static void test_show(void **state)
{
    (void)state;
    RUN(ctl_show, "show", "heat");
    EXPECT(0, "heat: address 3, 12345678 TST version 1, heat_outlet, access number 5, status 00\n",
           "");
    EXPECT(0,
           "  record  source    quantity               value  unit    age  notes\n"
           "  energy  pushed    energy                 10000  kWh     5 s\n"
           "  power   pushed    power                   1500  W     3 min\n"
           "  serial  constant  fabrication_number  12345678\n"
           "  flow    file      flow_temperature        60.0  degC    1 s\n",
           "");
    RUN(ctl_show, "show", "room", "--json");
    EXPECT(0,
           "\"records\":[\n{\"name\":\"temperature\",\"source\":\"file\",\"function\":"
           "\"instantaneous\",\"storage\":0,\"tariff\":0,\"subunit\":0,\"quantity\":"
           "\"external_temperature\",\"unit\":\"degC\",\"value\":21.5,\"raw\":\"0266D700\","
           "\"error\":null,\"trouble\":null,\"age\":1.000,\"writable\":false}\n]}\n",
           "");
    daemon_fake_start(&fake, &troubled);
    RUN(ctl_show, "show", "heat");
    EXPECT(0, "-  degC    1 s  data_error, No such file or directory\n", "");
    RUN(ctl_show, "show", "room");
    EXPECT(0, "  is silent: ", "");
    RUN(ctl_show, "show", "haet");
    EXPECT(1, "", "haet: there is no such meter; did you mean heat?\n");
    RUN(ctl_show, "show");
    EXPECT(2, "", "the name of a meter is needed\n");
    RUN(ctl_show, "show", "heat", "room");
    EXPECT(2, "", "the name of a meter is all it takes\n");
}

#define TELEGRAM "68 0F 0F 68 08 03 72 78 56 34 12 74 52 01 04 05 00 00 00 61 16\n"

static void test_telegram(void **state)
{
    (void)state;
    RUN(ctl_telegram, "telegram", "heat", "--hex");
    EXPECT(0, TELEGRAM TELEGRAM, "");
    RUN(ctl_telegram, "telegram", "heat");
    EXPECT(0, TELEGRAM "Telegram 1: address 3, 12345678 TST version 1, heat_outlet", "");
    EXPECT(0, "\n\n" TELEGRAM "\nTelegram 2:", "");
    RUN(ctl_telegram, "telegram", "--json", "heat");
    EXPECT(0, "[\n{\"c\":8,\"a\":3,\"ci\":114,\"id\":\"12345678\"", "");
    EXPECT(0, "},\n{\"c\":8,", "");
    RUN(ctl_telegram, "telegram", "attic");
    EXPECT(1, "", "attic: there is no such meter\n");
}

static void test_forget(void **state)
{
    (void)state;
    RUN(ctl_forget, "forget", "heat");
    EXPECT(0, "heat: what masters had set is forgotten\n", "");
    RUN(ctl_forget, "forget", "heat");
    EXPECT(0, "heat: masters had set nothing\n", "");
    RUN(ctl_forget, "forget", "heat", "--json");
    EXPECT(0, "{\"meter\":\"heat\",\"forgotten\":false}\n", "");
    daemon_fake_start(&fake, &(struct daemon_fake_manner){ .denies = true });
    RUN(ctl_forget, "forget", "heat");
    EXPECT(1, "", "permission denied: that is for root and for members of group mbus-slave\n");
}

static void test_monitor(void **state)
{
    (void)state;
    daemon_fake_start(&fake, &(struct daemon_fake_manner){ .frames = 6 });
    setenv("TZ", "UTC", 1);
    LAUNCH(ctl_monitor, "monitor", "--hex");
    AWAIT(output, "late");
    kill(run.pid, SIGINT);
    await_end();
    EXPECT(
        0,
        "22:13:20.123  /dev/ttyAMA0  < REQ_UD2 FCB=1 to 3  10 7B 03 7E 16\n"
        "22:13:20.123  /dev/ttyAMA0 10.0.0.1:5  > E5  (after 12.3 ms)  E5\n"
        "22:13:20.123  /dev/ttyAMA0  < E5  (foreign)  E5\n"
        "22:13:20.123  /dev/ttyAMA0 10.0.0.1:5  < SND_NKE to 7  (other address)  10 40 07 47 16\n"
        "22:13:20.123  /dev/ttyAMA0  < 10 7B 03 7F 16  (bad checksum)  10 7B 03 7F 16\n"
        "22:13:20.123  /dev/ttyAMA0 10.0.0.1:5  > E5  (late: not sent, 250.0 ms after the "
        "request)  E5\n",
        "");
    LAUNCH(ctl_monitor, "monitor", "--json");
    AWAIT(output, "late");
    daemon_fake_kill(&fake);
    await_end();
    EXPECT(
        1,
        "{\"time\":\"2023-11-14T22:13:20.123456Z\",\"port\":\"/dev/ttyAMA0\",\"client\":null,"
        "\"from_us\":false,\"frame\":\"REQ_UD2 FCB=1 to 3\",\"fate\":\"answer\",\"after_us\":null,"
        "\"raw\":\"107B037E16\"}\n",
        "mbus-slave has left the bus\n");
    EXPECT(1, "\"from_us\":true,\"frame\":\"E5\",\"fate\":\"sent\",\"after_us\":12345,",
           "mbus-slave has left the bus\n");
}

/* ---- values ---------------------------------------------------------------------------------- */

static void test_set(void **state)
{
    (void)state;
    RUN(ctl_set, "set", "heat.power", "-12.5");
    EXPECT(0, "", "");
    assert_string_equal(given(), "heat.power -12.5\ncall\n");
    RUN(ctl_set, "set", "heat.power=1", "heat/energy=2");
    EXPECT(0, "", "");
    assert_string_equal(given(), "heat.power -12.5\ncall\nheat.power 1\nheat.energy 2\ncall\n");
    RUN(ctl_set, "set", "heat.power", "2000000");
    EXPECT(1, "", "heat.power: cannot show 2000000: data_overflow\n");
}

static void test_set_refused(void **state)
{
    (void)state;
    RUN(ctl_set, "set", "heat.power=1", "heat.flow=2");
    EXPECT(1, "", "heat.flow: its source is \"file\"\n");
    RUN(ctl_set, "set", "heat.pwer", "1");
    EXPECT(1, "", "heat.pwer: there is no such record\n");
    RUN(ctl_set, "set", "heat.power", "nan");
    EXPECT(2, "", "heat.power: \"nan\" is no number\n");
    RUN(ctl_set, "set", "heat.power", "1e999");
    EXPECT(2, "", "heat.power: \"1e999\" is larger than any number\n");
    RUN(ctl_set, "set", "heat.power=0x10");
    EXPECT(2, "", "heat.power: \"0x10\" is no number\n");
    RUN(ctl_set, "set", "power", "1");
    EXPECT(2, "", "power: METER.RECORD is needed\n");
    RUN(ctl_set, "set", "heat.power");
    EXPECT(2, "", "METER.RECORD and one value");
    RUN(ctl_set, "set");
    EXPECT(2, "", "METER.RECORD and a value are needed");
    daemon_fake_start(&fake, &(struct daemon_fake_manner){ .denies = true });
    RUN(ctl_set, "set", "heat.power", "1");
    EXPECT(1, "", "permission denied: ");
    assert_string_equal(given(), "");
}

static void test_feed(void **state)
{
    (void)state;
    LAUNCH(ctl_feed, "feed", "--strip", "home/");
    give("home/heat/power 1500\n# a comment\n\nheat.energy 12.5\r\nhome/heat/power -3");
    await_end();
    EXPECT(0, "", "");
    assert_non_null(strstr(given(), "heat.power 1500\n"));
    assert_non_null(strstr(given(), "heat.energy 12.5\n"));
    assert_non_null(strstr(given(), "heat.power -3\ncall\n"));
}

/* A line that comes alone waits for no other. */
static void test_feed_at_once(void **state)
{
    (void)state;
    LAUNCH(ctl_feed, "feed");
    give("heat.power 1\n");
    AWAIT(given, "heat.power 1\ncall\n");
    give("heat.power 2\n");
    AWAIT(given, "heat.power 2\ncall\n");
    await_end();
    EXPECT(0, "", "");
}

static void test_feed_wrong_lines(void **state)
{
    (void)state;
    LAUNCH(ctl_feed, "feed");
    for (unsigned i = 0; i < 12; i++)
        give("heat.power on\n");
    give("heat.power 1e999\nheat.power 1 2\nheat.power\nhome/heat/power 5\nhome/heat/power 5\n"
         "heat.pwer 1\nheat.pwer 2\nheat.flow 5\n\x01\xFF\x02\nheat.power 7\n");
    await_end();
    EXPECT(1, "", "line 1: heat.power: \"on\" is no number\n");
    EXPECT(1, "", "line 10: heat.power: \"on\" is no number\n");
    assert_null(strstr(run.err, "line 11:"));
    EXPECT(1, "", "lines skipped besides these: 2; their values are no numbers\n");
    EXPECT(1, "", "line 13: heat.power: \"1e999\" is larger than any number\n");
    EXPECT(1, "", "line 14: heat.power has something behind the number\n");
    EXPECT(1, "", "line 15: heat.power has no value\n");
    EXPECT(1, "", "line 16: home/heat/power names no record; ");
    assert_null(strstr(run.err, "line 17:"));
    EXPECT(1, "", "line 18: heat.pwer: there is no such record; its values are skipped\n");
    assert_null(strstr(run.err, "line 19:"));
    EXPECT(1, "", "line 20: heat.flow: its source is not \"pushed\"; its values are skipped\n");
    EXPECT(1, "", "line 21: \\x01\\xFF\\x02 names no record");
    assert_string_equal(given(), "heat.power 7\ncall\n");
}

static void test_feed_megabyte(void **state)
{
    char *bytes = malloc(1 << 20);

    (void)state;
    memset(bytes, '9', 1 << 20);
    bytes[(1 << 20) - 1] = '\0';
    LAUNCH(ctl_feed, "feed");
    give("heat.power ");
    give(bytes);
    give("\nheat.power 7\n");
    await_end();
    EXPECT(1, "", "line 1 is longer than 4096 bytes\n");
    assert_string_equal(given(), "heat.power 7\ncall\n");
    free(bytes);
}

/* One value that the daemon does not take keeps the others from nothing. */
static void test_feed_refused(void **state)
{
    (void)state;
    daemon_fake_start(&fake, &(struct daemon_fake_manner){ .refuses = "heat.energy" });
    LAUNCH(ctl_feed, "feed");
    give("heat.power 1\nheat.energy 2\nheat.power 3\nheat.energy 4\n");
    await_end();
    EXPECT(1, "", "heat.energy: its source is \"pushed\"; skipped\n");
    assert_null(strstr(strstr(run.err, "heat.energy") + 1, "heat.energy"));
    assert_null(strstr(given(), "heat.energy"));
    assert_non_null(strstr(given(), "heat.power 1\n"));
    assert_non_null(strstr(given(), "heat.power 3\n"));
}

static void test_feed_denied(void **state)
{
    (void)state;
    daemon_fake_start(&fake, &(struct daemon_fake_manner){ .denies = true });
    LAUNCH(ctl_feed, "feed");
    give("heat.power 1\n");
    await_end();
    EXPECT(1, "", "permission denied: ");
    EXPECT(1, "", "values that mbus-slave has not taken: 1\n");
}

/* The daemon is started anew: what was not acknowledged and what came meanwhile arrives. */
static void test_feed_over_a_restart(void **state)
{
    (void)state;
    daemon_fake_start(&fake, &(struct daemon_fake_manner){ .is_silent = true });
    LAUNCH(ctl_feed, "feed");
    give("heat.power 1\n");
    pause_ms(300);
    daemon_fake_kill(&fake);
    AWAIT(errors, "mbus-slave has left the bus; waiting up to 60 s for it\n");
    give("heat.power 2\nheat.energy 3\n");
    pause_ms(100);
    assert_string_equal(given(), "");
    daemon_fake_start(&fake, &(struct daemon_fake_manner){ .added = "level" });
    AWAIT(errors, "mbus-slave is back; going on\n");
    AWAIT(given, "heat.power 1\ncall\nheat.power 2\nheat.energy 3\ncall\n");
    give("heat.level 5\n"); /* it has learnt that name */
    AWAIT(given, "heat.level 5\ncall\n");
    await_end();
    EXPECT(0, "", "is back");
}

/* It is there and hangs: it has not left, and what it did not acknowledge goes again. */
static void test_feed_over_a_hang(void **state)
{
    (void)state;
    setenv("SYSTEMD_BUS_TIMEOUT", "1s", 1); /* in place of 25 s */
    LAUNCH(ctl_feed, "feed");
    unsetenv("SYSTEMD_BUS_TIMEOUT");
    give("heat.power 1\n");
    AWAIT(given, "heat.power 1\ncall\n");
    kill(fake.service, SIGSTOP);
    give("heat.power 2\n");
    AWAIT(errors, "mbus-slave does not answer; waiting up to 60 s for it\n");
    kill(fake.service, SIGCONT);
    AWAIT(errors, "mbus-slave answers again; going on\n");
    give("heat.power 3\n");
    AWAIT(given, "heat.power 3\ncall\n");
    await_end();
    EXPECT(0, "", "answers again");
}

/* What was read is given, then it ends. */
static void test_feed_interrupted(void **state)
{
    (void)state;
    LAUNCH(ctl_feed, "feed");
    give("heat.power 1\nheat.power 2\n");
    AWAIT(given, "heat.power 2\n");
    give("heat.power 3\nheat.power 4"); /* half a line: 4000, for instance */
    pause_ms(100);
    kill(run.pid, SIGTERM);
    await_own_end();
    EXPECT(0, "", "");
    AWAIT(given, "heat.power 3\n");
    assert_null(strstr(given(), "heat.power 4"));
    LAUNCH(ctl_feed, "feed");
    give("heat.power 1\n");
    AWAIT(given, "call\n");
    pause_ms(200);
    daemon_fake_kill(&fake);
    AWAIT(errors, "waiting up to");
    give("heat.power 2\n");
    pause_ms(100);
    kill(run.pid, SIGINT); /* while nobody is there */
    await_own_end();
    EXPECT(1, "", "values that mbus-slave has not taken: 1\n");
}

static void test_feed_many(void **state)
{
    char *text = malloc(1 << 20);
    size_t n = 0;
    const char *at;
    unsigned values = 0, calls = 0;

    (void)state;
    for (unsigned i = 0; i < 20000; i++)
        n += (size_t)sprintf(text + n, "heat.power %u\n", i);
    LAUNCH(ctl_feed, "feed");
    give(text);
    await_end();
    EXPECT(0, "", "");
    for (at = given(); *at; at = strchr(at, '\n') + 1) {
        if (strncmp(at, "call", 4) == 0)
            calls++;
        else
            assert_int_equal(strtol(at + strlen("heat.power "), NULL, 10), values++);
    }
    assert_int_equal(values, 20000);
    assert_in_range(calls, 20, 200);
    free(text);
}

/* ---- nobody there ---------------------------------------------------------------------------- */

static const struct {
    command_fn run;
    const char *args[4];
} askers[] = {
    { ctl_status, { "status" } },     { ctl_list, { "list" } },
    { ctl_show, { "show", "heat" } }, { ctl_set, { "set", "heat.power", "1" } },
    { ctl_feed, { "feed" } },         { ctl_telegram, { "telegram", "heat" } },
    { ctl_monitor, { "monitor" } },   { ctl_forget, { "forget", "heat" } },
};

static void test_not_running(void **state)
{
    (void)state;
    daemon_fake_kill(&fake);
    for (size_t i = 0; i < ARRAY_SIZE(askers); i++) {
        launch(askers[i].run, askers[i].args);
        await_end();
        EXPECT(1, "",
               "mbus-slave is not running (nobody has io.github.mbus_slave1 on the bus); systemctl "
               "start mbus-slave\n");
        assert_string_equal(run.out, "");
    }
}

static void test_instance(void **state)
{
    (void)state;
    daemon_fake_start(&fake, &(struct daemon_fake_manner){ .suffix = "attic" });
    RUN(ctl_list, "list", "--instance", "attic");
    EXPECT(0, "heat", "");
    RUN(ctl_set, "set", "--instance", "attic", "heat.power", "-1");
    EXPECT(0, "", "");
    RUN(ctl_list, "list", "--instance", "cellar");
    EXPECT(1, "",
           "no mbus-slave with control.name \"cellar\" is running (nobody has "
           "io.github.mbus_slave1.cellar on the bus)\n");
    RUN(ctl_list, "list", "--instance", "1 2");
    EXPECT(2, "", "--instance: \"1 2\" is no part of a bus name");
}

/* The last one: there is no bus behind it. */
static void test_no_bus(void **state)
{
    (void)state;
    daemon_fake_start(&fake, &good);
    LAUNCH(ctl_feed, "feed");
    give("heat.power 1\n");
    AWAIT(given, "call");
    daemon_fake_kill_bus(&fake);
    await_own_end();
    EXPECT(1, "", "the connection to the system bus is lost\n");
    for (size_t i = 0; i < ARRAY_SIZE(askers); i++) {
        launch(askers[i].run, askers[i].args);
        await_end();
        EXPECT(1, "", "the system bus cannot be reached (");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_status, begin),
        cmocka_unit_test_setup(test_list, begin),
        cmocka_unit_test_setup(test_show, begin),
        cmocka_unit_test_setup(test_telegram, begin),
        cmocka_unit_test_setup(test_forget, begin),
        cmocka_unit_test_setup(test_monitor, begin),
        cmocka_unit_test_setup(test_set, begin),
        cmocka_unit_test_setup(test_set_refused, begin),
        cmocka_unit_test_setup(test_feed, begin),
        cmocka_unit_test_setup(test_feed_at_once, begin),
        cmocka_unit_test_setup(test_feed_wrong_lines, begin),
        cmocka_unit_test_setup(test_feed_megabyte, begin),
        cmocka_unit_test_setup(test_feed_refused, begin),
        cmocka_unit_test_setup(test_feed_denied, begin),
        cmocka_unit_test_setup(test_feed_over_a_restart, begin),
        cmocka_unit_test_setup(test_feed_over_a_hang, begin),
        cmocka_unit_test_setup(test_feed_interrupted, begin),
        cmocka_unit_test_setup(test_feed_many, begin),
        cmocka_unit_test_setup(test_not_running, begin),
        cmocka_unit_test_setup(test_instance, begin),
        cmocka_unit_test_setup(test_no_bus, begin),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start_bus, stop_bus);
}
