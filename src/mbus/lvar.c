#include "mbus/lvar.h"

#include <stddef.h>

#include "base/macros.h"

/* From each first code up to the next: how long the first is and what one more code adds. */
static const struct {
    uint8_t first;
    enum lvar_kind kind;
    uint8_t length, step;
} ranges[] = {
    { 0x00, LVAR_TEXT, 0, 1 },     { 0xC0, LVAR_BCD_POSITIVE, 0, 1 },
    { 0xCA, LVAR_RESERVED, 0, 0 }, { 0xD0, LVAR_BCD_NEGATIVE, 0, 1 },
    { 0xDA, LVAR_RESERVED, 0, 0 }, { 0xE0, LVAR_BINARY, 0, 1 },
    { 0xF0, LVAR_BINARY, 16, 4 },  { 0xF5, LVAR_BINARY, 48, 16 },
    { 0xF7, LVAR_RESERVED, 0, 0 },
};

struct lvar lvar_decode(uint8_t byte)
{
    size_t i = ARRAY_SIZE(ranges) - 1;

    while (byte < ranges[i].first)
        i--;
    return (struct lvar){ .kind = ranges[i].kind,
                          .length = (uint8_t)(ranges[i].length +
                                              ranges[i].step * (byte - ranges[i].first)) };
}

bool lvar_encode(enum lvar_kind kind, unsigned length, uint8_t *ret)
{
    for (unsigned byte = 0; byte <= UINT8_MAX; byte++) {
        const struct lvar lvar = lvar_decode((uint8_t)byte);

        if (lvar.kind != kind || lvar.length != length)
            continue;
        *ret = (uint8_t)byte;
        return true;
    }
    return false;
}
