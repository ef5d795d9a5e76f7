#include "config/hex.h"

#include <limits.h>

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int hex_parse(const char *text, uint8_t *ret)
{
    int n = 0;
    for (const char *p = text; *p != '\0' && n < INT_MAX; p++) {
        if (*p == ' ')
            continue;
        int high = digit(p[0]), low = high < 0 ? -1 : digit(p[1]);
        if (low < 0)
            return -1;
        if (ret)
            ret[n] = (uint8_t)(high << 4 | low);
        n++;
        p++;
    }
    return n;
}
