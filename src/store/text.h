/*
 * The text of a state file. Each line is words with one blank between them:
 *
 *     mbus-slave state 1
 *     meter water address 77 configured 3
 *     end 1 8a1f03cc
 *
 * The first line carries the version of the format, the last the number of lines between the two
 * and the CRC-32 of every byte before it. That much holds for all versions to come, so that a
 * damaged file can be told from a newer one. In a word, a byte that is no visible ASCII character,
 * and the backslash, is written as \xHH.
 */
#ifndef STORE_TEXT_H
#define STORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define TEXT_VERSION 1U

/* ---- Writing --------------------------------------------------------------------------------- */

/* Past its capacity it writes nothing more but counts on, as a struct writer does. */
struct text_out {
    struct writer w;
    bool in_line;
    size_t n_lines;
};

/* Writes the first line. */
struct text_out text_begin(char *bytes, size_t capacity);

/* Writes the last line. */
void text_end(struct text_out *out);

/* One word each; at most 8 hex digits of a number. */
void text_word(struct text_out *out, const char *word);
void text_number(struct text_out *out, int64_t number);
void text_hex(struct text_out *out, uint32_t number, unsigned digits);
void text_hex_bytes(struct text_out *out, const uint8_t *bytes, size_t n);

/* The 64 bits of a real: 0x and 16 hex digits. */
void text_bits(struct text_out *out, uint64_t bits);

void text_end_line(struct text_out *out);

/* Whole lines as they are. */
void text_copy(struct text_out *out, const char *lines, size_t n);

/* How a byte stands in a word; returns how many characters. */
size_t text_escape(char byte, char ret[static 4]);

/* ---- Reading --------------------------------------------------------------------------------- */

enum text_verdict {
    TEXT_GOOD,
    TEXT_NEWER,      /* whole, of a later version */
    TEXT_EMPTY,      /* no byte in it */
    TEXT_FOREIGN,    /* the first line is no state file's */
    TEXT_CUT,        /* the last line is missing or not whole */
    TEXT_CHANGED,    /* the checksum is another */
    TEXT_COUNT,      /* the number of lines is another */
    TEXT_UNREADABLE, /* the disk does not give it back; text_check() never says so */
};

/* Where the lines between the first and the last are, each with its newline. */
struct text_body {
    unsigned version;
    const char *bytes;
    size_t n;
};

/* Whether a file is whole. `ret` is set for TEXT_GOOD and TEXT_NEWER. */
enum text_verdict text_check(const char *bytes, size_t n, struct text_body *ret);

/* "its last line is missing": as the end of a sentence that begins with the file; NULL for
 * TEXT_GOOD. */
const char *text_problem(enum text_verdict verdict);

/* The words of a line, from the front. What is not as asked for sets `failed`, which stays set. */
struct text_in {
    const char *at, *end;
    bool failed;
};

/* Passes over one word, whatever it is. */
void text_skip(struct text_in *in);

/* Passes over one word, which must be this one. */
void text_expect(struct text_in *in, const char *word);

/* A decimal number as text_number() writes it; 0 when it is not within min and max. */
int64_t text_read_number(struct text_in *in, int64_t min, int64_t max);

/* A number of so many hex digits, capital letters. */
uint32_t text_read_hex(struct text_in *in, unsigned digits);

/* What text_bits() writes; whether the next word begins as that does. */
uint64_t text_read_bits(struct text_in *in);
bool text_is_bits(const struct text_in *in);

/* Whether the whole line was as asked for, and is at its end. */
bool text_at_end(const struct text_in *in);

#endif
