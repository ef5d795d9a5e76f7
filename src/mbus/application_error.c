#include "mbus/application_error.h"

#include <stddef.h>

#include "base/macros.h"

/* From 10 on: EN 13757-3:2018. */
static const struct {
    uint8_t code;
    const char *text;
} errors[] = {
    { 0x00, "unspecified error" },
    { 0x01, "unimplemented CI field" },
    { 0x02, "buffer too long, truncated" },
    { 0x03, "too many records" },
    { 0x04, "premature end of record" },
    { 0x05, "more than 10 DIFE" },
    { 0x06, "more than 10 VIFE" },
    { 0x08, "application too busy" },
    { 0x09, "too many readouts" },
    { 0x10, "access denied" },
    { 0x11, "application or command unknown" },
    { 0x12, "parameter missing or wrong" },
    { 0x13, "unknown receiver address" },
    { 0x14, "decryption key failure" },
    { 0x15, "encryption method not supported" },
    { 0x16, "signature method not supported" },
    { 0xF0, "dynamic application error" },
};

const char *application_error_text(uint8_t code)
{
    for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
        if (errors[i].code == code)
            return errors[i].text;
    }
    return "reserved";
}
