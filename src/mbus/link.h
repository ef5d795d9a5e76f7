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

/* C fields of answers with ACD and DFC clear. */
#define C_RSP_UD 0x08U
#define C_RSP_SKE 0x0BU

/* A field (mbus-protocol 6). */
#define ADDRESS_PRIMARY_MAX 250U
#define ADDRESS_SELECTED 253U  /* network layer: the selected slave */
#define ADDRESS_TEST 254U      /* every slave answers */
#define ADDRESS_BROADCAST 255U /* every slave acts, none answers */

/* CI field of requests (mbus-protocol 8.1). */
#define CI_SELECT 0x52U
#define CI_SELECT_MODE_2 0x56U

/* CI field of answers (mbus-protocol 8.2). */
#define CI_VARIABLE 0x72U
#define CI_FIXED 0x73U

/* The name of what a C field says, "SND_NKE" for instance; NULL when the standard knows none. */
const char *link_function_name(uint8_t c);

#endif
