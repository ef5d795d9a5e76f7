#include "store/text.h"

#include <string.h>

#include "store/crc32.h"

#define FIRST_WORDS "mbus-slave state "
#define LAST_WORD "end "
#define CRC_DIGITS 8U
#define DIGITS_MAX 20U /* of an int64_t with its sign */
#define BITS_PREFIX "0x"
#define BITS_DIGITS 16U

static const char hex_digits[] = "0123456789ABCDEF";

/* ---- Writing --------------------------------------------------------------------------------- */

/* write_bytes(), at once where there is room: with thousands of meters that is half of a save. */
static void put(struct text_out *out, const char *text, size_t n)
{
    struct writer *w = &out->w;

    if (!w->failed && n <= w->capacity - w->n) {
        memcpy(w->bytes + w->n, text, n);
        w->n += n;
        return;
    }
    write_bytes(&out->w, (const uint8_t *)text, n);
}

static void begin_word(struct text_out *out)
{
    if (out->in_line)
        put(out, " ", 1);
    out->in_line = true;
}

struct text_out text_begin(char *bytes, size_t capacity)
{
    struct text_out out = { .w = writer_over((uint8_t *)bytes, capacity) };

    put(&out, FIRST_WORDS, strlen(FIRST_WORDS));
    text_number(&out, TEXT_VERSION);
    text_end_line(&out);
    out.n_lines = 0;
    return out;
}

void text_end(struct text_out *out)
{
    put(out, LAST_WORD, strlen(LAST_WORD));
    text_number(out, (int64_t)out->n_lines);
    put(out, " ", 1);
    out->in_line = false;
    text_hex(out, out->w.failed ? 0 : crc32(out->w.bytes, out->w.n), CRC_DIGITS);
    put(out, "\n", 1);
}

static bool is_plain(char c)
{
    return c > ' ' && c < 0x7F && c != '\\';
}

size_t text_escape(char byte, char ret[static 4])
{
    unsigned char c = (unsigned char)byte;

    if (is_plain(byte)) {
        ret[0] = byte;
        return 1;
    }
    ret[0] = '\\';
    ret[1] = 'x';
    ret[2] = hex_digits[c >> 4];
    ret[3] = hex_digits[c & 0xFU];
    return 4;
}

void text_word(struct text_out *out, const char *word)
{
    begin_word(out);
    while (*word) {
        char piece[4];
        size_t n = 0;

        while (is_plain(word[n]))
            n++;
        put(out, word, n);
        word += n;
        if (*word)
            put(out, piece, text_escape(*word++, piece));
    }
}

void text_number(struct text_out *out, int64_t number)
{
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    char digits[DIGITS_MAX];
    size_t at = sizeof(digits);

    do
        digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (number < 0)
        digits[--at] = '-';
    begin_word(out);
    put(out, digits + at, sizeof(digits) - at);
}

static void put_hex(struct text_out *out, uint64_t number, unsigned digits)
{
    char text[BITS_DIGITS];

    for (unsigned i = 0; i < digits; i++)
        text[i] = hex_digits[number >> 4 * (digits - 1 - i) & 0xFU];
    put(out, text, digits);
}

void text_hex(struct text_out *out, uint32_t number, unsigned digits)
{
    begin_word(out);
    put_hex(out, number, digits);
}

void text_bits(struct text_out *out, uint64_t bits)
{
    begin_word(out);
    put(out, BITS_PREFIX, strlen(BITS_PREFIX));
    put_hex(out, bits, BITS_DIGITS);
}

void text_hex_bytes(struct text_out *out, const uint8_t *bytes, size_t n)
{
    begin_word(out);
    for (size_t i = 0; i < n; i++) {
        const char digits[2] = { hex_digits[bytes[i] >> 4], hex_digits[bytes[i] & 0xFU] };

        put(out, digits, sizeof(digits));
    }
}

void text_end_line(struct text_out *out)
{
    put(out, "\n", 1);
    out->in_line = false;
    out->n_lines++;
}

static size_t count_lines(const char *bytes, size_t n)
{
    size_t lines = 0;

    for (const char *newline; n > 0 && (newline = memchr(bytes, '\n', n)) != NULL; lines++) {
        n -= (size_t)(newline + 1 - bytes);
        bytes = newline + 1;
    }
    return lines;
}

