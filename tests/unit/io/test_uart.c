#include "tests/unit/io/fake_root.h"

#include "io/uart.h"

#define PI_4 "Raspberry Pi 4 Model B Rev 1.4"

/* A machine, and what is seen of a device on it. Files end with a zero, as the device tree's do. */
static const struct {
    const char *model;
    const char *devices[4]; /* present below /dev */
    const char *link, *to;  /* a link below /dev */
    const char *console;    /* active consoles */
    const char *mini;       /* which one is the mini UART */
    const char *device;     /* that the configuration names */
    enum uart_trouble trouble;
} rows[] = {
    { "PC", { "ttyS0" }, NULL, NULL, "ttyS0\n", NULL, "/dev/ttyAMA0", UART_FINE },
    { "PC", { "ttyS0" }, NULL, NULL, "ttyS0\n", NULL, "/dev/ttyS0", UART_FINE },
    { PI_4, { "ttyAMA0" }, NULL, NULL, "tty0\n", NULL, "/dev/ttyAMA0", UART_FINE },
    { PI_4, { "tty0" }, NULL, NULL, "tty0\n", NULL, "/dev/ttyAMA0", UART_MISSING },
    { PI_4, { "tty0" }, NULL, NULL, "tty0\n", NULL, "/dev/serial0", UART_MISSING },
    { PI_4, { "tty0" }, NULL, NULL, "tty0\n", NULL, "/dev/ttyS1", UART_MISSING },
    { PI_4, { "tty0" }, NULL, NULL, "tty0\n", NULL, "/dev/ttyUSB0", UART_FINE },
    { PI_4, { "ttyAMA0" }, NULL, NULL, "tty0 ttyAMA0\n", NULL, "/dev/ttyAMA0", UART_CONSOLE },
    { PI_4, { "ttyAMA0" }, "serial0", "ttyAMA0", "ttyAMA0\n", NULL, "/dev/serial0", UART_CONSOLE },
    { PI_4, { "ttyAMA0" }, NULL, NULL, "ttyAMA01\n", NULL, "/dev/ttyAMA0", UART_FINE },
    { PI_4, { "ttyS0" }, NULL, NULL, "tty0\n", "ttyS0", "/dev/ttyS0", UART_MINI },
    { PI_4, { "ttyS0" }, "serial0", "ttyS0", "tty0\n", "ttyS0", "/dev/serial0", UART_MINI },
    { PI_4, { "ttyS0", "ttyAMA0" }, NULL, NULL, "tty0\n", "ttyS0", "/dev/ttyAMA0", UART_FINE },
};

static void make_machine(const char *root, size_t row)
{
    char path[128];

    fake_root_write(root, "/proc/device-tree/model", rows[row].model, strlen(rows[row].model) + 1);
    fake_root_write(root, "/sys/class/tty/console/active", rows[row].console,
                    strlen(rows[row].console));
    for (size_t i = 0; i < ARRAY_SIZE(rows[row].devices) && rows[row].devices[i] != NULL; i++) {
        snprintf(path, sizeof(path), "/dev/%s", rows[row].devices[i]);
        fake_root_write(root, path, "", 0);
    }
    if (rows[row].link != NULL) {
        snprintf(path, sizeof(path), "/dev/%s", rows[row].link);
        fake_root_link(root, path, rows[row].to);
    }
    if (rows[row].mini != NULL) {
        snprintf(path, sizeof(path), "/sys/class/tty/%s/device/of_node/compatible", rows[row].mini);
        FAKE_STRING(root, path, "brcm,bcm2835-aux-uart");
    }
}

static void each_trouble_is_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char root[64];

        fake_root_init(root);
        make_machine(root, i);
        assert_int_equal(uart_look(root, rows[i].device), rows[i].trouble);
        fake_root_done(root);
    }
}

static void advice_names_the_file_to_change(void **state)
{
    (void)state;
    assert_null(uart_advice(UART_FINE));
    assert_null(uart_advice(UART_TROUBLES));
    assert_non_null(strstr(uart_advice(UART_MISSING), "dtoverlay=disable-bt"));
    assert_non_null(strstr(uart_advice(UART_MISSING), "dtparam=uart0=on"));
    assert_non_null(strstr(uart_advice(UART_CONSOLE), "cmdline.txt"));
    assert_non_null(strstr(uart_advice(UART_MINI), "mini UART"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_trouble_is_told_apart),
        cmocka_unit_test(advice_names_the_file_to_change),
    };

    return cmocka_run_group_tests_name("uart", tests, NULL, NULL);
}
