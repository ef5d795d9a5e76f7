#include "io/uart.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "io/system_file.h"

#define NAME_SIZE 64
#define MINI_COMPATIBLE "brcm,bcm2835-aux-uart"

/* Names that the UARTs of the header go by; ttyS1 is the mini UART of Debian's own device tree. */
static const char *const header_names[] = { "ttyAMA0", "ttyAMA10", "ttyS0",
                                            "ttyS1",   "serial0",  "serial1" };

static bool is_pi(const char *root)
{
    char model[NAME_SIZE];

    return system_file_read(root, "/proc/device-tree/model", model, sizeof(model)) > 0 &&
           strncmp(model, "Raspberry Pi", strlen("Raspberry Pi")) == 0;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

static bool is_header_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(header_names); i++) {
        if (strcmp(name, header_names[i]) == 0)
            return true;
    }
    return false;
}

/* The kernel's name of the device: where the links end. False when there is nothing. */
static bool resolve(const char *root, const char *device, char name[static NAME_SIZE])
{
    char path[PATH_MAX], real[PATH_MAX];

    if (snprintf(path, sizeof(path), "%s%s", root, device) >= (int)sizeof(path) ||
        realpath(path, real) == NULL)
        return false;
    return snprintf(name, NAME_SIZE, "%s", last_part(real)) < NAME_SIZE;
}

/* A list of names with blanks between them: "tty0 ttyAMA0\n". */
static bool is_console(const char *root, const char *name)
{
    char list[256], *rest = list, *word;

    if (system_file_read(root, "/sys/class/tty/console/active", list, sizeof(list)) < 0)
        return false;
    while ((word = strsep(&rest, " \n")) != NULL) {
        if (strcmp(word, name) == 0)
            return true;
    }
    return false;
}

static bool is_mini(const char *root, const char *name)
{
    char path[PATH_MAX], compatible[NAME_SIZE];

    if (snprintf(path, sizeof(path), "/sys/class/tty/%s/device/of_node/compatible", name) >=
        (int)sizeof(path))
        return false;
    return system_file_read(root, path, compatible, sizeof(compatible)) > 0 &&
           strcmp(compatible, MINI_COMPATIBLE) == 0;
}

enum uart_trouble uart_look(const char *root, const char *device)
{
    char name[NAME_SIZE];

    if (!is_pi(root))
        return UART_FINE;
    if (!resolve(root, device, name))
        return is_header_name(last_part(device)) ? UART_MISSING : UART_FINE;
    if (is_console(root, name))
        return UART_CONSOLE;
    return is_mini(root, name) ? UART_MINI : UART_FINE;
}

const char *uart_advice(enum uart_trouble trouble)
{
    static const char *const advice[UART_TROUBLES] = {
        [UART_MISSING] =
            "this UART is not switched on, or Bluetooth has it; put enable_uart=1 and, on a Pi "
            "with "
            "Bluetooth, dtoverlay=disable-bt (on a Pi 5 dtparam=uart0=on) into "
            "/boot/firmware/config.txt (before Debian 12: /boot/config.txt) and reboot",
        [UART_CONSOLE] =
            "the kernel's console is on this UART and would talk on the bus; take "
            "console=serial0,... "
            "or console=ttyAMA0,... out of /boot/firmware/cmdline.txt (before Debian 12: "
            "/boot/cmdline.txt), or use raspi-config: serial port, no login shell, hardware "
            "enabled; "
            "then reboot",
        [UART_MINI] = "this is the mini UART, which has no parity bit and cannot speak M-Bus; put "
                      "dtoverlay=disable-bt into /boot/firmware/config.txt (before Debian 12: "
                      "/boot/config.txt), "
                      "reboot, and use /dev/ttyAMA0",
    };

    return (unsigned)trouble < UART_TROUBLES ? advice[trouble] : NULL;
}
