/* Bytes of the heap with room for more. */
#ifndef STORE_BUFFER_H
#define STORE_BUFFER_H

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

struct buffer {
    char *at;
    size_t n;
    size_t capacity;
};

/* Accepts what is zeroed. */
static inline void buffer_done(struct buffer *buffer)
{
    free(buffer->at);
    *buffer = (struct buffer){ 0 };
}

/* Makes room for so many bytes in all. 0, or -ENOMEM, and then it is as it was. */
static inline int buffer_reserve(struct buffer *buffer, size_t capacity)
{
    char *moved;

    if (capacity <= buffer->capacity)
        return 0;
    moved = realloc(buffer->at, capacity);
    if (!moved)
        return -ENOMEM;
    buffer->at = moved;
    buffer->capacity = capacity;
    return 0;
}

static inline void buffer_swap(struct buffer *a, struct buffer *b)
{
    struct buffer old = *a;

    *a = *b;
    *b = old;
}

#endif
