#include "io/hat_eeprom.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "io/system_file.h"

#define FOLDER "/proc/device-tree/hat/"

/* What packom's other board calls itself. */
#define MASTER_PRODUCT "M-Bus Master"

/* Somebody else wrote the EEPROM: nothing but printable characters goes into a log line. */
static int read_text(const char *root, const char *path, char text[static HAT_TEXT_MAX])
{
    ssize_t n = system_file_read(root, path, text, HAT_TEXT_MAX);

    if (n < 0) {
        text[0] = '\0';
        return (int)n;
    }
    for (char *at = text; *at != '\0'; at++) {
        if (*at < ' ' || *at > '~')
            *at = '?';
    }
    return 0;
}

int hat_eeprom_read(const char *root, struct hat_eeprom *ret)
{
    if (read_text(root, FOLDER "product", ret->product) < 0 || ret->product[0] == '\0')
        return -ENOENT;
    read_text(root, FOLDER "vendor", ret->vendor);
    read_text(root, FOLDER "product_ver", ret->version);
    ret->is_master = strncmp(ret->product, MASTER_PRODUCT, strlen(MASTER_PRODUCT)) == 0;
    return 0;
}
