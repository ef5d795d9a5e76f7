/* Options, what they print, and the exit status. */
#include "tests/system/harness.h"

#include <stdio.h>
#include <string.h>

static const struct {
    char *args[8];
    int status;
    const char *says; /* in standard output or error */
} rows[] = {
    { { "--version" }, 0, "mbus-slave 0." },
    { { "--help" }, 0, "--config FILE" },
    { { "--check", "--config", "etc/mbus-slave.conf" }, 0, "telegram of 30 bytes" },
    { { "--check", "--config", "etc/examples/fixed-structure.conf" }, 0, "telegram of 25 bytes" },
    { { "--check", "--config", "etc/examples/heat-meter-1wire.conf" }, 0, "meter heat: " },
    { { "--check", "--config", "etc/examples/room-sensor-iio.conf" }, 0, "meter room: " },
    { { "--check", "--config", "etc/examples/mqtt-bridge.conf" }, 0, "meter water: " },
    { { "--check", "--config", "etc/examples/simulator-tcp.conf" }, 0, "meter mains: " },
    { { "--check", "--config", "etc/mbus-slave.conf", "--device", "pty" }, 0, "port pty" },
    { { "--check", "--config", "tests/data/config/good/everything.conf" },
      0,
      "port /dev/ttyUSB0: serial, automatic rate, 8E1\n" },
    { { "--check", "--config", "tests/data/config/good/everything.conf" },
      0,
      "link /run/mbus-slave/pty; meters heat_1, water\n" },
    { { "--check", "--config", "tests/data/config/good/everything.conf" },
      0,
      "5 records, 2 telegrams, the longest of 60 bytes\nmeter water: " },
    { { "--check", "--config", "tests/data/config/good/live.conf" },
      0,
      "20 records, 19 of them live, telegram of at most 164 bytes\n" },
    { { "--check", "--device", "tcp:10001" }, 0, "TCP port 10001" },
    { { "--chekc" }, 2, "--chekc: no such option; did you mean --check?" },
    { { "-x" }, 2, "-x: no such option" },
    { { "--config" }, 2, "--config: needs a value" },
    { { "file" }, 2, "file: arguments without an option" },
    { { "--doctor" }, 2, "--doctor: not in this version" },
    { { "--line-test" }, 2, "not in this version" },
    { { "--safe-lines" }, 2, "not in this version" },
    { { "--forget" }, 2, "--forget: needs a value" },
    { { "--config", "/nonexistent/x.conf" }, 78, "/nonexistent/x.conf: No such file or directory" },
    { { "--config", "/" }, 78, "/: " },
    { { "--check", "--device", "pty", "--addr", "300" },
      78,
      "--addr: 300 is out of range; 0 to 250" },
    { { "--check", "--device", "pty", "--addr", "x" }, 78, "--addr: " },
    { { "--check", "--device", "pty", "--baud", "2401" }, 78, "--baud: " },
    { { "--check", "--device", "pty", "--id", "1234567F" }, 78, "--id: " },
    { { "--check", "--device", "pty", "--manuf", "tst" }, 78, "--manuf: " },
    { { "--check", "--device", "ttyAMA0" }, 78, "--device: " },
};

static void every_option(void **state)
{
    struct rig rig;
    char output[16384];

    (void)state;
    rig_init(&rig);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        int status = rig_run(&rig, (char *const *)rows[i].args, output, sizeof(output));

        if (status != rows[i].status || strstr(output, rows[i].says) == NULL)
            fail_msg("row %zu (%s ...): status %d, it said:\n%s", i, rows[i].args[0], status,
                     output);
    }
    rig_done(&rig);
}

/* All errors at once, each with its line; and it does not start. */
static void a_wrong_file_is_refused(void **state)
{
    struct rig rig;
    char output[4096], expected[4096];
    char *args[] = { "--config", NULL, NULL };

    (void)state;
    rig_init(&rig);
    rig_config(&rig, "port = { device = \"pty\"; buad = 9600; };\n"
                     "meter = {\n"
                     "  address = 251;\n"
                     "  records = ( { name = \"e\"; unit = \"kwh\"; value = 1; } );\n"
                     "};\n");
    args[1] = (char *)rig_path(&rig, "mbus-slave.conf");
    assert_int_equal(rig_run(&rig, args, output, sizeof(output)), 78);
    snprintf(expected, sizeof(expected), "%s:1: port.buad: ", args[1]);
    assert_non_null(strstr(output, expected));
    assert_non_null(strstr(output, "\"baud\""));
    snprintf(expected, sizeof(expected), "%s:3: meter.address: 251 is out of range; 0 to 250",
             args[1]);
    assert_non_null(strstr(output, expected));
    snprintf(expected, sizeof(expected),
             "%s:4: meter.records[0].unit: \"kwh\" is no known unit; did you mean \"kWh\"?",
             args[1]);
    assert_non_null(strstr(output, expected));
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option),
        cmocka_unit_test(a_wrong_file_is_refused),
    };

    return cmocka_run_group_tests_name("command line", tests, NULL, NULL);
}
