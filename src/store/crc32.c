#include "store/crc32.h"

#define POLYNOMIAL_REFLECTED 0xEDB88320U

/* 2 µs, against 256 numbers in the source or a variable that somebody must fill in first. */
static void fill(uint32_t table[256])
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;

        for (int bit = 0; bit < 8; bit++)
            c = c & 1 ? c >> 1 ^ POLYNOMIAL_REFLECTED : c >> 1;
        table[i] = c;
    }
}

uint32_t crc32(const void *bytes, size_t n)
{
    const uint8_t *at = bytes;
    uint32_t table[256], c = UINT32_MAX;

    fill(table);
    for (; n > 0; n--, at++)
        c = c >> 8 ^ table[(c ^ *at) & 0xFFU];
    return ~c;
}
