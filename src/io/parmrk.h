/* Parity and framing errors as a tty marks them in its byte stream (termios, PARMRK). */
#ifndef IO_PARMRK_H
#define IO_PARMRK_H

#include <stddef.h>
#include <stdint.h>

/* One character of the line, good or not. The tty driver does not tell a parity error from a
 * framing error: both come as FF 00 x; a break comes as FF 00 00. */
enum line_fault {
    LINE_GOOD,
    LINE_PARITY, /* parity or framing error */
    LINE_BREAK,  /* a long space, or a framing error with data 00 */
};

struct line_char {
    uint8_t byte;
    uint8_t fault; /* enum line_fault */
};

struct parmrk {
    uint8_t seen; /* bytes of a mark seen so far: 0, 1 (FF) or 2 (FF 00) */
};

/*
 * Decodes the next raw byte: FF FF is a good FF, FF 00 x is the faulty character x, FF x (which no
 * driver sends) a good x. Returns 1 and sets `ret`, or 0 when the mark goes on.
 */
int parmrk_decode(struct parmrk *p, uint8_t raw, struct line_char *ret);

#endif
