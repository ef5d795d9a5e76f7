/* Bytes as people write them: "0F A5 01". */
#ifndef CONFIG_HEX_H
#define CONFIG_HEX_H

#include <stdint.h>

/*
 * Pairs of hex digits, with blanks between pairs or without, as bytes. Returns how many there are,
 * -1 when the text is something else. `ret` may be NULL, else it has room for half as many bytes
 * as the text has characters.
 */
int hex_parse(const char *text, uint8_t *ret);

#endif
