#include "config/duration.h"

#include <string.h>

#include "base/macros.h"

static bool unit_find(const char *name, usec_t *ret)
{
    static const struct {
        const char *name;
        usec_t usec;
    } units[] = {
        { "ms", USEC_PER_MSEC },
        { "s", USEC_PER_SEC },
        { "min", USEC_PER_MIN },
        { "h", 60 * USEC_PER_MIN },
        { "d", (usec_t)24 * 60 * USEC_PER_MIN },
    };
    for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
        if (strcmp(units[i].name, name) == 0) {
            *ret = units[i].usec;
            return true;
        }
    }
    return false;
}

bool duration_parse(const char *text, usec_t *ret)
{
    const char *p = text;
    usec_t value = 0, unit;

    for (; *p >= '0' && *p <= '9'; p++)
        if (__builtin_mul_overflow(value, (usec_t)10, &value) ||
            __builtin_add_overflow(value, (usec_t)(*p - '0'), &value))
            return false;
    if (p == text)
        return false;
    p += strspn(p, " ");
    return unit_find(p, &unit) && !__builtin_mul_overflow(value, unit, ret);
}
