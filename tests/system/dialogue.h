/* Conversations as tables: what a master sends, and what must come back, byte by byte. */
#ifndef TESTS_SYSTEM_DIALOGUE_H
#define TESTS_SYSTEM_DIALOGUE_H

#include "tests/system/master.h"

/* Answers that are not spelled out. */
#define ACK "E5"
#define SILENCE ""
#define DROPPED                                                                                    \
    "dropped"          /* silence after a broken frame, which costs what comes right behind it     \
                        */
#define BURST "burst"  /* what every master takes for a collision (7.6) */
#define FAILED "error" /* an application error, CI 70, with any code (14.1) */

struct row {
    const char *section; /* of the reference; where it says "mbus-protocol" is left out */
    const char *send;    /* bytes, or "> body"; NULL: wait for pause_ms */
    const char *expect;  /* bytes, or "> body", or one of those above */
    uint8_t access;      /* the access number of an expected CI 72 or 73 frame (10.3) */
    int pause_ms;
};

#define ROW(section, send, expect)                                                                 \
    {                                                                                              \
        section, send, expect, 0, 0                                                                \
    }
#define TELEGRAM(section, send, expect, access)                                                    \
    {                                                                                              \
        section, send, expect, access, 0                                                           \
    }
#define PAUSE(section, ms)                                                                         \
    {                                                                                              \
        section, NULL, NULL, 0, ms                                                                 \
    }

struct dialogue {
    const char *name;
    const char *meters; /* the configuration but for the port; NULL: TST_METER */
    const char *port;   /* more settings of the port, or NULL */
    uint8_t fence;      /* a slave's address, for master_ask(); 0: 254 */
    bool tcp;
    struct row rows[64];
};

#define ALLOW_ALL                                                                                  \
    "allow = [ \"address\", \"id\", \"identity\", \"baud\", \"clock\", \"readout\", \"reset\", "   \
    "\"freeze\" ]; "

/* The device of mbus-protocol 16: address 5, 12345678, TST, version 1, medium 0. `settings` ends in
 * a semicolon. */
#define METER_5(settings, records)                                                                 \
    "meter = { address = 5; id = \"12345678\"; manufacturer = \"TST\"; version = 1; " settings     \
    " records = ( " records " ); };\n"
#define VOLTAGE "{ name = \"voltage\"; unit = \"V\"; type = \"int16\"; value = 1234; }"
#define VOLUME "{ name = \"volume\"; unit = \"m3\"; type = \"int16\"; value = 456; }"
#define TST_METER METER_5("", VOLTAGE ", " VOLUME)

/* Its header and its telegram with access number 0 (16.2). */
#define HEADER_5 "72 78 56 34 12 74 52 01 00 00 00 00 00"
#define TELEGRAM_5                                                                                 \
    "68 18 18 68 08 05 72 78 56 34 12 74 52 01 00 00 00 00 00 02 FD 49 D2 04 02 16 C8 01 59 16"

/* Starts a daemon for it, holds it, and stops the daemon; fails with the row that went wrong. */
void dialogue_run(const struct dialogue *dialogue);

/* A main() of dialogues: each is a test with its name. */
int dialogues_main(const char *group, const struct dialogue *dialogues, size_t n);

#endif
