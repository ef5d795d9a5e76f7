/* Texts as D-Bus takes them: UTF-8 without flaw. */
#ifndef CONTROL_TEXT_H
#define CONTROL_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include <systemd/sd-bus.h>

/* Appends a text that may come from anywhere (a device's name, an error of the system) as a string;
 * what is not UTF-8 becomes "?". 0 or a negative errno. */
int text_append(sd_bus_message *m, const char *text);

/* Latin-1 as UTF-8, up to the first zero; `ret` has room for 2 * n + 1. */
void text_of_latin1(const uint8_t *bytes, size_t n, char *ret);

/* Two digits for each byte, blanks between; `ret` has room for 3 * n + 1. */
void text_of_bytes(const uint8_t *bytes, size_t n, char *ret);

#endif
