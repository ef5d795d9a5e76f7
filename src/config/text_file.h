/* The bytes of one file of a configuration; whatever the file is, reading it ends. */
#ifndef CONFIG_TEXT_FILE_H
#define CONFIG_TEXT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* How long the writer of a pipe may take for each piece. */
#define TEXT_FILE_WAIT_MS 2000

struct text_file {
    int fd;
    struct stat stat;
};

/* Opens a file; the first of a configuration may be a pipe or a device, an included one may not. 0
 * or a negative errno, -ENODEV for what is no file at all. `ret` is set in either case;
 * text_file_close(). */
int text_file_open(const char *path, bool is_included, struct text_file *ret);

/* Reads to the end, at most one byte more than `max`, which shows that there is more. *ret is for
 * the caller to free. 0, -ETIMEDOUT when a pipe kept still, or another negative errno. */
int text_file_read(const struct text_file *file, size_t max, char **ret, size_t *ret_n);

void text_file_close(struct text_file *file);

/* What an error of the above means, as an end of a sentence. */
const char *text_file_problem(int error);

#endif
