/* CRC-32 as in IEEE 802.3, gzip and zip: `gzip -c FILE | tail -c8 | xxd -e -l4` says the same. */
#ifndef STORE_CRC32_H
#define STORE_CRC32_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32(const void *bytes, size_t n);

#endif
