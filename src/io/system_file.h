/* Small files that the kernel offers, below a root that a test can choose. */
#ifndef IO_SYSTEM_FILE_H
#define IO_SYSTEM_FILE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Reads up to size - 1 bytes of ROOT/PATH and puts a zero behind them; a device tree's own zeros
 * stay inside. Returns the number of bytes, or a negative errno.
 */
ssize_t system_file_read(const char *root, const char *path, char *text, size_t size);

#endif
