#include "io/parmrk.h"

#define MARK 0xFFU

static int good(struct parmrk *p, uint8_t byte, struct line_char *ret)
{
    p->seen = 0;
    *ret = (struct line_char){ .byte = byte, .fault = LINE_GOOD };
    return 1;
}

int parmrk_decode(struct parmrk *p, uint8_t raw, struct line_char *ret)
{
    switch (p->seen) {
    case 0:
        if (raw != MARK)
            return good(p, raw, ret);
        p->seen = 1;
        return 0;
    case 1:
        if (raw != 0)
            return good(p, raw, ret);
        p->seen = 2;
        return 0;
    default:
        p->seen = 0;
        *ret = (struct line_char){ .byte = raw, .fault = raw == 0 ? LINE_BREAK : LINE_PARITY };
        return 1;
    }
}
