#include "ctl/input.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mbus/frame.h"

#define INPUT_MAX ((size_t)16 << 20)

static bool is_text(const uint8_t *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] < 0x20 && !(text[i] >= '\t' && text[i] <= '\r'))
            return false;
    }
    return true;
}

static int digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The first that is found stays. */
static void complain(const char *what, unsigned line, size_t column, struct input *ret)
{
    if (ret->bad)
        return;
    ret->bad = what;
    ret->bad_line = line;
    ret->bad_column = (unsigned)column;
}

/* The bytes of one line, which begins at `begin`; none where something is wrong with it. */
static void parse_line(const uint8_t *begin, const uint8_t *end, unsigned line, struct input *ret)
{
    const uint8_t *at = begin;
    size_t before = ret->n;

    while (at < end && *at != '#') {
        int high = digit(*at), low = at + 1 < end ? digit(at[1]) : -1;

        if (isspace(*at) || strchr(":,;-", *at) != NULL) {
            at++;
        } else if (*at == '0' && at + 1 < end && (at[1] | 0x20) == 'x') {
            at += 2;
        } else if (high >= 0 && low >= 0) {
            ret->bytes[ret->n] = (uint8_t)(high << 4 | low);
            ret->lines[ret->n++] = line;
            at += 2;
        } else {
            ret->n = before;
            complain(high >= 0 ? "half a byte: digits come in pairs" : "neither hex nor binary",
                     line, (size_t)(at - begin) + 1, ret);
            return;
        }
    }
}

/* What some editors put in front of UTF-8. */
static size_t byte_order_mark(const uint8_t *text, size_t n)
{
    return n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static void parse_hex(const uint8_t *text, size_t n, struct input *ret)
{
    const uint8_t *at = text + byte_order_mark(text, n), *end = text + n;

    for (unsigned line = 1; at < end; line++) {
        const uint8_t *eol = memchr(at, '\n', (size_t)(end - at));

        if (eol == NULL)
            eol = end;
        parse_line(at, eol, line, ret);
        at = eol < end ? eol + 1 : end;
    }
}

int input_parse(const uint8_t *text, size_t n, struct input *ret)
{
    *ret = (struct input){ .bytes = malloc(n + 1), .lines = calloc(n + 1, sizeof(*ret->lines)) };
    if (ret->bytes == NULL || ret->lines == NULL) {
        input_done(ret);
        return -ENOMEM;
    }
    if (is_text(text, n)) {
        parse_hex(text, n, ret);
    } else {
        memcpy(ret->bytes, text, n);
        ret->n = n;
    }
    return 0;
}

/* Reads to the end into `ret`, which grows. */
static int read_all(int fd, uint8_t **ret, size_t *ret_n)
{
    size_t capacity = 0;

    *ret = NULL;
    *ret_n = 0;
    for (;;) {
        ssize_t r;

        if (*ret_n == capacity) {
            uint8_t *more = capacity < INPUT_MAX ? realloc(*ret, capacity + 65536) : NULL;

            if (more == NULL)
                return capacity < INPUT_MAX ? -ENOMEM : -EFBIG;
            *ret = more;
            capacity += 65536;
        }
        r = read(fd, *ret + *ret_n, capacity - *ret_n);
        if (r < 0 && errno != EINTR)
            return -errno;
        if (r == 0)
            return 0;
        if (r > 0)
            *ret_n += (size_t)r;
    }
}

int input_read(const char *path, struct input *ret)
{
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    uint8_t *text;
    size_t n;
    int r;

    if (fd < 0)
        return -errno;
    r = read_all(fd, &text, &n);
    if (path)
        close(fd);
    if (r == 0)
        r = input_parse(text, n, ret);
    free(text);
    return r;
}

void input_done(struct input *input)
{
    free(input->bytes);
    free(input->lines);
    *input = (struct input){ 0 };
}

/* Bytes of the good frame that begins there, or 0. */
static size_t good_frame(const struct input *input, size_t at)
{
    struct frame_scan scan = { 0 };
    enum frame_fault fault;

    for (size_t i = at; i < input->n; i++) {
        switch (frame_scan_byte(&scan, input->bytes[i], &fault)) {
        case FRAME_COMPLETE:
            return i + 1 - at;
        case FRAME_BROKEN:
            return 0;
        case FRAME_MORE:
            break;
        }
    }
    return 0;
}

size_t input_telegram(const struct input *input, size_t at)
{
    size_t n = good_frame(input, at);
    size_t end = at + 1;

    if (n > 0)
        return n;
    while (end < input->n && input->lines[end] == input->lines[at] &&
           (input->lines[at] > 0 || good_frame(input, end) <= FRAME_SHORT_SIZE))
        end++;
    return end - at;
}

unsigned input_telegrams(const struct input *input)
{
    unsigned n = 0;

    for (size_t at = 0; at < input->n; at += input_telegram(input, at))
        n++;
    return n;
}
