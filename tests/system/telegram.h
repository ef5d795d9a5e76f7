/* What two masters read of a meter at the same time, one on a pty and one on TCP. */
#ifndef TESTS_SYSTEM_TELEGRAM_H
#define TESTS_SYSTEM_TELEGRAM_H

#include "tests/system/master.h"

/* Bits of the status byte (mbus-protocol 10.4), and what it is when all is well. */
#define GOOD 0x00U
#define TEMPORARY_ERROR 0x10U

/* Two ports, for rig_config(): it takes rig_path(rig, "pty") and a TCP port. */
#define TWO_PORTS "ports = ( { device = \"pty\"; link = \"%s\"; }, { device = \"tcp:%d\"; } );\n"

/* A meter that always answers, by which silence of others is proved (master_ask()). */
#define FENCE 9
#define FENCE_METER                                                                                \
    "{ name = \"fence\"; address = 9; id = \"99999999\"; records = ( { name = \"voltage\"; "       \
    "unit = \"V\"; type = \"int16\"; value = 1234; } ); }"

struct masters {
    struct master pty, tcp;
};

/* Connects to both ports of a daemon that is READY. */
void masters_init(struct masters *m, const struct rig *rig, int port);
void masters_done(struct masters *m);

/* One telegram of a meter, as it came. */
struct telegram {
    bool is_there; /* the meter has answered */
    uint8_t access, status;
    size_t n;
    uint8_t records[FRAME_MAX];
};

/* SND_NKE, then REQ_UD2. */
void telegram_read(struct master *m, uint8_t address, struct telegram *ret);

/* Both masters read the same: status and records ("02 FD 49 D2 04"); NULL: the meter answers
 * nobody. Waits up to 10 s until it is so. */
void masters_expect_(struct masters *m, uint8_t address, uint8_t status, const char *records,
                     const char *file, int line);
#define masters_expect(m, address, status, records)                                                \
    masters_expect_(m, address, status, records, __FILE__, __LINE__)

/* The same without waiting. */
void masters_expect_now_(struct masters *m, uint8_t address, uint8_t status, const char *records,
                         const char *file, int line);
#define masters_expect_now(m, address, status, records)                                            \
    masters_expect_now_(m, address, status, records, __FILE__, __LINE__)

#endif
