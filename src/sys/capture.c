#include "sys/capture.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define OUTPUT_FIRST 512U

/* More of standard error is not worth the time when its program has ended. */
#define ERRORS_ROUNDS_MAX 16

/* Room for a read and the null. */
static bool make_room(struct capture *c)
{
    size_t capacity = c->capacity == 0 ? OUTPUT_FIRST : 2 * c->capacity;
    char *output;

    if (c->capacity > c->n_output + 1)
        return true;
    output = realloc(c->output, capacity);
    if (output == NULL)
        return false;
    c->output = output;
    c->capacity = capacity;
    c->output[c->n_output] = '\0';
    return true;
}

static enum capture_verdict nothing_read(ssize_t n)
{
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? CAPTURE_WAITS : CAPTURE_ENDED;
}

enum capture_verdict capture_output(struct capture *c, int fd)
{
    ssize_t n;

    if (!make_room(c))
        return CAPTURE_TOO_MUCH;
    n = read(fd, c->output + c->n_output, c->capacity - c->n_output - 1);
    if (n <= 0)
        return nothing_read(n);
    c->n_output += (size_t)n;
    c->output[c->n_output] = '\0';
    return c->n_output > CAPTURE_OUTPUT_MAX ? CAPTURE_TOO_MUCH : CAPTURE_GOES_ON;
}

static void add_complaint(struct capture *c, const char *text, size_t n)
{
    for (size_t i = 0; i < n && !c->is_complaint_whole; i++) {
        bool is_end = text[i] == '\n' || text[i] == '\r' || text[i] == '\0';

        if (is_end && c->n_complaint == 0)
            continue;
        if (!is_end)
            c->complaint[c->n_complaint++] = text[i];
        c->is_complaint_whole = is_end || c->n_complaint == CAPTURE_COMPLAINT_MAX;
    }
    c->complaint[c->n_complaint] = '\0';
}

enum capture_verdict capture_errors(struct capture *c, int fd)
{
    char text[4096];
    ssize_t n = read(fd, text, sizeof(text));

    if (n <= 0)
        return nothing_read(n);
    add_complaint(c, text, (size_t)n);
    return CAPTURE_GOES_ON;
}

enum capture_verdict capture_rest(struct capture *c, int output, int errors)
{
    enum capture_verdict verdict = CAPTURE_GOES_ON;

    for (int i = 0; i < ERRORS_ROUNDS_MAX && verdict == CAPTURE_GOES_ON; i++)
        verdict = capture_errors(c, errors);
    do
        verdict = capture_output(c, output);
    while (verdict == CAPTURE_GOES_ON);
    return verdict;
}

void capture_clear(struct capture *c)
{
    free(c->output);
    *c = (struct capture){ 0 };
}
