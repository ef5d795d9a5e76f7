/* Codes of the general application error, CI 70 (mbus-protocol 14.1). */
#ifndef MBUS_APPLICATION_ERROR_H
#define MBUS_APPLICATION_ERROR_H

#include <stdint.h>

enum application_error {
    APPLICATION_FINE = -1, /* no error at all */
    APPLICATION_UNSPECIFIED = 0x00,
    APPLICATION_UNKNOWN_CI = 0x01,
    APPLICATION_TOO_LONG = 0x02,
    APPLICATION_TOO_MANY_RECORDS = 0x03,
    APPLICATION_CUT_OFF = 0x04,
    APPLICATION_TOO_MANY_DIFE = 0x05,
    APPLICATION_TOO_MANY_VIFE = 0x06,
    APPLICATION_BUSY = 0x08,
    APPLICATION_TOO_MANY_READOUTS = 0x09,
    APPLICATION_ACCESS_DENIED = 0x10,
    APPLICATION_UNKNOWN_COMMAND = 0x11,
    APPLICATION_WRONG_PARAMETER = 0x12,
};

/* What a code says: "application too busy"; "reserved" where the standard says nothing. */
const char *application_error_text(uint8_t code);

#endif
