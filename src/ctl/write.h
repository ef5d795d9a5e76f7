/* The forms in which `decode` writes telegrams. */
#ifndef CTL_WRITE_H
#define CTL_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "mbus/telegram.h"

/* A telegram as it was found, and as far as it could be decoded. */
struct found {
    const uint8_t *bytes;
    size_t n;
    unsigned number;  /* from 1 */
    bool is_telegram; /* `telegram` is filled */
    struct telegram telegram;
    struct decode_fault fault; /* DECODE_GOOD, or the first thing that is wrong */
};

struct write_form {
    void (*begin)(FILE *out);
    void (*telegram)(FILE *out, const struct found *found);
    void (*end)(FILE *out);
};

extern const struct write_form write_table;
extern const struct write_form write_table_coloured;
extern const struct write_form write_json;
extern const struct write_form write_xml;
extern const struct write_form write_hex;

#endif
