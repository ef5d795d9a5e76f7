/* Which Hat sits on the Pi: its EEPROM shows itself in the device tree. */
#ifndef IO_HAT_EEPROM_H
#define IO_HAT_EEPROM_H

#include <stdbool.h>

#define HAT_TEXT_MAX 64

struct hat_eeprom {
    char vendor[HAT_TEXT_MAX];
    char product[HAT_TEXT_MAX];
    char version[HAT_TEXT_MAX];
    bool is_master; /* a board that feeds a bus: it cannot be a meter on one */
};

/* Looks below ROOT ("" for this machine). 0, or -ENOENT where no Hat shows itself. */
int hat_eeprom_read(const char *root, struct hat_eeprom *ret);

#endif
