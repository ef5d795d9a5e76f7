/* A growing array: room for at least `need` elements. */
#ifndef CONFIG_GROW_H
#define CONFIG_GROW_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Returns the array, moved or not, with *capacity >= need; NULL when memory is short, and then the
 * old array is untouched. */
static inline void *grow(void *array, size_t *capacity, size_t need, size_t element_size)
{
    if (array && need <= *capacity)
        return array;
    if (need > SIZE_MAX / 2 / element_size)
        return NULL;
    size_t wanted = *capacity < 16 ? 16 : *capacity * 2;
    if (wanted < need)
        wanted = need;
    void *moved = realloc(array, wanted * element_size);
    if (moved)
        *capacity = wanted;
    return moved;
}

#endif
