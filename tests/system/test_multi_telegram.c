/* Answers of several telegrams: mbus-protocol 12, with the sequences of 5.4 and 16.8. */
#include "tests/system/dialogue.h"

/* Volumes of storage 0 to 14, 1 m3 each. L is at most 64, so there is room for 49 bytes: 48 of
 * records and the 1F, or 49 of records in the last telegram. */
#define S(storage) "{ name = \"s" storage "\"; unit = \"m3\"; storage = " storage "; value = 1; }"
#define TO_12                                                                                      \
    S("0")                                                                                         \
    ", " S("1") ", " S("2") ", " S("3") ", " S("4") ", " S("5") ", " S("6") ", " S("7") ", " S(    \
        "8") ", " S("9") ", " S("10") ", " S("11") ", " S("12")
#define TWO_TELEGRAMS(settings) METER_5("max_telegram = 64; " settings, TO_12 ", " S("13"))
#define THREE_TELEGRAMS(settings)                                                                  \
    METER_5("max_telegram = 64; " settings, TO_12 ", " S("13") ", " S("14"))

#define V " 16 01 00 00 00 "
#define SEVEN "04" V "44" V "84 01" V "C4 01" V "84 02" V "C4 02" V "84 03" V
#define SIX "C4 03" V "84 04" V "C4 04" V "84 05" V "C4 05" V "84 06" V
#define T1 "> 08 05 " HEADER_5 " " SEVEN "1F"
#define T2 "> 08 05 " HEADER_5 " " SIX "1F"
#define T3 "> 08 05 " HEADER_5 " C4 06" V "84 07" V
#define T2_LAST "> 08 05 " HEADER_5 " " SIX "C4 06" V

#define SELECT "> 73 FD 52 78 56 34 12 FF FF FF FF"
#define RESET_253 "10 40 FD 3D 16"

