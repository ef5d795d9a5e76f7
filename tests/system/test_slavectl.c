/* mbus-slavectl as a small master: against the daemon, and against slaves that are a script. */
#include "tests/system/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define METERS                                                                                     \
    "meters = (\n"                                                                                 \
    "  { name = \"a\"; address = 3; id = \"12345678\"; records = (\n"                              \
    "    { name = \"voltage\"; unit = \"V\"; type = \"int16\"; value = 1234; },\n"                 \
    "    { name = \"volume\"; unit = \"m3\"; type = \"int16\"; value = 456; } ); },\n"             \
    "  { name = \"b\"; address = 5; id = \"12345679\"; medium = \"water\"; max_telegram = 64;\n"   \
    "    records = (\n" RECORD("0") RECORD("1") RECORD("2") RECORD("3") RECORD("4") RECORD("5")    \
        RECORD("6") RECORD("7") "{ name = \"last\"; unit = \"kWh\"; value = 42; } ); },\n"         \
                                "  { name = \"c\"; address = 250; id = \"87654321\"; structure = " \
                                "\"fixed\"; records = (\n"                                         \
                                "    { name = \"energy\"; unit = \"kWh\"; type = \"bcd8\"; value " \
                                "= 55; } ); } );\n"
#define RECORD(n)                                                                                  \
    "{ name = \"v" n "\"; unit = \"m3\"; storage = " n "; type = \"int64\"; value = 10" n "; },\n"

/* The pty's rate: its window is short. */
#define BAUD "9600"

/* mbus-slavectl at work, and what it has printed. */
struct ctl {
    pid_t pid;
    int status;
    char out[16384], err[2048];
};

struct fixture {
    struct rig rig;
    char tcp[32], pty[160];
    int slave;  /* a script's end of a pty whose other end is `pty` */
    int keeper; /* an end of ours beside it */
    struct ctl ctl;
};

static const char *program(void)
{
    const char *path = getenv("MBUS_SLAVECTL");

    return path != NULL ? path : "build/mbus-slavectl";
}

