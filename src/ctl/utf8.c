#include "ctl/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/macros.h"

#define REPLACEMENT "\xEF\xBF\xBD"

struct range {
    uint32_t first, last;
};

/* Two columns each: East Asian letters, and pictures (Unicode 15, the ranges that matter). */
static const struct range wide[] = {
    { 0x1100, 0x115F },   { 0x2E80, 0x303E },   { 0x3041, 0x33FF },   { 0x3400, 0x4DBF },
    { 0x4E00, 0x9FFF },   { 0xA000, 0xA4CF },   { 0xA960, 0xA97F },   { 0xAC00, 0xD7A3 },
    { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },   { 0xFF00, 0xFF60 },   { 0xFFE0, 0xFFE6 },
    { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF }, { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
};

/* None: what is put over the letter before, and what only joins letters. */
static const struct range narrow[] = {
    { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF },
    { 0x200B, 0x200F }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
};

static bool is_in(const struct range *ranges, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    }
    return false;
}

/* Bytes of the character at `at`, or 0 when there is none. */
static size_t take(const char *at, uint32_t *ret)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    uint8_t first = (uint8_t)*at;
    size_t n = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    uint32_t c = n > 1 ? first & (0xFFU >> (n + 1)) : first;

    if (n == 0 || first > 0xF4)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if (((uint8_t)at[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | ((uint8_t)at[i] & 0x3F);
    }
    if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *ret = c;
    return n;
}

/* A control character, or a byte that is no character. */
static size_t write_code(FILE *out, enum text_form form, uint32_t c, bool is_character)
{
    char code[16];

    if (!is_character && form != TEXT_PLAIN)
        (void)snprintf(code, sizeof(code), "%s", REPLACEMENT);
    else
        (void)snprintf(code, sizeof(code), form == TEXT_JSON ? "\\u%04X" : "\\x%02X", c);
    if (out)
        fputs(code, out);
    return strlen(code);
}

size_t utf8_write(FILE *out, enum text_form form, const char *text)
{
    size_t columns = 0, n;

    for (; *text; text += n) {
        uint32_t c = (uint8_t)*text;
        bool is_character;

        n = take(text, &c);
        is_character = n > 0;
        n = n > 0 ? n : 1;
        if (!is_character || (c & ~0x80U) < 0x20 || c == 0x7F) {
            columns += write_code(out, form, c, is_character);
            continue;
        }
        if (form == TEXT_JSON && (c == '"' || c == '\\') && out)
            fputc('\\', out);
        if (out)
            (void)fwrite(text, 1, n, out);
        if (!is_in(narrow, ARRAY_SIZE(narrow), c))
            columns += is_in(wide, ARRAY_SIZE(wide), c) ? 2 : 1;
    }
    return columns;
}

void utf8_write_json(FILE *out, const char *text)
{
    if (text == NULL) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    (void)utf8_write(out, TEXT_JSON, text);
    fputc('"', out);
}
