/* A checked cursor over bytes: the one place with pointer arithmetic. Little endian (mode 1). */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writing past the capacity writes nothing more and sets `failed`, which stays set. */
struct writer {
    uint8_t *bytes;
    size_t capacity;
    size_t n; /* written so far; counts on past the capacity, so that a caller can learn the need */
    bool failed;
};

static inline struct writer writer_over(uint8_t *bytes, size_t capacity)
{
    return (struct writer){ .bytes = bytes, .capacity = capacity };
}

void write_u8(struct writer *w, uint8_t byte);

/* The low `width` bytes (0 to 8) of `value`, least significant first. */
void write_le(struct writer *w, uint64_t value, size_t width);

void write_bytes(struct writer *w, const uint8_t *bytes, size_t n);

/* What is left to read; the bytes stay the caller's. */
struct reader {
    const uint8_t *at;
    const uint8_t *end;
};

static inline struct reader reader_over(const uint8_t *bytes, size_t n)
{
    return (struct reader){ .at = bytes, .end = n ? bytes + n : bytes };
}

static inline size_t reader_left(const struct reader *r)
{
    return (size_t)(r->end - r->at);
}

/* Takes one byte; false, and nothing taken, at the end. */
bool read_u8(struct reader *r, uint8_t *ret);

/* Takes `n` bytes and says where they are; false, and nothing taken, when fewer are left. */
bool read_bytes(struct reader *r, size_t n, const uint8_t **ret);

/* `n` bytes (0 to 8), least significant first, as a number. */
uint64_t bytes_le(const uint8_t *bytes, size_t n);

#endif
