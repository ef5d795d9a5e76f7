#include "mbus/link.h"

#include <stddef.h>

#include "base/macros.h"

/* mbus-protocol 5.1: the bits of `mask` are those that tell functions apart; FCB, ACD and DFC are
 * not among them. */
static const struct {
    uint8_t c, mask;
    const char *name;
} functions[] = {
    { 0x40, 0xFF, "SND_NKE" }, { 0x43, 0xCF, "SND_UD" },  { 0x49, 0xFF, "REQ_SKE" },
    { 0x4A, 0xCF, "REQ_UD1" }, { 0x4B, 0xCF, "REQ_UD2" }, { 0x08, 0xCF, "RSP_UD" },
    { 0x0B, 0xCF, "RSP_SKE" },
};

const char *link_function_name(uint8_t c)
{
    for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
        if ((c & functions[i].mask) == functions[i].c)
            return functions[i].name;
    }
    return NULL;
}
