#include "store/crc32.h"

#define POLYNOMIAL_REFLECTED 0xEDB88320U
#define STEP 4 /* bytes at a time: the whole state is summed up while a master waits */

/* table[k][b]: the remainder of byte b with k zeros behind it. Made anew each time: that takes less
 * than writing a file does, against a thousand numbers in the source or a variable to fill in. */
static void fill(uint32_t table[STEP][256])
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;

        for (int bit = 0; bit < 8; bit++)
            c = c & 1 ? c >> 1 ^ POLYNOMIAL_REFLECTED : c >> 1;
        table[0][i] = c;
    }
    for (int k = 1; k < STEP; k++)
        for (uint32_t i = 0; i < 256; i++)
            table[k][i] = table[k - 1][i] >> 8 ^ table[0][table[k - 1][i] & 0xFFU];
}

uint32_t crc32(const void *bytes, size_t n)
{
    const uint8_t *at = bytes;
    uint32_t table[STEP][256], c = UINT32_MAX;

    fill(table);
    for (; n >= STEP; n -= STEP, at += STEP) {
        c ^= at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        c = table[3][c & 0xFFU] ^ table[2][c >> 8 & 0xFFU] ^ table[1][c >> 16 & 0xFFU] ^
            table[0][c >> 24];
    }
    for (; n > 0; n--, at++)
        c = c >> 8 ^ table[0][(c ^ *at) & 0xFFU];
    return ~c;
}
