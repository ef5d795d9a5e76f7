/* Latin-1 of telegrams written as UTF-8; a control character never comes out as one. */
#ifndef CTL_TEXT_H
#define CTL_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum text_form {
    TEXT_PLAIN, /* for people: a control character is \x1B, a backslash as it is */
    TEXT_JSON,  /* inside quotes */
    TEXT_XML,   /* element content; a control character is a blank */
};

/* A short text in Latin-1, which may hold zeros. */
struct label {
    uint8_t bytes[512];
    size_t n;
};

/* Appends what fits. */
void label_add(struct label *label, const uint8_t *bytes, size_t n);
void label_print(struct label *label, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Appends two digits for each byte, capital letters. */
void label_hex(struct label *label, const uint8_t *bytes, size_t n);

/* Writes Latin-1 as UTF-8; returns how many columns it takes on a terminal. `out` NULL only counts.
 */
size_t text_write(FILE *out, enum text_form form, const uint8_t *bytes, size_t n);

/* Writes hex with `between` between the bytes. */
void text_write_hex(FILE *out, const uint8_t *bytes, size_t n, const char *between);

#endif
