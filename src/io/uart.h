/* What keeps a Raspberry Pi's UART from being an M-Bus port: the usual three troubles. */
#ifndef IO_UART_H
#define IO_UART_H

#include <stddef.h>

enum uart_trouble {
    UART_FINE,    /* or no Pi, or no UART of its header */
    UART_MISSING, /* not switched on, or Bluetooth has it */
    UART_CONSOLE, /* the kernel's console is on it */
    UART_MINI,    /* the mini UART, which knows no parity */
    UART_TROUBLES,
};

/* Looks at DEVICE ("/dev/ttyAMA0", also a link to it) below ROOT ("" for this machine). */
enum uart_trouble uart_look(const char *root, const char *device);

/* What it is and what to change, as one sentence each; NULL for UART_FINE. */
const char *uart_advice(enum uart_trouble trouble);

#endif
