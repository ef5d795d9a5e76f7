/* Frames of the link layer (mbus-protocol 3): E5, short, control and long. */
#ifndef MBUS_FRAME_H
#define MBUS_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_ACK 0xE5U
#define FRAME_SHORT_START 0x10U
#define FRAME_LONG_START 0x68U
#define FRAME_STOP 0x16U

#define FRAME_SHORT_SIZE 5U
#define FRAME_LONG_OVERHEAD 6U /* 68 L L 68 ... CS 16 */
#define FRAME_L_MIN 3U         /* C, A, CI */
#define FRAME_MAX 261U         /* L = 255 */

/* What is the matter with a frame; also the names of the counters. */
enum frame_fault {
    FRAME_GOOD,
    FRAME_BAD_START,        /* no byte that opens a frame: noise */
    FRAME_BAD_LENGTH,       /* the two L fields differ, or L < 3 */
    FRAME_BAD_SECOND_START, /* no 68 behind the lengths */
    FRAME_BAD_CHECKSUM,
    FRAME_BAD_STOP,
    FRAME_BAD_GAP,    /* the line fell silent inside */
    FRAME_BAD_PARITY, /* a character with a parity or framing error */
    FRAME_BAD_BREAK,  /* a long space on the line */
    FRAME_FAULTS,
};

/* "checksum", "parity" ...: one word for messages. */
const char *frame_fault_name(enum frame_fault fault);

/*
 * A scanner that takes a frame byte by byte at constant cost; it keeps no bytes. Zero it to begin.
 */
struct frame_scan {
    uint16_t n;    /* bytes taken so far */
    uint16_t size; /* of the whole frame, 0 while unknown */
    uint8_t length;
    uint8_t sum;
};

enum frame_step {
    FRAME_MORE,
    FRAME_COMPLETE,
    FRAME_BROKEN, /* `ret_fault` says why; nothing but idle makes sense of the line again */
};

enum frame_step frame_scan_byte(struct frame_scan *scan, uint8_t byte, enum frame_fault *ret_fault);

enum frame_kind {
    FRAME_KIND_ACK,
    FRAME_KIND_SHORT,
    FRAME_KIND_LONG, /* a control frame is one without data */
};

struct frame {
    enum frame_kind kind;
    uint8_t c, a, ci;    /* 0 where the kind has none */
    const uint8_t *data; /* behind the CI field; points into the parsed bytes */
    size_t n;            /* 0 to 252 */
};

/* Takes a complete frame apart, one that frame_scan_byte() has found good. */
void frame_split(const uint8_t *bytes, size_t n, struct frame *ret);

/* Parses exactly one frame; FRAME_BAD_GAP when it is cut short or bytes follow it. */
enum frame_fault frame_parse(const uint8_t *bytes, size_t n, struct frame *ret);

/* Writes a short frame of FRAME_SHORT_SIZE bytes and returns that size. */
size_t frame_build_short(uint8_t *frame, uint8_t c, uint8_t a);

/*
 * Turns a buffer whose bytes from 7 on already hold `n` data bytes (0 to 252) into a long frame.
 * The buffer must hold n + 9 bytes; returns that size, 0 when n is too large.
 */
size_t frame_seal_long(uint8_t *frame, uint8_t c, uint8_t a, uint8_t ci, size_t n);

/* Where the data of a long frame begin. */
#define FRAME_DATA_OFFSET 7U

#endif
