#include "mbus/header.h"

void long_header_encode(const struct ident *ident, uint8_t access, uint8_t status, struct writer *w)
{
    write_le(w, ident->id, 4);
    write_le(w, ident->manufacturer, 2);
    write_u8(w, ident->version);
    write_u8(w, ident->medium);
    write_u8(w, access);
    write_u8(w, status);
    write_le(w, 0, 2);
}
