/* A frame of the bus on one line, as monitor shows them: "REQ_UD2 FCB=1 to 3". */
#ifndef CTL_FRAME_LINE_H
#define CTL_FRAME_LINE_H

#include "ctl/text.h"

/* Appends what a frame says, from either side; bytes that are no frame, in hex, shortened; nothing
 * at all for no byte. Latin-1, of up to a hundred characters or so. */
void frame_line(const uint8_t *bytes, size_t n, struct label *ret);

/* Appends the bytes in hex, at most `most` of them (0: all, as far as they fit). */
void frame_line_hex(const uint8_t *bytes, size_t n, size_t most, struct label *ret);

#endif
