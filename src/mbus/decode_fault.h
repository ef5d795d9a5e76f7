/* What is the matter with a telegram that is not well-formed, and where. */
#ifndef MBUS_DECODE_FAULT_H
#define MBUS_DECODE_FAULT_H

#include <stddef.h>

enum decode_reason {
    DECODE_GOOD,
    /* The frame (mbus-protocol 3.2). */
    DECODE_NO_START,
    DECODE_BAD_LENGTH,
    DECODE_NO_SECOND_START,
    DECODE_BAD_CHECKSUM,
    DECODE_NO_STOP,
    DECODE_FRAME_CUT_OFF,
    DECODE_BYTES_BEHIND,
    /* What it carries (mbus-protocol 8.2, 10.1, 11, 14). */
    DECODE_NO_DATA,
    DECODE_NO_ANSWER,
    DECODE_MODE_2,
    DECODE_UNKNOWN_CI,
    DECODE_HEADER_CUT_OFF,
    DECODE_FIXED_SIZE,
    DECODE_ALARM_CUT_OFF,
    /* A record (mbus-records 13.3). */
    DECODE_DIFE_MISSING,
    DECODE_TOO_MANY_DIFE,
    DECODE_RESERVED_DIF,
    DECODE_GLOBAL_READOUT,
    DECODE_VIF_MISSING,
    DECODE_VIFE_MISSING,
    DECODE_TOO_MANY_VIFE,
    DECODE_TEXT_CUT_OFF,
    DECODE_LVAR_MISSING,
    DECODE_RESERVED_LVAR,
    DECODE_DATA_CUT_OFF,
    DECODE_REASONS,
};

struct decode_fault {
    enum decode_reason reason;
    size_t offset; /* of the byte that is wrong or missing, from the first byte of the telegram */
    size_t
        missing; /* how many bytes more are announced than there are, where that is known, or 0 */
};

/* What to say about a reason, without a full stop: "the checksum is wrong". */
const char *decode_reason_text(enum decode_reason reason);

#endif
