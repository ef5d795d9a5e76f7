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
    unsigned item;    /* of the answer that several telegrams are: items in those before */
    bool is_telegram; /* `telegram` is filled */
    struct telegram telegram;
    struct decode_fault fault; /* DECODE_GOOD, or the first thing that is wrong */
};

/* `n` is how many telegrams there are; 1 where they are the answer of one meter. */
struct write_form {
    void (*begin)(FILE *out, unsigned n);
    void (*telegram)(FILE *out, const struct found *found);
    void (*end)(FILE *out, unsigned n);
};

extern const struct write_form write_table;
extern const struct write_form write_table_coloured;
extern const struct write_form write_json;
extern const struct write_form write_xml;
/* All telegrams are one answer: one element, whose records are numbered on. */
extern const struct write_form write_xml_answer;
extern const struct write_form write_hex;

#endif