static const struct dialogue dialogues[] = {
    { .name = "a last telegram that is just full",
      .meters = TWO_TELEGRAMS(""),
      .rows = { ROW("16.8", "> 40 05", ACK), TELEGRAM("12", "> 7B 05", T1, 0),
                TELEGRAM("12", "> 5B 05", T2_LAST, 1), TELEGRAM("16.8", "> 5B 05", T2_LAST, 1),
                TELEGRAM("16.8", "> 7B 05", T1, 2) } },
    { .name = "three telegrams, repeats, and round again",
      .meters = THREE_TELEGRAMS(""),
      .rows = { TELEGRAM("12", "> 7B 05", T1, 0), TELEGRAM("5.4", "> 7B 05", T1, 0),
                TELEGRAM("12", "> 5B 05", T2, 1), TELEGRAM("5.4", "> 5B 05", T2, 1),
                TELEGRAM("12", "> 7B 05", T3, 2), TELEGRAM("5.4", "> 7B 05", T3, 2),
                TELEGRAM("12", "> 5B 05", T1, 3), TELEGRAM("12", "> 7B 05", T2, 4),
                TELEGRAM("12", "> 5B 05", T3, 5) } },
    { .name = "libmbus: multi-reply twice within repeat_time",
      .meters = THREE_TELEGRAMS(""),
      .rows = { ROW("15.1", RESET_253, SILENCE), ROW("15.1", RESET_253, SILENCE),
                TELEGRAM("12", "> 7B 05", T1, 0), TELEGRAM("12", "> 5B 05", T2, 1),
                TELEGRAM("12", "> 7B 05", T3, 2), ROW("15.1", RESET_253, SILENCE),
                ROW("15.1", RESET_253, SILENCE), TELEGRAM("5.3", "> 7B 05", T1, 3),
                TELEGRAM("5.3", "> 5B 05", T2, 4), TELEGRAM("5.3", "> 7B 05", T3, 5) } },
    { .name = "libmbus: multi-reply repeats with the same FCB",
      .meters = THREE_TELEGRAMS(""),
      .rows = { TELEGRAM("12", "> 7B 05", T1, 0), TELEGRAM("12", "> 5B 05", T2, 1),
                TELEGRAM("12", "> 5B 05", T2, 1), TELEGRAM("12", "> 5B 05", T2, 1),
                TELEGRAM("12", "> 5B 05", T2, 1), TELEGRAM("12", "> 7B 05", T3, 2) } },
    { .name = "pyMeterBus: multi-reply reads one telegram of a primary address",
      .meters = THREE_TELEGRAMS(""),
      .rows = { ROW("12", "> 40 05", ACK), TELEGRAM("12", "> 7B 05", T1, 0),
                ROW("12", "> 40 05", ACK), TELEGRAM("12", "> 7B 05", T1, 1) } },
    { .name = "pyMeterBus, wmbusmeters: secondary address",
      .meters = THREE_TELEGRAMS(""),
      .rows = { ROW("12", SELECT, ACK), TELEGRAM("12", "> 7B FD", T1, 0),
                TELEGRAM("12", "> 5B FD", T2, 1), TELEGRAM("12", "> 7B FD", T3, 2),
                ROW("12", SELECT, ACK), TELEGRAM("12", "> 7B FD", T1, 3) } },
    { .name = "jMBus: alternates for ever",
      .meters = THREE_TELEGRAMS(""),
      .rows = { TELEGRAM("15.4", "> 7B 05", T1, 0), TELEGRAM("15.4", "> 5B 05", T2, 1),
                TELEGRAM("15.4", "> 7B 05", T3, 2), TELEGRAM("15.4", "> 5B 05", T1, 3),
                TELEGRAM("15.4", "> 7B 05", T2, 4), ROW("15.4", "> 53 05 50", ACK),
                TELEGRAM("9", "> 7B 05", T1, 5) } },
    { .name = "FCV = 0 never leaves the first telegram",
      .meters = THREE_TELEGRAMS(""),
      .rows = { TELEGRAM("5.4", "> 4B 05", T1, 0), TELEGRAM("5.4", "> 4B 05", T1, 1),
                TELEGRAM("5.4", "> 6B 05", T1, 2) } },
    { .name = "what rewinds to the first telegram",
      .meters = THREE_TELEGRAMS(""),
      .rows = { TELEGRAM("12", "> 7B 05", T1, 0), ROW("12", "> 40 05", ACK),
                TELEGRAM("12", "> 5B 05", T1, 1), TELEGRAM("12", "> 7B 05", T2, 2),
                ROW("12", "> 40 FF", SILENCE), TELEGRAM("12", "> 7B 05", T1, 3),
                TELEGRAM("12", "> 5B 05", T2, 4), ROW("12", "> 53 05 50", ACK),
                TELEGRAM("12", "> 5B 05", T1, 5), TELEGRAM("12", "> 7B 05", T2, 6),
                ROW("12", "> 53 05 51 7F", ACK), TELEGRAM("12", "> 5B 05", T1, 7),
                TELEGRAM("12", "> 7B 05", T2, 8), TELEGRAM("5.4", "> 4B 05", T1, 9),
                ROW("12", SELECT, ACK), TELEGRAM("12", "> 7B FD", T1, 10), ROW("12", SELECT, ACK),
                TELEGRAM("12", "> 5B FD", T1, 11) } },
    { .name = "requests to other paths disturb nothing",
      .meters = THREE_TELEGRAMS(""),
      .rows = { ROW("12", SELECT, ACK), TELEGRAM("12", "> 7B 05", T1, 0),
                TELEGRAM("12", "> 7B FD", T1, 1), TELEGRAM("12", "> 5B FE", T2, 2),
                TELEGRAM("12", "> 5B FD", T2, 3), TELEGRAM("12", "> 7B 05", T3, 4),
                TELEGRAM("12", "> 7B FD", T3, 5), ROW("12", "> 5A 05", ACK),
                TELEGRAM("12", "> 5B 05", T1, 6) } },
    { .name = "a late repeat is a new session, never the next telegram",
      .meters = THREE_TELEGRAMS("repeat_time = \"1 s\"; "),
      .rows = { TELEGRAM("5.4", "> 7B 05", T1, 0), TELEGRAM("5.4", "> 5B 05", T2, 1),
                PAUSE("5.4", 1500), TELEGRAM("5.4", "> 5B 05", T1, 2),
                TELEGRAM("5.4", "> 7B 05", T2, 3) } },
    { .name = "after session_time a toggled request starts again",
      .meters = THREE_TELEGRAMS("session_time = \"1 s\"; "),
      .rows = { TELEGRAM("5.4", "> 7B 05", T1, 0), PAUSE("5.4", 1500),
                TELEGRAM("5.4", "> 5B 05", T1, 1), TELEGRAM("5.4", "> 7B 05", T2, 2),
                TELEGRAM("5.4", "> 5B 05", T3, 3) } },
    { .name = "within session_time it goes on",
      .meters = THREE_TELEGRAMS("repeat_time = \"1 s\"; session_time = \"1 min\"; "),
      .rows = { TELEGRAM("5.4", "> 7B 05", T1, 0), PAUSE("5.4", 1500),
                TELEGRAM("5.4", "> 5B 05", T2, 1) } },
    { .name = "over TCP",
      .meters = THREE_TELEGRAMS(""),
      .tcp = true,
      .rows = { TELEGRAM("12", "> 7B 05", T1, 0), TELEGRAM("12", "> 5B 05", T2, 1),
                TELEGRAM("12", "> 7B 05", T3, 2) } },
    { .name = "manufacturer data stand in the last telegram",
      .meters = METER_5("manufacturer_data = \"DEADBEEF\"; ", VOLTAGE),
      .rows = { TELEGRAM("10.7", "> 7B 05", "> 08 05 " HEADER_5 " 02 FD 49 D2 04 0F DE AD BE EF",
                         0) } },
    { .name = "manufacturer data of a split answer",
      .meters = TWO_TELEGRAMS("manufacturer_data = \"DEADBEEF\"; "),
      .rows = { TELEGRAM("12", "> 7B 05", T1, 0), TELEGRAM("12", "> 5B 05", T2, 1),
                TELEGRAM("12", "> 7B 05", "> 08 05 " HEADER_5 " C4 06" V "0F DE AD BE EF", 2) } },
    { .name = "a sub-telegram alone (CI 50)",
      .meters = THREE_TELEGRAMS(""),
      .rows = { ROW("9", "> 53 05 50 02", ACK),
                TELEGRAM("9", "> 7B 05", "> 08 05 " HEADER_5 " " SIX, 0),
                TELEGRAM("9", "> 5B 05", "> 08 05 " HEADER_5 " " SIX, 1),
                ROW("9", "> 53 05 50 03", ACK), TELEGRAM("9", "> 7B 05", T3, 2),
                ROW("9", "> 53 05 50 04", ACK), TELEGRAM("9", "> 7B 05", T1, 3),
                TELEGRAM("9", "> 5B 05", T2, 4) } },
};

int main(void)
{
    return dialogues_main("multi-telegram", dialogues, ARRAY_SIZE(dialogues));
}
