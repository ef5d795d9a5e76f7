/* The frame count bit: what a repeat is, and what it must not do. mbus-protocol 5.4 and 5.5. */
#include "tests/system/dialogue.h"

#define METER(settings)                                                                            \
    METER_5(settings, "{ name = \"energy\"; unit = \"kWh\"; type = \"bcd8\"; value = 100; "        \
                      "writable = true; }")
#define ENERGY_IS(bcd) "> 08 05 " HEADER_5 " 0C 06 " bcd

#define ADD_10(c) "> " c " 05 51 0C 86 01 10 00 00 00"
#define ADD_20(c) "> " c " 05 51 0C 86 01 20 00 00 00"
#define READ "> 4B 05" /* FCV = 0: fresh, whatever came before */

static const struct dialogue dialogues[] = {
    { .name = "a repeated write is done once",
      .meters = METER(""),
      .rows = { ROW("5.5", ADD_10("53"), ACK), ROW("5.5", ADD_10("53"), ACK),
                ROW("5.5", ADD_10("53"), ACK), TELEGRAM("5.5", READ, ENERGY_IS("10 01 00 00"), 0),
                ROW("5.5", ADD_10("73"), ACK), TELEGRAM("5.5", READ, ENERGY_IS("20 01 00 00"), 1),
                ROW("5.5", ADD_10("73"), ACK), TELEGRAM("5.5", READ, ENERGY_IS("20 01 00 00"), 2),
                ROW("5.5", ADD_10("53"), ACK),
                TELEGRAM("5.5", READ, ENERGY_IS("30 01 00 00"), 3) } },
    { .name = "another content with the same FCB is no repeat",
      .meters = METER(""),
      .rows = { ROW("5.5", ADD_10("53"), ACK), ROW("5.5", ADD_20("53"), ACK),
                TELEGRAM("5.5", READ, ENERGY_IS("30 01 00 00"), 0), ROW("5.5", ADD_10("53"), ACK),
                TELEGRAM("5.5", READ, ENERGY_IS("40 01 00 00"), 1) } },
    { .name = "without FCV each write is new",
      .meters = METER(""),
      .rows = { ROW("5.5", ADD_10("43"), ACK), ROW("5.5", ADD_10("43"), ACK),
                ROW("5.5", ADD_10("63"), ACK),
                TELEGRAM("5.5", READ, ENERGY_IS("30 01 00 00"), 0) } },
    { .name = "after repeat_time the same write is new",
      .meters = METER("repeat_time = \"1 s\"; "),
      .rows = { ROW("5.5", ADD_10("53"), ACK), PAUSE("5.5", 1500), ROW("5.5", ADD_10("53"), ACK),
                TELEGRAM("5.5", READ, ENERGY_IS("20 01 00 00"), 0) } },
    { .name = "SND_NKE makes the next write new",
      .meters = METER(""),
      .rows = { ROW("5.5", ADD_10("53"), ACK), ROW("5.3", "> 40 05", ACK),
                ROW("5.5", ADD_10("53"), ACK),
                TELEGRAM("5.5", READ, ENERGY_IS("20 01 00 00"), 0) } },
    { .name = "254 shares the memory of the address, 253 has its own",
      .meters = METER(""),
      .rows = { ROW("5.3", ADD_10("53"), ACK), ROW("5.3", "> 53 FE 51 0C 86 01 10 00 00 00", ACK),
                TELEGRAM("5.3", READ, ENERGY_IS("10 01 00 00"), 0),
                ROW("7.1", "> 73 FD 52 78 56 34 12 FF FF FF FF", ACK),
                ROW("5.3", "> 53 FD 51 0C 86 01 10 00 00 00", ACK),
                ROW("5.3", "> 53 FD 51 0C 86 01 10 00 00 00", ACK),
                TELEGRAM("5.3", READ, ENERGY_IS("20 01 00 00"), 1),
                ROW("7.1", "> 73 FD 52 78 56 34 12 FF FF FF FF", ACK),
                ROW("5.3", "> 53 FD 51 0C 86 01 10 00 00 00", ACK),
                TELEGRAM("5.3", READ, ENERGY_IS("30 01 00 00"), 2) } },
    { .name = "a refused write is no transaction",
      .meters = METER(""),
      .rows = { ROW("5.5", ADD_10("53"), ACK), ROW("3.2", "> 53 05 51 01 7A FD", SILENCE),
                ROW("5.5", ADD_10("53"), ACK),
                TELEGRAM("5.5", READ, ENERGY_IS("10 01 00 00"), 0) } },
    { .name = "a write to 255 is done, and repeated is done once",
      .meters = METER(""),
      .rows = { ROW("5.5", "> 53 FF 51 0C 86 01 10 00 00 00", SILENCE),
                ROW("5.5", "> 53 FF 51 0C 86 01 10 00 00 00", SILENCE),
                TELEGRAM("5.5", READ, ENERGY_IS("10 01 00 00"), 0) } },
    { .name = "writes and reads have memories apart, and a write freshens the readout",
      .meters = METER(""),
      .rows = { TELEGRAM("5.4", "> 7B 05", ENERGY_IS("00 01 00 00"), 0),
                TELEGRAM("5.4", "> 7B 05", ENERGY_IS("00 01 00 00"), 0),
                ROW("5.5", ADD_10("73"), ACK),
                TELEGRAM("12", "> 7B 05", ENERGY_IS("10 01 00 00"), 1),
                ROW("5.5", ADD_10("73"), ACK),
                TELEGRAM("12", "> 7B 05", ENERGY_IS("10 01 00 00"), 1),
                ROW("13.7", "> 53 05 51 01 7A FD", SILENCE),
                TELEGRAM("12", "> 7B 05", ENERGY_IS("10 01 00 00"), 1),
                TELEGRAM("5.4", "> 5B 05", ENERGY_IS("10 01 00 00"), 2) } },
    { .name = "an executed write freshens all paths",
      .meters = METER(""),
      .rows = { ROW("7.1", "> 73 FD 52 78 56 34 12 FF FF FF FF", ACK),
                TELEGRAM("5.4", "> 7B FD", ENERGY_IS("00 01 00 00"), 0),
                TELEGRAM("5.4", "> 7B FD", ENERGY_IS("00 01 00 00"), 0),
                ROW("5.5", ADD_10("53"), ACK),
                TELEGRAM("12", "> 7B FD", ENERGY_IS("10 01 00 00"), 1),
                TELEGRAM("5.4", "> 7B FD", ENERGY_IS("10 01 00 00"), 1) } },
};

int main(void)
{
    return dialogues_main("repeats", dialogues, ARRAY_SIZE(dialogues));
}
