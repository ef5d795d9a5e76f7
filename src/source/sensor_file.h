/* The text of a sensor's file. All of this may block for ever: it is for a thread. */
#ifndef SOURCE_SENSOR_FILE_H
#define SOURCE_SENSOR_FILE_H

#include <stddef.h>

/*
 * Opens the file of a path, in which one `*` stands for any characters of one name; a name that
 * begins with a dot is meant only where the dot is written. Exactly one file must fit; folders do
 * not count.
 *
 * The descriptor, or a negative errno; -ENOTUNIQ: *ret_n files fit, -ENOENT with *ret_n 0: none
 * does.
 */
int sensor_file_open(const char *path, size_t *ret_n);

/*
 * Reads the file of a path from begin to end, one byte more than `max` at most.
 *
 * 0 and *ret is for the caller to free: *ret_n bytes, and a null; or a negative errno and `why` (of
 * n_why bytes) says it in words.
 */
int sensor_file_read(const char *path, size_t max, char **ret, size_t *ret_n, char *why,
                     size_t n_why);

#endif
