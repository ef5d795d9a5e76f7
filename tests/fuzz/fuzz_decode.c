/* Any bytes into the decoder, as a whole telegram and as what is behind a CI field: it never reads
 * outside, each item lies behind the one before, and what it decoded encodes to the very bytes.
 * Input: a selector of the CI, then the bytes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mbus/frame.h"
#include "mbus/telegram.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_fault(const struct decode_fault *fault, size_t n)
{
    if (fault->reason == DECODE_GOOD || fault->reason >= DECODE_REASONS || fault->offset > n)
        abort();
}

/* The items of a telegram that stands at `bytes`: without a gap, and back to the byte. */
static void check_items(const struct telegram *t, const uint8_t *bytes, size_t n)
{
    struct telegram_walk walk = telegram_walk_over(t);
    struct telegram_item item;
    size_t at = t->body_offset;
    uint8_t *again = malloc(n + 1);

    while (telegram_next(&walk, &item)) {
        struct writer w = writer_over(again, n + 1);

        if (item.offset != at || item.n == 0 || at + item.n > n || item.raw != bytes + at)
            abort();
        telegram_item_encode(&item, &w);
        if (w.failed || w.n != item.n || memcmp(again, item.raw, item.n) != 0)
            abort();
        if (item.kind == ITEM_REST)
            check_fault(&item.fault, n);
        at += item.n;
    }
    if ((t->kind == TELEGRAM_RECORDS || t->kind == TELEGRAM_FIXED) && at != n)
        abort();
    free(again);
}

static void decode_body(uint8_t ci, const uint8_t *bytes, size_t n)
{
    struct telegram t;
    struct decode_fault fault;

    if (telegram_decode_body(ci, bytes, n, &t, &fault))
        check_items(&t, bytes, n);
    else
        check_fault(&fault, n);
}

static void decode_frame(const uint8_t *bytes, size_t n)
{
    uint8_t again[FRAME_MAX];
    struct telegram t;
    struct decode_fault fault;

    if (!telegram_decode(bytes, n, &t, &fault))
        check_fault(&fault, n);
    else if (telegram_encode_again(&t, again) != n || memcmp(again, bytes, n) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t cis[] = { 0x72, 0x78, 0x7A, 0x73, 0x70, 0x71, 0x6F, 0x76 };
    uint8_t frame[FRAME_MAX], *copy, ci;

    if (size == 0)
        return 0;
    ci = cis[data[0] % sizeof(cis)];
    copy = malloc(size); /* of its own size, so that a read outside is seen */
    memcpy(copy, data + 1, size - 1);
    decode_frame(copy, size - 1);
    decode_body(ci, copy, size - 1);
    if (size - 1 <= FRAME_MAX - FRAME_LONG_OVERHEAD - FRAME_L_MIN) {
        memcpy(frame + FRAME_DATA_OFFSET, copy, size - 1);
        decode_frame(frame, frame_seal_long(frame, 0x08, 1, ci, size - 1));
    }
    free(copy);
    return 0;
}
