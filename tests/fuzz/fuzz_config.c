/* Any text as a configuration file: a configuration or messages, never both missing, never a crash.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config_messages messages = { 0 };
    struct config *config = NULL;
    char path[64];
    int fd = memfd_create("config", MFD_CLOEXEC), r;

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    r = config_load(path, NULL, &config, &messages);
    if ((r == 0) != (config != NULL) || (r < 0 && messages.n_errors == 0))
        abort();
    for (size_t i = 0; i < messages.n; i++) {
        for (const char *c = messages.items[i].text; *c != '\0'; c++) {
            if (*c == '\n')
                abort();
        }
    }
    config_messages_done(&messages);
    config_free(config);
    close(fd);
    return 0;
}
