#include "config/latin1.h"

#include <limits.h>

/* How many bytes the character has that begins here, as far as they are there. */
static size_t character_length(const unsigned char *p)
{
    size_t wanted = *p >= 0xF0 ? 4 : *p >= 0xE0 ? 3 : *p >= 0xC0 ? 2 : 1, n = 1;
    while (n < wanted && (p[n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* The code of a character; -1 when it is none of ISO 8859-1, whose two bytes begin with C2 or C3.
 */
static int code_of(const unsigned char *p, size_t n)
{
    if (n == 1)
        return *p < 0x80 ? *p : -1;
    return n == 2 && (*p == 0xC2 || *p == 0xC3) ? (p[0] & 0x03) << 6 | (p[1] & 0x3F) : -1;
}

int latin1_of(const char *text, uint8_t *ret, size_t capacity, const char **ret_bad,
              size_t *ret_n_bad)
{
    size_t n = 0;
    while (*text != '\0' && n < INT_MAX) {
        const unsigned char *p = (const unsigned char *)text;
        size_t length = character_length(p);
        int code = code_of(p, length);
        if (code < 0) {
            *ret_bad = text;
            *ret_n_bad = length;
            return -1;
        }
        if (n < capacity)
            ret[n] = (uint8_t)code;
        n++;
        text += length;
    }
    return (int)n;
}
