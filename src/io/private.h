/* What the transports share among themselves. */
#ifndef IO_PRIVATE_H
#define IO_PRIVATE_H

#include <sys/types.h>
#include <stddef.h>
#include <stdint.h>

#include "io/parmrk.h"

/* Bytes that one read() takes at most. */
#define IO_CHUNK 512U

/* What a failed read or write of a transport returns: -EAGAIN when it is only to be tried later,
 * -EPIPE when the other side or the device is gone, else -error. */
int io_failure(int error);

/* read() without waiting: the number of bytes, or io_failure(); the end of the stream is -EPIPE. */
ssize_t io_read(int fd, uint8_t *bytes, size_t n);

/* The same for a way that knows no faults of the line: every byte is a good character. */
ssize_t io_read_chars(int fd, struct line_char *chars, size_t n);

#endif
