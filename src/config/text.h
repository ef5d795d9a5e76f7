/* A configuration file with everything it includes as one text, and where each line came from. */
#ifndef CONFIG_TEXT_H
#define CONFIG_TEXT_H

#include <stddef.h>

/* Room for ten thousand meters. */
#define TEXT_BYTES_MAX ((size_t)16 << 20)
#define TEXT_LINES_MAX 500000U
#define TEXT_DEPTH_MAX 10U
#define TEXT_INCLUDES_MAX 1000U

struct text_line {
    unsigned file; /* index into files */
    unsigned line; /* from 1 */
};

struct text {
    char *bytes; /* ends with a zero, which is not counted; holds no other */
    size_t n;
    struct text_line *lines;
    size_t n_lines;
    char **files; /* files[0] is the one that was asked for */
    size_t n_files;
    size_t bytes_capacity, lines_capacity, files_capacity;
};

/*
 * Reads a file and puts the text of each included file in the place of its
 *     @include "other.conf"
 * which stands alone in its line; a relative path counts from the folder of the including file.
 *
 * `ret` must be zeroed; text_done() in either case. 0, or a negative errno: that of opening and
 * reading `path` itself, -EINVAL for anything wrong in the text, -ENOMEM. Unless memory is short,
 * *ret_problem is then a message "FILE:LINE: ..." for the caller to free.
 */
int text_read(const char *path, struct text *ret, char **ret_problem);

/* The same for a text in memory; `name` stands for its file. */
int text_from_string(const char *name, const char *string, struct text *ret, char **ret_problem);

void text_done(struct text *text);

/* File and line behind a merged line (from 1); a line past the end counts as the last. */
const char *text_file_of(const struct text *text, unsigned merged);
unsigned text_line_of(const struct text *text, unsigned merged);

#endif
