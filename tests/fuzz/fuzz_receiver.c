/* Any bytes at any times into the receiver: it always returns, never beyond its buffer, and what it
 * calls a frame is one by another reading of the rules. Input: (pause in ms, byte) pairs; a pause
 * of 255 is a faulty character. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "slave/receiver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GAP (20 * USEC_PER_MSEC)
#define FAULTY 255

/* mbus-protocol 3.1 and 3.2, written down once more and from the whole frame. */
static void check_frame(const uint8_t *f, size_t n)
{
    uint8_t sum = 0;

    if (n == 1 && f[0] == 0xE5)
        return;
    if (n == 5 && f[0] == 0x10 && f[3] == (uint8_t)(f[1] + f[2]) && f[4] == 0x16)
        return;
    if (n < 9 || n > 261 || f[0] != 0x68 || f[3] != 0x68 || f[1] != f[2] || n != f[1] + 6U)
        abort();
    for (size_t i = 4; i < n - 2; i++)
        sum = (uint8_t)(sum + f[i]);
    if (f[n - 2] != sum || f[n - 1] != 0x16)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct receiver r;
    enum frame_fault fault;
    usec_t now = 0;
    size_t n = 0;

    receiver_init(&r, GAP);
    for (size_t i = 0; i + 1 < size; i += 2) {
        now += data[i] * USEC_PER_MSEC;
        receiver_idle(&r, now);
        if (data[i] == FAULTY)
            receiver_line_fault(&r, now);
        else if (receiver_byte(&r, now, data[i + 1], &n, &fault) == FRAME_COMPLETE)
            check_frame(r.bytes, n);
        if (r.scan.n > FRAME_MAX)
            abort();
    }
    return 0;
}
