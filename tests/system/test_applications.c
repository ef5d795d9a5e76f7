/* What is sent on a readout: application reset with sub-codes (mbus-protocol 9) and the selection
 * of records by the master (13.5). */
#include "tests/system/dialogue.h"

#define SETS                                                                                       \
    METER_5("", "{ name = \"voltage\"; unit = \"V\"; type = \"int16\"; value = 1234; "             \
                "sets = [ \"all\", \"user\" ]; }, "                                                \
                "{ name = \"volume\"; unit = \"m3\"; type = \"int16\"; value = 456; "              \
                "sets = [ \"all\", \"simple_billing\" ]; }, "                                      \
                "{ name = \"energy\"; unit = \"kWh\"; type = \"int16\"; value = 7; }, "            \
                "{ name = \"test\"; unit = \"Hz\"; type = \"int16\"; value = 50; "                 \
                "sets = [ \"testing\" ]; }")
#define U " 02 FD 49 D2 04"
#define V " 02 16 C8 01"
#define E " 02 06 07 00"
#define TELL(records) "> 08 05 " HEADER_5 records

/* Sub-codes: upper nibble, name in the older list. One record each, in no other application. */
#define ONLY(name, storage)                                                                        \
    "{ name = \"" name "\"; unit = \"m3\"; type = \"int8\"; storage = 1; tariff = " storage        \
    "; value = " storage "; sets = [ \"" name "\" ]; }"
#define EVERY_SET                                                                                                                           \
    METER_5("",                                                                                                                             \
            ONLY("user", "1") ", " ONLY("simple_billing", "2") ", " ONLY("enhanced_billing", "3") ", " ONLY("multi_tariff", "4") ", " ONLY( \
                "instantaneous",                                                                                                            \
                "5") ", " ONLY("load_management",                                                                                           \
                               "6") ", " ONLY("installation",                                                                               \
                                              "8") ", " ONLY("testing",                                                                     \
                                                             "9") ", " ONLY("calibration",                                                  \
                                                                            "10") ", " ONLY("manu"                                          \
                                                                                            "fact"                                          \
                                                                                            "urin"                                          \
                                                                                            "g",                                            \
                                                                                            "11") ", " ONLY("development",                  \
                                                                                                            "12") ", " ONLY("self_test",    \
                                                                                                                            "13"))

/* Storage 0 of three tariffs, units and functions. */
#define CHOICE                                                                                     \
    METER_5("", "{ name = \"a\"; unit = \"m3\"; type = \"int8\"; value = 1; }, "                   \
                "{ name = \"b\"; unit = \"m3\"; type = \"int8\"; tariff = 1; value = 2; }, "       \
                "{ name = \"c\"; unit = \"m3\"; type = \"int8\"; function = \"maximum\"; "         \
                "value = 3; }, "                                                                   \
                "{ name = \"d\"; unit = \"V\"; type = \"int8\"; value = 4; }, "                    \
                "{ name = \"e\"; unit = \"m3\"; type = \"int8\"; storage = 1; value = 5; }")
#define A " 01 16 01"
#define B " 81 10 16 02"
#define C " 11 16 03"
#define D " 01 FD 49 04"
#define F " 41 16 05"
/* A record error is preferred to leaving out what is not there (13.5): illegal VIF group. */
#define NO_VOLUME " 00 93 0C"