void text_copy(struct text_out *out, const char *lines, size_t n)
{
    if (n > 0)
        put(out, lines, n);
    out->n_lines += count_lines(lines, n);
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* Passes over the blank before a word and over the word; returns where it begins. */
static const char *next_word(struct text_in *in, size_t *ret_n)
{
    const char *word = in->at, *end;

    end = in->failed || word == in->end ? NULL : memchr(word, ' ', (size_t)(in->end - word));
    if (!end)
        end = in->end;
    in->at = end == in->end ? end : end + 1;
    *ret_n = (size_t)(end - word);
    /* No word, or a blank that no word follows. */
    in->failed = in->failed || *ret_n == 0 || (in->at == in->end && end != in->end);
    return word;
}

void text_skip(struct text_in *in)
{
    size_t n;

    next_word(in, &n);
}

void text_expect(struct text_in *in, const char *word)
{
    size_t n, wanted = strlen(word);
    const char *found = next_word(in, &n);

    if (in->failed || n != wanted || memcmp(found, word, n) != 0)
        in->failed = true;
}

/* Exactly as text_number() writes it: no sign but a minus, no zero in front. */
static bool parse_number(const char *word, size_t n, int64_t *ret)
{
    bool negative = word[0] == '-';
    uint64_t limit = (uint64_t)INT64_MAX + negative, number = 0;
    size_t i = negative;

    if (i == n || (word[i] == '0' && n > 1))
        return false;
    for (; i < n; i++) {
        unsigned digit = (unsigned char)word[i] - (unsigned)'0';

        if (digit > 9 || number > (limit - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *ret = negative ? (int64_t)-number : (int64_t)number;
    return true;
}

int64_t text_read_number(struct text_in *in, int64_t min, int64_t max)
{
    size_t n;
    const char *word = next_word(in, &n);
    int64_t number = 0;

    if (in->failed || !parse_number(word, n, &number) || number < min || number > max) {
        in->failed = true;
        return 0;
    }
    return number;
}

static uint64_t read_digits(struct text_in *in, const char *digits, size_t n)
{
    uint64_t number = 0;

    for (size_t i = 0; !in->failed && i < n; i++) {
        const char *digit = digits[i] ? strchr(hex_digits, digits[i]) : NULL;

        if (!digit)
            in->failed = true;
        else
            number = number << 4 | (uint64_t)(digit - hex_digits);
    }
    return in->failed ? 0 : number;
}

uint32_t text_read_hex(struct text_in *in, unsigned digits)
{
    size_t n;
    const char *word = next_word(in, &n);

    in->failed = in->failed || n != digits;
    return (uint32_t)read_digits(in, word, n);
}

uint64_t text_read_bits(struct text_in *in)
{
    bool is_bits = text_is_bits(in);
    size_t n;
    const char *word = next_word(in, &n);

    in->failed = in->failed || !is_bits || n != strlen(BITS_PREFIX) + BITS_DIGITS;
    return read_digits(in, word + strlen(BITS_PREFIX), BITS_DIGITS);
}

bool text_is_bits(const struct text_in *in)
{
    const size_t n = strlen(BITS_PREFIX);

    return !in->failed && (size_t)(in->end - in->at) > n && memcmp(in->at, BITS_PREFIX, n) == 0;
}

bool text_at_end(const struct text_in *in)
{
    return !in->failed && in->at == in->end;
}

/* The version of the first line, 0 when it is none; `ret_size` is its size with the newline. */
static unsigned first_line(const char *bytes, size_t n, size_t *ret_size)
{
    const size_t words = strlen(FIRST_WORDS);
    const char *end = memchr(bytes, '\n', n);
    struct text_in in = { .at = bytes + words, .end = end };
    unsigned version;

    if (!end || (size_t)(end - bytes) <= words || memcmp(bytes, FIRST_WORDS, words) != 0)
        return 0;
    version = (unsigned)text_read_number(&in, 1, INT32_MAX);
    *ret_size = (size_t)(end - bytes) + 1;
    return text_at_end(&in) ? version : 0;
}

/* Where the last line begins; NULL when the file does not end with a whole one. */
static const char *last_line(const char *bytes, size_t n)
{
    const char *before;

    if (n < 2 || bytes[n - 1] != '\n')
        return NULL;
    before = memrchr(bytes, '\n', n - 1);
    return before ? before + 1 : NULL;
}

enum text_verdict text_check(const char *bytes, size_t n, struct text_body *ret)
{
    const char *last;
    size_t first_size, n_lines;
    uint32_t crc;

    if (n == 0)
        return TEXT_EMPTY;
    unsigned version = first_line(bytes, n, &first_size);
    if (version == 0)
        return TEXT_FOREIGN;
    last = last_line(bytes, n);
    if (!last || (size_t)(last - bytes) < first_size)
        return TEXT_CUT;
    struct text_in in = { .at = last, .end = bytes + n - 1 };
    text_expect(&in, "end");
    n_lines = (size_t)text_read_number(&in, 0, INT32_MAX);
    crc = text_read_hex(&in, CRC_DIGITS);
    if (!text_at_end(&in))
        return TEXT_CUT;
    if (crc != crc32(bytes, n - CRC_DIGITS - 1))
        return TEXT_CHANGED;
    struct text_body body = { .version = version,
                              .bytes = bytes + first_size,
                              .n = (size_t)(last - bytes) - first_size };
    if (n_lines != count_lines(body.bytes, body.n))
        return TEXT_COUNT;
    *ret = body;
    return version > TEXT_VERSION ? TEXT_NEWER : TEXT_GOOD;
}

const char *text_problem(enum text_verdict verdict)
{
    static const char *const problems[] = {
        [TEXT_NEWER] = "is of a newer version",
        [TEXT_EMPTY] = "is empty",
        [TEXT_FOREIGN] = "does not begin as a state file does",
        [TEXT_CUT] = "ends before its last line",
        [TEXT_CHANGED] = "does not have the checksum that it says",
        [TEXT_COUNT] = "does not have as many lines as it says",
        [TEXT_UNREADABLE] = "cannot be read from the disk",
    };

    return problems[verdict];
}
