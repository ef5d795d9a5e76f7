#include "mbus/decode_fault.h"

static const char *const texts[DECODE_REASONS] = {
    [DECODE_GOOD] = "well-formed",
    [DECODE_NO_START] = "no start byte",
    [DECODE_BAD_LENGTH] = "the length bytes differ or are less than 3",
    [DECODE_NO_SECOND_START] = "no second start byte",
    [DECODE_BAD_CHECKSUM] = "the checksum is wrong",
    [DECODE_NO_STOP] = "no stop byte",
    [DECODE_FRAME_CUT_OFF] = "the frame is cut off",
    [DECODE_BYTES_BEHIND] = "bytes behind the end of the frame",
    [DECODE_NO_DATA] = "a frame without data is no answer to a readout",
    [DECODE_NO_ANSWER] = "a frame of the master, or of no known function, is no answer",
    [DECODE_MODE_2] = "bytes in the order of mode 2 are not decoded",
    [DECODE_UNKNOWN_CI] = "a CI field that carries no records",
    [DECODE_HEADER_CUT_OFF] = "the header is cut off",
    [DECODE_FIXED_SIZE] = "the fixed structure has 16 bytes, no more and no less",
    [DECODE_ALARM_CUT_OFF] = "the alarm byte is missing",
    [DECODE_DIFE_MISSING] = "the data end where a DIFE is announced",
    [DECODE_TOO_MANY_DIFE] = "more than ten DIFE",
    [DECODE_RESERVED_DIF] = "a reserved DIF",
    [DECODE_GLOBAL_READOUT] = "a global readout request, which is the master's",
    [DECODE_VIF_MISSING] = "the data end where the VIF should be",
    [DECODE_VIFE_MISSING] = "the data end where a VIFE is announced",
    [DECODE_TOO_MANY_VIFE] = "more than ten VIFE",
    [DECODE_TEXT_CUT_OFF] = "the unit in plain text is longer than the data",
    [DECODE_LVAR_MISSING] = "the data end where the LVAR should be",
    [DECODE_RESERVED_LVAR] = "a reserved LVAR",
    [DECODE_DATA_CUT_OFF] = "the value is cut off",
};

const char *decode_reason_text(enum decode_reason reason)
{
    return (unsigned)reason < DECODE_REASONS ? texts[reason] : "?";
}