static const struct dialogue dialogues[] = {
    { .name = "applications by sub-code",
      .meters = SETS,
      .rows = { TELEGRAM("9", "> 7B 05", TELL(U V E), 0), ROW("9", "> 53 05 50 20", ACK),
                TELEGRAM("9", "> 7B 05", TELL(V E), 1), ROW("9", "> 53 05 50 10", ACK),
                TELEGRAM("9", "> 7B 05", TELL(U E), 2), ROW("9", "> 53 05 50 00", ACK),
                TELEGRAM("9", "> 7B 05", TELL(U V E), 3), ROW("9", "> 53 05 50 21", ACK),
                TELEGRAM("9", "> 7B 05", TELL(V E), 4), ROW("9", "> 53 05 50", ACK),
                TELEGRAM("9", "> 7B 05", TELL(U V E), 5), ROW("9", "> 53 05 50 20 01 02", ACK),
                TELEGRAM("9", "> 7B 05", TELL(V E), 6), ROW("9", "> 53 05 50 F0", ACK),
                TELEGRAM("9", "> 7B 05", TELL(U V E), 7) } },
    { .name = "application reset with a long header: CI 53",
      .meters = SETS,
      .rows = { ROW("8.1", "> 53 05 53 78 56 34 12 74 52 01 00 01 00 00 00 20", ACK),
                TELEGRAM("9", "> 7B 05", TELL(V E), 0),
                ROW("8.1", "> 53 05 53 79 56 34 12 74 52 01 00 01 00 00 00 10", SILENCE),
                TELEGRAM("9", "> 7B 05", TELL(V E), 0),
                ROW("8.1", "> 53 05 53 78 56 34 12 74 52 01 00 01 00 00 00", ACK),
                TELEGRAM("9", "> 7B 05", TELL(U V E), 1) } },
    { .name = "every application has its sub-code",
      .meters = EVERY_SET,
      .rows = { ROW("9", "> 53 05 50 10", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 10 16 01"), 0),
                ROW("9", "> 53 05 50 20", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 20 16 02"), 1),
                ROW("9", "> 53 05 50 30", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 30 16 03"), 2),
                ROW("9", "> 53 05 50 40", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 80 10 16 04"), 3),
                ROW("9", "> 53 05 50 50", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 90 10 16 05"), 4),
                ROW("9", "> 53 05 50 60", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 A0 10 16 06"), 5),
                ROW("9", "> 53 05 50 80", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 80 20 16 08"), 6),
                ROW("9", "> 53 05 50 90", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 90 20 16 09"), 7),
                ROW("9", "> 53 05 50 A0", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 A0 20 16 0A"), 8),
                ROW("9", "> 53 05 50 B0", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 B0 20 16 0B"), 9),
                ROW("9", "> 53 05 50 C0", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 80 30 16 0C"), 10),
                ROW("9", "> 53 05 50 D0", ACK),
                TELEGRAM("9", "> 7B 05", TELL(" C1 90 30 16 0D"), 11) } },
    { .name = "records are chosen by VIF, storage, tariff and function",
      .meters = CHOICE,
      .rows = { TELEGRAM("13.5", "> 7B 05", TELL(A B C D F), 0),
                ROW("13.5", "> 53 05 51 08 16", ACK), TELEGRAM("13.5", "> 7B 05", TELL(A), 1),
                ROW("13.5", "> 53 05 51 08 FD 49", ACK), TELEGRAM("13.5", "> 7B 05", TELL(D), 2),
                ROW("13.5", "> 53 05 51 18 16", ACK), TELEGRAM("13.5", "> 7B 05", TELL(C), 3),
                ROW("13.5", "> 53 05 51 48 16", ACK), TELEGRAM("13.5", "> 7B 05", TELL(F), 4),
                ROW("13.5", "> 53 05 51 88 10 16", ACK), TELEGRAM("13.5", "> 7B 05", TELL(B), 5),
                ROW("13.5", "> 53 05 51 88 30 16", ACK), TELEGRAM("13.5", "> 7B 05", TELL(A B), 6),
                ROW("13.5", "> 53 05 51 C8 3F 16", ACK),
                TELEGRAM("13.5", "> 7B 05", TELL(A B F), 7), ROW("13.5", "> 53 05 51 08 7E", ACK),
                TELEGRAM("13.5", "> 7B 05", TELL(A D), 8) } },
    { .name = "how long a choice lasts",
      .meters = CHOICE,
      .rows = { ROW("13.5", "> 53 05 51 08 16", ACK), TELEGRAM("13.5", "> 7B 05", TELL(A), 0),
                ROW("13.5", "> 40 05", ACK), TELEGRAM("13.5", "> 7B 05", TELL(A), 1),
                ROW("13.5", "> 73 FD 52 78 56 34 12 FF FF FF FF", ACK),
                TELEGRAM("13.5", "> 7B FD", TELL(A), 2), ROW("13.5", "> 53 05 51 08 13", ACK),
                TELEGRAM("13.5", "> 7B 05", TELL(NO_VOLUME), 3),
                TELEGRAM("13.5", "> 7B FD", TELL(NO_VOLUME), 4), ROW("13.5", "> 53 05 51 7F", ACK),
                TELEGRAM("13.5", "> 7B 05", TELL(A B C D F), 5),
                ROW("13.5", "> 53 05 51 08 16", ACK), ROW("9", "> 53 05 50", ACK),
                TELEGRAM("13.5", "> 7B 05", TELL(A B C D F), 6) } },
    { .name = "synchronise",
      .meters = CHOICE,
      .rows = { ROW("14.3", "> 53 05 54", ACK), ROW("14.3", "> 53 05 5C", ACK),
                ROW("14.3", "> 73 FE 54", ACK), ROW("14.3", "> 53 FF 54", SILENCE),
                ROW("14.3", "> 53 05 54 01", SILENCE), ROW("14.3", "> 53 FD 54", SILENCE) } },
};

int main(void)
{
    return dialogues_main("applications", dialogues, ARRAY_SIZE(dialogues));
}
