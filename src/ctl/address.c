#include "ctl/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "mbus/link.h"

#define ID_SIZE 4U
#define ID_DIGITS 8U
#define HEX "0123456789abcdefABCDEF"

static const char *parse_primary(const char *text, struct address *ret)
{
    unsigned long n = strtoul(text, NULL, 10);

    if (n == 251 || n == 252 || n == ADDRESS_BROADCAST)
        return "no meter answers there; 0 to 250, 253 for the selected one, 254 for any";
    if (n > ADDRESS_BROADCAST)
        return "out of range; 0 to 250, 253 for the selected one, 254 for any";
    *ret = (struct address){ .primary = (uint8_t)n };
    return NULL;
}

static uint8_t byte_of(const char *digits)
{
    char text[3] = { digits[0], digits[1], '\0' };

    return (uint8_t)strtoul(text, NULL, 16);
}

static void parse_secondary(const char *text, size_t n, struct address *ret)
{
    *ret = (struct address){ .is_secondary = true,
                             .primary = ADDRESS_SELECTED,
                             .selection = selection_any() };
    for (size_t i = 0; i < n / 2; i++) {
        size_t at = i < ID_SIZE ? ID_SIZE - 1 - i : i;

        ret->selection.bytes[at] = byte_of(text + 2 * i);
    }
}

const char *address_parse(const char *text, struct address *ret)
{
    size_t n = strlen(text);

    if (n == ID_DIGITS || n == SELECTION_TEXT_SIZE - 1) {
        if (strspn(text, HEX) != n)
            return "a secondary address has hexadecimal digits alone";
        parse_secondary(text, n, ret);
        return NULL;
    }
    if (n > 0 && n <= 3 && strspn(text, "0123456789") == n)
        return parse_primary(text, ret);
    return "no address: 0 to 250, or 16 digits of a secondary one, or the 8 of an id";
}

struct selection selection_any(void)
{
    struct selection any;

    memset(any.bytes, 0xFF, sizeof(any.bytes));
    return any;
}

struct selection selection_of(const struct ident *ident)
{
    struct selection selection = { { 0 } };
    struct writer w = writer_over(selection.bytes, sizeof(selection.bytes));

    write_le(&w, ident->id, ID_SIZE);
    write_le(&w, ident->manufacturer, 2);
    write_u8(&w, ident->version);
    write_u8(&w, ident->medium);
    return selection;
}

struct ident selection_ident(const struct selection *selection)
{
    const uint8_t *b = selection->bytes;

    return (struct ident){ .id = (uint32_t)bytes_le(b, ID_SIZE),
                           .manufacturer = (uint16_t)bytes_le(b + ID_SIZE, 2),
                           .version = b[6],
                           .medium = b[7] };
}

void selection_text(const struct selection *selection, char ret[SELECTION_TEXT_SIZE])
{
    const uint8_t *b = selection->bytes;

    (void)snprintf(ret, SELECTION_TEXT_SIZE, "%02X%02X%02X%02X%02X%02X%02X%02X", b[3], b[2], b[1],
                   b[0], b[4], b[5], b[6], b[7]);
}
