/* What a program prints, read from its pipes as it comes: all of its standard output, and the first
 * line of its standard error, which tells what went wrong. */
#ifndef SYS_CAPTURE_H
#define SYS_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>

#define CAPTURE_OUTPUT_MAX (64U * 1024)
#define CAPTURE_COMPLAINT_MAX 120U

struct capture {
    char *output; /* n_output bytes and a null; NULL: nothing was read yet */
    size_t n_output, capacity;
    char complaint[CAPTURE_COMPLAINT_MAX + 1]; /* the begin of the first line that is not empty */
    size_t n_complaint;
    bool is_complaint_whole;
};

enum capture_verdict {
    CAPTURE_GOES_ON,
    CAPTURE_WAITS, /* nothing is there now */
    CAPTURE_ENDED,
    CAPTURE_TOO_MUCH, /* more than CAPTURE_OUTPUT_MAX, or than we have memory for */
};

/* One read from standard output, a pipe that does not block. */
enum capture_verdict capture_output(struct capture *c, int fd);

/* One read from standard error; what is not kept is read all the same, lest the program wait. */
enum capture_verdict capture_errors(struct capture *c, int fd);

/*
 * What lies in the pipes when the program has ended. The end of a pipe is not waited for: whoever
 * holds it is no part of the program any more. CAPTURE_TOO_MUCH, or anything else.
 */
enum capture_verdict capture_rest(struct capture *c, int output, int errors);

/* Frees what it has, and begins anew. */
void capture_clear(struct capture *c);

#endif
