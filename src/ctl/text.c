#include "ctl/text.h"

#include <stdarg.h>
#include <string.h>

#include "base/macros.h"

void label_add(struct label *label, const uint8_t *bytes, size_t n)
{
    size_t room = sizeof(label->bytes) - label->n;

    if (n > room)
        n = room;
    memcpy(label->bytes + label->n, bytes, n);
    label->n += n;
}

void label_print(struct label *label, const char *format, ...)
{
    char text[160];
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n > 0)
        label_add(label, (const uint8_t *)text,
                  (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

void label_hex(struct label *label, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        label_print(label, "%02X", bytes[i]);
}

/* Characters that a form writes otherwise. */
static const struct {
    enum text_form form;
    uint8_t c;
    const char *text;
} escapes[] = {
    { TEXT_JSON, '"', "\\\"" }, { TEXT_JSON, '\\', "\\\\" }, { TEXT_XML, '&', "&amp;" },
    { TEXT_XML, '<', "&lt;" },  { TEXT_XML, '>', "&gt;" },   { TEXT_XML, '"', "&quot;" },
};

/* One character; `buffer` holds 8 bytes for those that are made. */
static const char *written(enum text_form form, uint8_t c, char *buffer)
{
    static const char *const control[] = {
        [TEXT_PLAIN] = "\\x%02X", [TEXT_JSON] = "\\u%04X", [TEXT_XML] = " "
    };

    for (size_t i = 0; i < ARRAY_SIZE(escapes); i++) {
        if (escapes[i].form == form && escapes[i].c == c)
            return escapes[i].text;
    }
    if ((c & 0x7F) < 0x20 || c == 0x7F)
        (void)snprintf(buffer, 8, control[form], c);
    else if (c < 0x80)
        (void)snprintf(buffer, 8, "%c", c);
    else
        (void)snprintf(buffer, 8, "%c%c", 0xC0 | c >> 6, 0x80 | (c & 0x3F));
    return buffer;
}

size_t text_write(FILE *out, enum text_form form, const uint8_t *bytes, size_t n)
{
    size_t columns = 0;

    for (size_t i = 0; i < n; i++) {
        char buffer[8];
        const char *text = written(form, bytes[i], buffer);

        if (out)
            fputs(text, out);
        columns += (uint8_t)text[0] >= 0x80 ? 1 : strlen(text);
    }
    return columns;
}

void text_write_hex(FILE *out, const uint8_t *bytes, size_t n, const char *between)
{
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%02X", i > 0 ? between : "", bytes[i]);
}
