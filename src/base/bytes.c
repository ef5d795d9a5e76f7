#include "base/bytes.h"

#include <string.h>

void write_u8(struct writer *w, uint8_t byte)
{
    if (w->n < w->capacity)
        w->bytes[w->n] = byte;
    else
        w->failed = true;
    w->n++;
}

void write_le(struct writer *w, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        write_u8(w, (uint8_t)(value & 0xFF));
        value >>= 8;
    }
}

void write_bytes(struct writer *w, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        write_u8(w, bytes[i]);
}

bool read_u8(struct reader *r, uint8_t *ret)
{
    if (r->at == r->end)
        return false;
    *ret = *r->at++;
    return true;
}

bool read_bytes(struct reader *r, size_t n, const uint8_t **ret)
{
    if (reader_left(r) < n)
        return false;
    *ret = r->at;
    r->at += n;
    return true;
}

uint64_t bytes_le(const uint8_t *bytes, size_t n)
{
    uint64_t value = 0;

    while (n-- > 0)
        value = value << 8 | bytes[n];
    return value;
}
