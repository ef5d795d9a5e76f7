/* The worked telegrams of mbus-protocol 16, byte by byte. Access numbers count on from telegram to
 * telegram, so the tables say which one is due where the reference shows 00. */
#include "tests/system/dialogue.h"

#define SELECT_5 "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16"

#define FABRICATION                                                                                \
    "{ name = \"fabrication\"; quantity = \"fabrication_number\"; value = 11223344; }"
#define TELEGRAM_FABRICATION                                                                       \
    "68 19 19 68 08 05 72 78 56 34 12 74 52 01 00 00 00 00 00 0C 78 44 33 22 11 02 16 C8 01 69 16"

#define FIXED_METER(address, id, medium, unit_1, value_1, unit_2, value_2, storage)                \
    "meter = { address = " address "; id = \"" id "\"; medium = \"" medium "\"; "                  \
    "structure = \"fixed\"; records = ( { name = \"a\"; unit = \"" unit_1                          \
    "\"; type = \"bcd8\"; value = " value_1 "; }, { name = \"b\"; unit = \"" unit_2                \
    "\"; type = \"bcd8\"; storage = " storage "; value = " value_2 "; } ); };\n"

static const struct dialogue dialogues[] = {
    { .name = "ping",
      .rows = { ROW("16.1", "10 40 05 45 16", ACK), ROW("16.1", "10 40 00 40 16", SILENCE),
                ROW("16.1", "10 40 FE 3E 16", ACK), ROW("16.1", "10 40 FF 3F 16", SILENCE),
                ROW("16.1", "10 40 FD 3D 16", SILENCE), ROW("16.1", SELECT_5, ACK),
                ROW("16.1", "10 40 FD 3D 16", ACK), ROW("16.1", "10 40 FD 3D 16", SILENCE),
                ROW("16.1", "10 49 05 4E 16", "10 0B 05 10 16") } },
    { .name = "ping of an unconfigured meter",
      .meters = "meter = { records = ( " VOLTAGE " ); };\n",
      .rows = { ROW("16.1", "10 40 00 40 16", ACK), ROW("16.1", "10 40 05 45 16", SILENCE) } },
    { .name = "readout",
      .rows = { TELEGRAM("16.2", "10 7B 05 80 16", TELEGRAM_5, 0),
                TELEGRAM("16.2", "10 5B 05 60 16", TELEGRAM_5, 1),
                TELEGRAM("16.2", "10 7B FE 79 16", TELEGRAM_5, 2),
                ROW("16.2", "10 7B FD 78 16", SILENCE), ROW("16.4", SELECT_5, ACK),
                TELEGRAM("16.2", "10 7B FD 78 16", TELEGRAM_5, 3),
                TELEGRAM("16.2", "10 5B FD 58 16", TELEGRAM_5, 4) } },
    { .name = "fixed structure",
      .meters = FIXED_METER("5", "12345678", "water", "l", "123", "l", "456", "1"),
      .rows = { TELEGRAM("16.3", "10 7B 05 80 16",
                         "68 13 13 68 08 05 73 78 56 34 12 0A 00 E9 7E 23 01 00 00 56 04 00 00 83 "
                         "16",
                         0) } },
    { .name = "fixed structure, a heat meter of libmbus's collection",
      .meters = FIXED_METER("1", "90919293", "heat_outlet", "kWh", "6531", "l", "69", "0"),
      .rows = { TELEGRAM("16.3", "10 7B 01 7C 16",
                         "> 08 01 73 93 92 91 90 10 00 05 69 31 65 00 00 69 00 00 00", 0) } },
    { .name = "selection",
      .rows = { ROW("16.4", SELECT_5, ACK),
                ROW("16.4", "68 0B 0B 68 53 FD 52 78 56 34 12 74 52 01 00 7D 16", ACK),
                ROW("16.4", "68 0B 0B 68 73 FD 52 78 56 34 12 FF FF FF FF D2 16", ACK),
                ROW("16.4", "68 0B 0B 68 73 FD 52 FF FF FF FF FF FF FF FF BA 16", ACK),
                ROW("16.4", "68 0B 0B 68 73 FD 52 FF FF FF 1F FF FF FF FF DA 16", ACK),
                ROW("16.4", "68 0B 0B 68 73 FD 52 FF FF FF FF 74 52 FF FF 82 16", ACK),
                TELEGRAM("16.4", "10 7B FD 78 16", TELEGRAM_5, 0),
                ROW("16.4", "68 0B 0B 68 53 FD 56 78 56 34 12 74 52 01 00 81 16", SILENCE),
                ROW("7.2", "10 7B FD 78 16", SILENCE), ROW("16.4", SELECT_5, ACK),
                ROW("16.4", "68 0B 0B 68 53 FD 56 12 34 56 78 52 74 01 00 81 16", SILENCE),
                ROW("7.2", "10 7B FD 78 16", SILENCE) } },
    { .name = "enhanced selection",
      .meters = METER_5("", FABRICATION ", " VOLUME),
      .rows = { ROW("16.5", "68 11 11 68 73 FD 52 78 56 34 12 74 52 FF FF 0C 78 44 33 22 11 C8 16",
                    ACK),
                TELEGRAM("16.2", "10 7B FD 78 16", TELEGRAM_FABRICATION, 0),
                ROW("16.5", "68 11 11 68 73 FD 52 FF FF FF FF FF FF FF FF 0C 78 44 33 22 11 E8 16",
                    ACK),
                ROW("16.5", "68 11 11 68 73 FD 52 FF FF FF FF FF FF FF FF 0C 78 FF FF FF 1F 5A 16",
                    ACK),
                TELEGRAM("16.2", "10 7B FD 78 16", TELEGRAM_FABRICATION, 1),
                ROW("7.5", "> 73 FD 52 FF FF FF FF FF FF FF FF 0C 78 45 33 22 11", SILENCE),
                ROW("7.2", "10 7B FD 78 16", SILENCE) } },
    { .name = "a slave without a fabrication number",
      .rows = { ROW("7.5", SELECT_5, ACK),
                ROW("7.5", "68 11 11 68 73 FD 52 78 56 34 12 74 52 FF FF 0C 78 44 33 22 11 C8 16",
                    SILENCE),
                ROW("7.5", "10 7B FD 78 16", SILENCE) } },
    { .name = "baud, application reset, synchronise",
      .meters = METER_5(ALLOW_ALL, VOLTAGE ", " VOLUME),
      .rows = { ROW("16.7", "68 03 03 68 53 05 BD 15 16", ACK),
                ROW("16.7", "68 03 03 68 53 05 BB 13 16", ACK),
                ROW("16.7", "68 03 03 68 53 05 B8 10 16", ACK),
                ROW("16.7", "68 03 03 68 53 05 50 A8 16", ACK),
                ROW("16.7", "68 04 04 68 53 FE 50 10 B1 16", ACK),
                ROW("16.7", "68 04 04 68 53 05 50 20 C8 16", ACK),
                ROW("16.7", "68 03 03 68 53 FE 54 A5 16", ACK),
                ROW("16.7", "68 03 03 68 53 FF 5C AE 16", SILENCE) } },
    { .name = "no alarm",
      .rows = { ROW("16.10", "10 7A 05 7F 16", ACK), ROW("16.10", "10 5A 05 5F 16", ACK) } },
    { .name = "a complete secondary session",
      .rows = { ROW("16.11", "10 40 FD 3D 16", SILENCE), ROW("16.11", "10 40 FD 3D 16", SILENCE),
                ROW("16.11", SELECT_5, ACK), TELEGRAM("16.11", "10 5B FD 58 16", TELEGRAM_5, 0),
                ROW("16.11", "> 73 FD 52 79 56 34 12 74 52 01 00", SILENCE),
                ROW("16.11", "10 7B FD 78 16", SILENCE) } },
    /* Each is followed by a repeated request: the stored telegram shows that nothing changed. */
    { .name = "broken frames",
      .rows = { TELEGRAM("16.2", "10 7B 05 80 16", TELEGRAM_5, 0),
                ROW("16.12", "10 40 05 46 16", DROPPED), ROW("16.12", "10 40 05 45 15", DROPPED),
                ROW("16.12", "68 03 04 68 53 05 50 A8 16", DROPPED),
                ROW("16.12", "68 02 02 68 53 05 58 16", DROPPED),
                ROW("16.12", "68 03 03 69 53 05 50 A8 16", DROPPED),
                ROW("16.12", "10 08 05 0D 16", DROPPED), ROW("16.12", "10 C0 05 C5 16", DROPPED),
                ROW("16.12", "10 4F 05 54 16", DROPPED), ROW("16.12", "10 7B 06 81 16", DROPPED),
                ROW("16.12", "10 7B FF 7A 16", DROPPED), ROW("16.12", "10 7B FB 76 16", DROPPED),
                ROW("16.12", "10 7B FC 77 16", DROPPED), ROW("16.12", "E5", DROPPED),
                ROW("16.12", "A2", DROPPED), ROW("16.12", "55 55 55", DROPPED),
                ROW("16.12", "68", DROPPED),
                ROW("16.12", "68 06 06 68 53 05 51 01 7A FD 21 16", DROPPED),
                TELEGRAM("16.12", "10 7B 05 80 16", TELEGRAM_5, 0) } },
};

int main(void)
{
    return dialogues_main("telegrams", dialogues, ARRAY_SIZE(dialogues));
}
