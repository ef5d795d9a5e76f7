/* C field and A field of the link layer (mbus-protocol 5.1 and 6). */
#ifndef MBUS_LINK_H
#define MBUS_LINK_H

#include <stdbool.h>
#include <stdint.h>

/* C field. Bit 5 is FCB and bit 4 FCV from the master, ACD and DFC from a slave. */
#define C_PRM 0x40U
#define C_FCB 0x20U
#define C_FCV 0x10U

/* Functions of the master. */
#define LINK_SND_NKE 0x0U
#define LINK_SND_UD 0x3U
#define LINK_REQ_SKE 0x9U
#define LINK_REQ_UD1 0xAU
#define LINK_REQ_UD2 0xBU

/* C fields of answers, and what may be added to them (mbus-protocol 5.6). */
#define C_RSP_UD 0x08U
#define C_RSP_SKE 0x0BU
#define C_ACD 0x20U /* class 1 data waits: send REQ_UD1 */
#define C_DFC 0x10U /* no SND_UD now */

/* A field (mbus-protocol 6). */
#define ADDRESS_PRIMARY_MAX 250U
#define ADDRESS_SELECTED 253U  /* network layer: the selected slave */
#define ADDRESS_TEST 254U      /* every slave answers */
#define ADDRESS_BROADCAST 255U /* every slave acts, none answers */

/* CI field of requests (mbus-protocol 8.1). */
#define CI_RESET 0x50U
#define CI_DATA 0x51U
#define CI_SELECT 0x52U
#define CI_RESET_LONG 0x53U /* with a long header */
#define CI_SYNCHRONISE_OLD 0x54U
#define CI_SELECT_MODE_2 0x56U
#define CI_DATA_SHORT 0x5AU
#define CI_DATA_LONG 0x5BU
#define CI_SYNCHRONISE 0x5CU
#define CI_RATE_FIRST 0xB8U /* 300 baud; up to 38400 (mbus-protocol 13.4) */
#define CI_RATE_LAST 0xBFU

/* CI field of answers (mbus-protocol 8.2). */
#define CI_APPLICATION_ERROR 0x70U
#define CI_ALARM 0x71U
#define CI_VARIABLE 0x72U
#define CI_FIXED 0x73U

/* The name of what a C field says, "SND_NKE" for instance; NULL when the standard knows none. */
const char *link_function_name(uint8_t c);

#endif
