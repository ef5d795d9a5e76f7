#include "mbus/header.h"

unsigned header_size(enum header_kind kind)
{
    static const uint8_t sizes[] = {
        [HEADER_NONE] = 0,
        [HEADER_SHORT] = SHORT_HEADER_SIZE,
        [HEADER_LONG] = LONG_HEADER_SIZE,
    };

    return sizes[kind];
}

void header_decode(enum header_kind kind, const uint8_t *bytes, struct header *ret)
{
    *ret = (struct header){ 0 };
    if (kind == HEADER_NONE)
        return;
    if (kind == HEADER_LONG) {
        ret->ident = (struct ident){ .id = (uint32_t)bytes_le(bytes, 4),
                                     .manufacturer = (uint16_t)bytes_le(bytes + 4, 2),
                                     .version = bytes[6],
                                     .medium = bytes[7] };
        bytes += LONG_HEADER_SIZE - SHORT_HEADER_SIZE;
    }
    ret->access = bytes[0];
    ret->status = bytes[1];
    ret->configuration = (uint16_t)bytes_le(bytes + 2, 2);
}

void header_encode(enum header_kind kind, const struct header *header, struct writer *w)
{
    if (kind == HEADER_NONE)
        return;
    if (kind == HEADER_LONG) {
        write_le(w, header->ident.id, 4);
        write_le(w, header->ident.manufacturer, 2);
        write_u8(w, header->ident.version);
        write_u8(w, header->ident.medium);
    }
    write_u8(w, header->access);
    write_u8(w, header->status);
    write_le(w, header->configuration, 2);
}

void long_header_encode(const struct ident *ident, uint8_t access, uint8_t status, struct writer *w)
{
    header_encode(HEADER_LONG,
                  &(struct header){ .ident = *ident, .access = access, .status = status }, w);
}
