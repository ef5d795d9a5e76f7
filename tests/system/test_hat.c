/* Lines of a Hat that cannot be had: what a person sees. Lines that can are in tests/vm. */
#include "tests/system/harness.h"

#include <signal.h>
#include <string.h>

#define PORT "port = { device = \"pty\"; };\n" STOCK_METER
#define NO_CHIP "chip = \"/dev/gpiochip-none\"; offset = 3;"
#define WHY "offset 3: chip /dev/gpiochip-none cannot be opened: No such file or directory\n"

static void test_start(void **state)
{
    (void)state;
    struct rig rig;
    char output[4096];

    rig_init(&rig);
    rig_config(&rig,
               PORT "hat = { enable = { " NO_CHIP " }; activity = { line = \"none\"; }; };\n");
    char *const args[] = { "--config", (char *)rig_path(&rig, "mbus-slave.conf"), NULL };
    assert_int_equal(rig_run(&rig, args, output, sizeof(output)), 1);
    assert_non_null(strstr(output, "hat.enable: " WHY));
    assert_non_null(strstr(output, "hat.activity: none: "));
    assert_null(strstr(output, "failed"));
    rig_done(&rig);
}

static void test_reload(void **state)
{
    (void)state;
    struct rig rig;

    rig_init(&rig);
    rig_config(&rig, PORT);
    rig_start(&rig, NULL);
    rig_config(&rig, PORT "hat = { transmit = { " NO_CHIP " }; };\n");
    kill(rig.pid, SIGHUP);
    rig_expect_log(&rig, "hat.transmit: " WHY);
    rig_expect_log(&rig, "the configuration was read again");
    rig_stop(&rig);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_reload),
    };
    return cmocka_run_group_tests_name("system/hat", tests, NULL, NULL);
}
