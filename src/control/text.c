#include "control/text.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 512U

/* How many bytes a character takes that begins with this one; 0: none does. */
static size_t length_of(uint8_t first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/* The second byte tells overlong forms, surrogates and what lies beyond Unicode. */
static int second_fits(const uint8_t *at)
{
    switch (at[0]) {
    case 0xE0:
        return at[1] >= 0xA0;
    case 0xED:
        return at[1] <= 0x9F;
    case 0xF0:
        return at[1] >= 0x90;
    case 0xF4:
        return at[1] <= 0x8F;
    default:
        return 1;
    }
}

/* Bytes of the character at `at`; 0: it is none. */
static size_t character(const uint8_t *at)
{
    size_t n = length_of(at[0]);

    for (size_t i = 1; i < n; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    }
    return n < 2 || second_fits(at) ? n : 0;
}

int text_append(sd_bus_message *m, const char *text)
{
    char clean[TEXT_MAX];
    size_t n = 0;

    while (*text != '\0') {
        size_t size = character((const uint8_t *)text);

        if (n + (size > 0 ? size : 1) >= sizeof(clean))
            break;
        if (size > 0) {
            memcpy(clean + n, text, size);
            n += size;
            text += size;
        } else {
            clean[n++] = '?';
            text++;
        }
    }
    clean[n] = '\0';
    return sd_bus_message_append_basic(m, 's', clean);
}

void text_of_latin1(const uint8_t *bytes, size_t n, char *ret)
{
    for (size_t i = 0; i < n && bytes[i] != 0; i++) {
        if (bytes[i] < 0x80) {
            *ret++ = (char)bytes[i];
        } else {
            *ret++ = (char)(0xC0 | bytes[i] >> 6);
            *ret++ = (char)(0x80 | (bytes[i] & 0x3F));
        }
    }
    *ret = '\0';
}

void text_of_bytes(const uint8_t *bytes, size_t n, char *ret)
{
    *ret = '\0';
    for (size_t i = 0; i < n; i++)
        ret += sprintf(ret, "%s%02X", i > 0 ? " " : "", bytes[i]);
}