/* The arguments up to NULL. */
static void launch(struct fixture *f, const char *const args[])
{
    const char *argv[16] = { "mbus-slavectl" };

    for (size_t i = 0; args[i] != NULL; i++)
        argv[i + 1] = args[i];
    f->ctl.pid = fork();
    assert_true(f->ctl.pid >= 0);
    if (f->ctl.pid > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(open(rig_path(&f->rig, "out"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
         STDOUT_FILENO);
    dup2(open(rig_path(&f->rig, "err"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
         STDERR_FILENO);
    execv(program(), (char *const *)argv);
    _exit(127);
}

static void load(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, text, size - 1);

    assert_true(n >= 0);
    text[n] = '\0';
    close(fd);
}

static void await(struct fixture *f)
{
    int status;

    assert_int_equal(waitpid(f->ctl.pid, &status, 0), f->ctl.pid);
    f->ctl.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    load(rig_path(&f->rig, "out"), f->ctl.out, sizeof(f->ctl.out));
    load(rig_path(&f->rig, "err"), f->ctl.err, sizeof(f->ctl.err));
}

static void expect_(const struct fixture *f, int status, const char *out, const char *err,
                    const char *file, int line)
{
    const struct ctl *c = &f->ctl;

    if (c->status != status || strstr(c->out, out) == NULL || strstr(c->err, err) == NULL ||
        (*err == '\0' && c->err[0] != '\0')) {
        print_error("status %d\n%s%s", c->status, c->out, c->err);
        _fail(file, line);
    }
}
/* The status, and what must stand in the output and in the errors; "": no errors at all. */
#define EXPECT(f, status, out, err) expect_(f, status, out, err, __FILE__, __LINE__)
#define LAUNCH(f, ...) launch(f, (const char *const[]){ __VA_ARGS__, NULL })
#define RUN(f, ...) (LAUNCH(f, __VA_ARGS__), await(f))

/* ---- the daemon ------------------------------------------------------------------------------ */

static int start(void **state)
{
    static struct fixture f;
    int port = free_tcp_port();

    rig_init(&f.rig);
    snprintf(f.tcp, sizeof(f.tcp), "tcp:127.0.0.1:%d", port);
    snprintf(f.pty, sizeof(f.pty), "%s", rig_path(&f.rig, "bus"));
    rig_config(&f.rig,
               "ports = ( { device = \"pty\"; link = \"%s\"; baud = " BAUD
               "; }, { device = \"tcp:%d\"; } );\n%s",
               f.pty, port, METERS);
    rig_start(&f.rig, NULL);
    *state = &f;
    return 0;
}

static int stop(void **state)
{
    struct fixture *f = *state;

    rig_stop(&f->rig);
    rig_done(&f->rig);
    return 0;
}

#define TABLE_A "Telegram 1: address 3, 12345678 TST version 1, other, access number "

static void a_meter_is_read_by_its_address(void **state)
{
    struct fixture *f = *state;

    RUN(f, "read", f->pty, "3", "--baud", BAUD);
    EXPECT(f, 0, TABLE_A, "");
    EXPECT(f, 0, "volume      456  m3\n", "");
    RUN(f, "read", "--json", f->tcp, "3");
    EXPECT(f, 0, "\"quantity\":\"voltage\",\"unit\":\"V\",\"modifiers\":[],\"value\":1234", "");
    RUN(f, "read", "--xml", f->tcp, "3");
    EXPECT(f, 0, "<Id>12345678</Id>", "");
    EXPECT(f, 0, "</MBusData>\n", "");
    RUN(f, "read", "--hex", f->tcp, "3");
    EXPECT(f, 0, "68 18 18 68 08 03 72 78 56 34 12 74 52 01 00", "");
}

static void a_meter_is_read_by_its_secondary_address(void **state)
{
    struct fixture *f = *state;

    RUN(f, "read", f->pty, "1234567874520100", "--baud", BAUD);
    EXPECT(f, 0, TABLE_A, "");
    RUN(f, "read", f->tcp, "12345678");
    EXPECT(f, 0, TABLE_A, "");
    RUN(f, "read", f->tcp, "FFFFFFF8FFFFFFFF");
    EXPECT(f, 0, TABLE_A, "");
    RUN(f, "read", f->tcp, "253"); /* another connection is another bus: nobody is selected */
    EXPECT(f, 1, "", "253: no answer; asked 3 times by REQ_UD2\n");
    RUN(f, "read", f->tcp, "87654321");
    EXPECT(f, 0, "address 250, 87654321, other", "");
}

static void all_telegrams_are_read(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 0; i < 2; i++) { /* the second time as the first */
        RUN(f, "read", f->pty, i ? "12345679" : "5", "--baud", BAUD);
        EXPECT(f, 0, "Telegram 3: address 5, 12345679 TST version 1, water", "");
        EXPECT(f, 0, "energy       42  kWh\n", "");
        EXPECT(f, 0, "volume      107  m3\n", "");
        assert_null(strstr(f->ctl.out, "Telegram 4"));
    }
}

/* Eight volumes, one energy, and twice the announcement of more. */
static void several_telegrams_are_one_xml_element(void **state)
{
    struct fixture *f = *state;

    RUN(f, "read", "--xml", f->tcp, "5");
    EXPECT(f, 0, "<Id>12345679</Id>", "");
    assert_string_equal(strstr(f->ctl.out, "</MBusData>"), "</MBusData>\n");
    assert_string_equal(strrchr(f->ctl.out, '?'), strstr(f->ctl.out, "?>"));
    assert_null(strstr(strstr(f->ctl.out, "<SlaveInformation>") + 1, "<SlaveInformation>"));
    for (unsigned i = 0; i < 11; i++) {
        char id[32];

        snprintf(id, sizeof(id), "<DataRecord id=\"%u\">", i);
        assert_non_null(strstr(f->ctl.out, id));
    }
    assert_null(strstr(f->ctl.out, "id=\"11\""));
}

static void several_at_once_are_a_collision(void **state)
{
    struct fixture *f = *state;

    RUN(f, "read", f->tcp, "254");
    EXPECT(f, 1, "", "a collision of several meters");
    EXPECT(f, 1, "", "mbus-slavectl scan tcp:");
    RUN(f, "read", f->tcp, "1234567F");
    EXPECT(f, 1, "", "mbus-slavectl scan --secondary tcp:");
}

static void nobody_there_is_said(void **state)
{
    struct fixture *f = *state;

    RUN(f, "read", f->pty, "9", "--baud", BAUD);
    EXPECT(f, 1, "", "bus: 9: no answer; asked 3 times by SND_NKE at 9600 baud\n");
    RUN(f, "read", f->pty, "11111111", "--baud", BAUD);
    EXPECT(f, 1, "", "bus: 11111111: no answer; asked 3 times by selection at 9600 baud\n");
}

#define HEAD "address  id        manufacturer  version  medium              secondary\n"
#define ROW_A "      3  12345678  TST                 1  other               1234567874520100\n"
#define ROW_B "      5  12345679  TST                 1  water               1234567974520107\n"
#define ROW_C "    250  87654321                         other               87654321FFFFFFFF\n"

static void a_scan_finds_primary_addresses(void **state)
{
    struct fixture *f = *state;

    RUN(f, "scan", f->tcp, "--baud", "38400", "--timeout", "60");
    EXPECT(f, 0, HEAD ROW_A ROW_B ROW_C "3 meters found; 251 addresses asked in ", "");
}

static void a_scan_finds_secondary_addresses(void **state)
{
    struct fixture *f = *state;

    RUN(f, "scan", "--secondary", f->pty, "--baud", BAUD);
    EXPECT(f, 0, HEAD ROW_A ROW_B ROW_C "3 meters found; ", "");
    RUN(f, "scan", "--secondary", "--json", f->tcp, "--baud", "38400", "--timeout", "60");
    EXPECT(f, 0,
           "[\n{\"address\":3,\"id\":\"12345678\",\"manufacturer\":\"TST\",\"version\":1,"
           "\"medium\":\"other\",\"secondary\":\"1234567874520100\",\"problem\":null},\n",
           "");
    EXPECT(f, 0,
           "{\"address\":250,\"id\":\"87654321\",\"manufacturer\":null,\"version\":null,"
           "\"medium\":\"other\",\"secondary\":\"87654321FFFFFFFF\",\"problem\":null}\n]\n",
           "");
}

static void ctrl_c_ends_a_scan(void **state)
{
    struct fixture *f = *state;

    LAUNCH(f, "scan", "--json", f->pty, "--baud", BAUD);
    for (unsigned i = 0; i < 1000; i++) {
        wait_ms(5);
        load(rig_path(&f->rig, "out"), f->ctl.out, sizeof(f->ctl.out));
        if (strstr(f->ctl.out, "12345679"))
            break;
    }
    kill(f->ctl.pid, SIGINT);
    await(f);
    EXPECT(f, -SIGINT, "1234567974520107\",\"problem\":null}\n]\n", "");
}

static void a_device_that_cannot_be_had_is_said(void **state)
{
    struct fixture *f = *state;
    char tcp[32];

    RUN(f, "read", rig_path(&f->rig, "none"), "3");
    EXPECT(f, 1, "", "none: No such file or directory\n");
    RUN(f, "scan", "/dev/null");
    EXPECT(f, 1, "", "/dev/null: it is no serial port\n");
    snprintf(tcp, sizeof(tcp), "tcp:[::1]:%d", free_tcp_port());
    RUN(f, "read", tcp, "3");
    EXPECT(f, 1, "", tcp);
    RUN(f, "read", "tcp:here", "3");
    EXPECT(f, 1, "", "tcp:here: not of the form tcp:HOST:PORT\n");
}

static void wrong_usage_is_said(void **state)
{
    struct fixture *f = *state;

    RUN(f, "read");
    EXPECT(f, 2, "", "a device and an address are needed\n");
    RUN(f, "read", f->tcp, "3", "4");
    EXPECT(f, 2, "", "are all it takes\n");
    RUN(f, "read", f->tcp, "251");
    EXPECT(f, 2, "", "251: no meter answers there");
    RUN(f, "read", f->tcp, "3", "--json", "--xml");
    EXPECT(f, 2, "", "exclude each other\n");
    RUN(f, "read", f->tcp, "3", "--baud", "2401");
    EXPECT(f, 2, "", "--baud: 2401 is no rate of the bus");
    RUN(f, "scan", f->tcp, "--timeout", "0");
    EXPECT(f, 2, "", "--timeout: 0 is no number of milliseconds");
    RUN(f, "scan");
    EXPECT(f, 2, "", "a device is needed");
}

/* ---- slaves that are a script ---------------------------------------------------------------- */

static int open_script(void **state)
{
    static struct fixture f;
    struct termios t;

    rig_init(&f.rig);
    f.slave = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(f.slave >= 0 && grantpt(f.slave) == 0 && unlockpt(f.slave) == 0);
    assert_int_equal(ptsname_r(f.slave, f.pty, sizeof(f.pty)), 0);
    /* Without ECHO from the beginning, and without HUP between two masters. */
    f.keeper = open(f.pty, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_int_equal(tcgetattr(f.keeper, &t), 0);
    cfmakeraw(&t);
    assert_int_equal(tcsetattr(f.keeper, TCSANOW, &t), 0);
    *state = &f;
    return 0;
}

static int close_script(void **state)
{
    struct fixture *f = *state;

    close(f->keeper);
    close(f->slave);
    rig_done(&f->rig);
    return 0;
}

/* Its window leaves a script time on a machine that is busy. */
#define SLOW "1200"

#define NKE "10 40 03 43 16"
#define REQ "10 7B 03 7E 16"
#define REQ_TOGGLED "10 5B 03 5E 16"
/* mbus-protocol 16.8 at address 3 */
#define FIRST "68 15 15 68 08 03 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 1F 95 16"
#define LAST "68 13 13 68 08 03 72 78 56 34 12 74 52 01 00 01 00 00 00 02 16 C8 01 3A 16"

/* What a script hears and says: expects `request`, answers, and so on; NULL at the end. */
static void play(const struct fixture *f, const char *const lines[])
{
    for (size_t i = 0; lines[i] != NULL; i += 2) {
        expect_hex(f->slave, lines[i]);
        wait_ms(2);
        send_hex(f->slave, lines[i + 1]);
    }
}
#define PLAY(f, ...) play(f, (const char *const[]){ __VA_ARGS__, NULL })

static void broken_answers_are_asked_for_again(void **state)
{
    struct fixture *f = *state;

    LAUNCH(f, "read", f->pty, "3", "--baud", SLOW);
    PLAY(f, NKE, "", NKE, "E5", REQ, "68 15 15 68 08", REQ, FIRST, REQ_TOGGLED,
         "68 13 13 68 08 03 72 78 56 34 12 74 52 01 00 01 00 00 00 02 16 C8 01 3B 16", REQ_TOGGLED,
         LAST);
    await(f);
    EXPECT(f, 0, "voltage    1234  V\n", "");
    EXPECT(f, 0, "volume      456  m3\n", "");
}

static void the_echo_is_passed_over(void **state)
{
    struct fixture *f = *state;

    LAUNCH(f, "read", f->pty, "3", "--baud", SLOW);
    PLAY(f, NKE, NKE "E5", REQ, REQ LAST);
    await(f);
    EXPECT(f, 0, "volume      456  m3\n", "");
}

static void three_bad_answers_are_too_many(void **state)
{
    struct fixture *f = *state;

    LAUNCH(f, "read", f->pty, "3", "--baud", SLOW);
    PLAY(f, NKE, "E5", REQ, "68 03 03 68 08 03 70 7C 16", REQ, "68 03 03 68 08 03 70 7C 16", REQ,
         "68 03 03 68 08 03 70 7C 16");
    await(f);
    EXPECT(f, 1, "", ": 3: the checksum of the answer is wrong; asked 3 times by REQ_UD2 at");
    expect_silence(f->slave, 200);
}

static void an_answer_of_another_meter_is_none(void **state)
{
    struct fixture *f = *state;
    const char *other = "68 03 03 68 08 04 70 7C 16";

    LAUNCH(f, "read", f->pty, "3", "--baud", SLOW);
    PLAY(f, NKE, "E5", REQ, other, REQ, other, REQ, other);
    await(f);
    EXPECT(f, 1, "", "no answer to this request: 68 03 03 68 08 04 70 7C ...");
}

static void garbage_is_a_collision(void **state)
{
    struct fixture *f = *state;

    LAUNCH(f, "read", f->pty, "254", "--baud", SLOW);
    for (unsigned i = 0; i < 3; i++)
        PLAY(f, "10 40 FE 3E 16", i == 1 ? "FE FC" : "E5 E5");
    await(f);
    EXPECT(f, 1, "", "more came than one answer (a collision of several meters): E5 E5; asked");
}

static void an_application_error_is_decoded(void **state)
{
    struct fixture *f = *state;

    LAUNCH(f, "read", f->pty, "3", "--baud", SLOW);
    PLAY(f, NKE, "E5", REQ, "68 04 04 68 08 03 70 08 83 16");
    await(f);
    EXPECT(f, 1, "", "reports an application error: 08h, application too busy\n");
    assert_string_equal(f->ctl.out, "");
}

/* What could be read is shown. */
static void a_meter_that_falls_silent_is_said(void **state)
{
    struct fixture *f = *state;

    LAUNCH(f, "read", "--json", f->pty, "3", "--baud", SLOW);
    PLAY(f, NKE, "E5", REQ, FIRST, REQ_TOGGLED, "", REQ_TOGGLED, "", REQ_TOGGLED, "");
    await(f);
    EXPECT(f, 1, "\"value\":1234", ": 3: no answer; asked 3 times by REQ_UD2 at 1200 baud\n");
    assert_non_null(strstr(f->ctl.out, "\"more\":true}\n]\n"));
}

static void a_selection_comes_before_the_request(void **state)
{
    struct fixture *f = *state;

    LAUNCH(f, "read", f->pty, "1234567874520100", "--baud", SLOW);
    PLAY(f, "10 40 FD 3D 16", "", "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", "E5",
         "10 7B FD 78 16", LAST);
    await(f);
    EXPECT(f, 0, "volume      456  m3\n", "");
}

/* The E5 of 3 comes when 4 is asked, who is not there. */
static void a_late_answer_is_not_the_next_one_s(void **state)
{
    struct fixture *f = *state;

    LAUNCH(f, "scan", "--json", f->pty, "--baud", SLOW);
    PLAY(f, "10 40 00 40 16", "", "10 40 01 41 16", "", "10 40 02 42 16", "", NKE, "");
    PLAY(f, "10 40 04 44 16", "E5", "10 7B 04 7F 16", "", "10 7B 04 7F 16", "", "10 7B 04 7F 16",
         "");
    PLAY(f, NKE, "E5", REQ, LAST, "10 40 04 44 16", "", "10 40 05 45 16", "");
    kill(f->ctl.pid, SIGINT);
    await(f);
    EXPECT(f, -SIGINT, "[\n{\"address\":3,", "");
    assert_null(strstr(f->ctl.out, "\"address\":4"));
}

static void broken_answers_are_no_meters(void **state)
{
    struct fixture *f = *state;

    LAUNCH(f, "scan", f->pty, "--baud", SLOW);
    for (unsigned a = 0; a < 5; a++) {
        char nke[16];

        snprintf(nke, sizeof(nke), "10 40 %02X %02X 16", a, 0x40 + a);
        PLAY(f, nke, "FE FC", nke, "FE FC");
    }
    await(f);
    EXPECT(f, 1, "0 meters found; 5 addresses asked", ": 5 addresses in a row gave broken answers");
    EXPECT(f, 1, "5 places answered with something unreadable\n", ":");
}

static void one_master_at_a_time(void **state)
{
    struct fixture *f = *state;
    pid_t first;

    LAUNCH(f, "read", f->pty, "3", "--baud", "300");
    first = f->ctl.pid;
    expect_hex(f->slave, NKE);
    RUN(f, "read", f->pty, "3");
    EXPECT(f, 1, "", ": another program has it open\n");
    kill(first, SIGTERM);
    f->ctl.pid = first;
    await(f);
    assert_int_equal(f->ctl.status, -SIGTERM);
}

int main(void)
{
    const struct CMUnitTest daemon[] = {
        cmocka_unit_test(a_meter_is_read_by_its_address),
        cmocka_unit_test(a_meter_is_read_by_its_secondary_address),
        cmocka_unit_test(all_telegrams_are_read),
        cmocka_unit_test(several_telegrams_are_one_xml_element),
        cmocka_unit_test(several_at_once_are_a_collision),
        cmocka_unit_test(nobody_there_is_said),
        cmocka_unit_test(a_scan_finds_primary_addresses),
        cmocka_unit_test(a_scan_finds_secondary_addresses),
        cmocka_unit_test(ctrl_c_ends_a_scan),
        cmocka_unit_test(a_device_that_cannot_be_had_is_said),
        cmocka_unit_test(wrong_usage_is_said),
    };
    const struct CMUnitTest scripts[] = {
        cmocka_unit_test(broken_answers_are_asked_for_again),
        cmocka_unit_test(the_echo_is_passed_over),
        cmocka_unit_test(three_bad_answers_are_too_many),
        cmocka_unit_test(an_answer_of_another_meter_is_none),
        cmocka_unit_test(garbage_is_a_collision),
        cmocka_unit_test(an_application_error_is_decoded),
        cmocka_unit_test(a_meter_that_falls_silent_is_said),
        cmocka_unit_test(a_selection_comes_before_the_request),
        cmocka_unit_test(a_late_answer_is_not_the_next_one_s),
        cmocka_unit_test(broken_answers_are_no_meters),
        cmocka_unit_test(one_master_at_a_time),
    };
    int failed = cmocka_run_group_tests_name("slavectl, daemon", daemon, start, stop);

    return failed +
           cmocka_run_group_tests_name("slavectl, scripts", scripts, open_script, close_script);
}
