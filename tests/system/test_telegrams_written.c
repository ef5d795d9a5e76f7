/* The worked writes of mbus-protocol 16.6, byte by byte, and what is read afterwards. */
#include "tests/system/dialogue.h"

#define METER(address, records)                                                                    \
    "meter = { address = " address "; id = \"12345678\"; records = ( " records " ); };\n"
#define HEADER "72 78 56 34 12 74 52 01 00 00 00 00 00"
#define RECORDS "02 FD 49 D2 04 02 16 C8 01"

#define ENERGY "{ name = \"energy\"; unit = \"kWh\"; type = \"bcd8\"; value = 5; writable = true; }"
#define LITRES(name, more)                                                                         \
    "{ name = \"" name "\"; unit = \"l\"; type = \"int16\"; value = 1000; " more "}"
#define FLOW(name, value, more)                                                                    \
    "{ name = \"" name "\"; quantity = \"flow_temperature\"; unit = \"degC\"; resolution = 0.1; "  \
    "type = \"int16\"; value = " value "; " more "}"

/* Records of every kind of address: storage 1, tariff 1, unit 1. */
#define MANY                                                                                       \
    LITRES("volume", "")                                                                           \
    ", " LITRES("last", "storage = 1; ") ", " LITRES("night", "tariff = 1; ") ", " LITRES(         \
        "second", "subunit = 1; ")
#define MANY_BYTES "02 13 E8 03 42 13 E8 03 82 10 13 E8 03 82 40 13 E8 03"
#define UNIT_0_BYTES "02 13 E8 03 42 13 E8 03 82 10 13 E8 03"

static const struct dialogue dialogues[] = {
    { .name = "primary address",
      .rows = { ROW("16.6", "68 06 06 68 73 05 51 01 7A 08 4C 16", ACK),
                ROW("13.1", "10 40 08 48 16", ACK), ROW("13.1", "10 40 05 45 16", SILENCE),
                TELEGRAM("6", "10 7B 08 83 16", "> 08 08 " HEADER " " RECORDS, 0) } },
    { .name = "primary address through 254",
      .rows = { ROW("16.6", "68 06 06 68 53 FE 51 01 7A 08 25 16", ACK),
                ROW("13.1", "10 40 08 48 16", ACK), ROW("13.1", "10 40 05 45 16", SILENCE) } },
    { .name = "primary address of the selected slave, which stays selected",
      .rows = { ROW("16.4", "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", ACK),
                ROW("16.6", "68 06 06 68 73 FD 51 01 7A 08 44 16", ACK),
                TELEGRAM("13.1", "10 7B FD 78 16", "> 08 08 " HEADER " " RECORDS, 0),
                ROW("13.1", "10 40 05 45 16", SILENCE) } },
    { .name = "identification number",
      .meters = METER_5(ALLOW_ALL, VOLTAGE ", " VOLUME),
      .rows = { ROW("16.4", "68 0B 0B 68 73 FD 52 78 56 34 12 74 52 01 00 9D 16", ACK),
                ROW("16.6", "68 09 09 68 73 05 51 0C 79 04 03 02 01 58 16", ACK),
                TELEGRAM("13.2", "10 7B FD 78 16",
                         "> 08 05 72 04 03 02 01 74 52 01 00 00 00 00 00 " RECORDS, 0),
                ROW("13.2", "> 73 FD 52 78 56 34 12 FF FF FF FF", SILENCE),
                ROW("13.2", "> 73 FD 52 04 03 02 01 74 52 01 00", ACK) } },
    { .name = "complete secondary address",
      .meters = METER_5(ALLOW_ALL, VOLTAGE ", " VOLUME),
      .rows = { ROW("16.6", "68 0D 0D 68 73 FE 51 07 79 04 03 02 01 74 52 01 07 1A 16", ACK),
                TELEGRAM("13.2", "10 7B 05 80 16",
                         "> 08 05 72 04 03 02 01 74 52 01 07 00 00 00 00 " RECORDS, 0),
                ROW("16.6", "68 0D 0D 68 53 FE 51 07 79 04 03 02 01 24 40 01 04 95 16", ACK),
                TELEGRAM("13.2", "10 7B 05 80 16",
                         "> 08 05 72 04 03 02 01 24 40 01 04 00 00 00 00 " RECORDS, 1),
                ROW("13.2", "> 73 FD 52 04 03 02 01 24 40 01 04", ACK) } },
    { .name = "date and time",
      .meters = METER_5(ALLOW_ALL, VOLTAGE ", " VOLUME),
      .rows = { ROW("16.6", "68 09 09 68 73 05 51 04 6D 22 0C 11 35 AE 16", ACK) } },
    { .name = "volume and flow temperature chosen for the readout",
      .meters = METER("7", VOLTAGE ", " LITRES("volume", "") ", " FLOW("flow", "35.5", "")),
      .rows = { ROW("16.6", "68 07 07 68 53 07 51 08 13 08 5A 28 16", ACK),
                TELEGRAM("13.5", "10 7B 07 82 16", "> 08 07 " HEADER " 02 13 E8 03 02 5A 63 01",
                         0) } },
    { .name = "all storages, tariffs, units",
      .meters = METER_5("", MANY),
      .rows = { ROW("16.6", "68 07 07 68 53 05 51 C8 FF 7F 7E 6D 16", ACK),
                TELEGRAM("13.5", "10 7B 05 80 16", "> 08 05 " HEADER " " MANY_BYTES, 0) } },
    { .name = "all storages and tariffs of unit 0, then all data again",
      .meters = METER("1", MANY),
      .rows = { ROW("16.6", "68 06 06 68 53 01 51 C8 3F 7E 2A 16", ACK),
                TELEGRAM("13.5", "10 7B 01 7C 16", "> 08 01 " HEADER " " UNIT_0_BYTES, 0),
                ROW("13.5", "> 53 01 51 7F", ACK),
                TELEGRAM("13.5", "10 7B 01 7C 16", "> 08 01 " HEADER " " MANY_BYTES, 1) } },
    { .name = "global readout request",
      .meters = METER("3", VOLTAGE ", " VOLUME),
      .rows = { ROW("13.5", "> 53 03 51 08 16", ACK),
                TELEGRAM("13.5", "10 7B 03 7E 16", "> 08 03 " HEADER " 02 16 C8 01", 0),
                ROW("16.6", "68 04 04 68 53 03 51 7F 26 16", ACK),
                TELEGRAM("13.5", "10 7B 03 7E 16", "> 08 03 " HEADER " " RECORDS, 1) } },
    { .name = "a volume cleared",
      .meters = METER_5("", "{ name = \"v\"; unit = \"m3\"; value = 456; writable = true; }"),
      .rows = { TELEGRAM("16.6", "10 7B 05 80 16", "> 08 05 " HEADER " 04 16 C8 01 00 00", 0),
                ROW("16.6", "68 0A 0A 68 73 05 51 04 96 07 00 00 00 00 6A 16", ACK),
                TELEGRAM("16.6", "10 7B 05 80 16", "> 08 05 " HEADER " 04 16 00 00 00 00", 1),
                ROW("13.6", "> 53 05 51 04 16 07 00 00 00", ACK),
                TELEGRAM("13.6", "10 7B 05 80 16", "> 08 05 " HEADER " 04 16 07 00 00 00", 2),
                ROW("16.6", "> 73 05 51 00 96 07", ACK),
                TELEGRAM("16.6", "10 7B 05 80 16", "> 08 05 " HEADER " 04 16 00 00 00 00", 3) } },
    { .name = "energy set and increased",
      .meters = METER("1", ENERGY),
      .rows = { ROW("16.6", "68 0A 0A 68 53 01 51 0C 86 00 07 01 00 00 3F 16", ACK),
                TELEGRAM("16.6", "10 7B 01 7C 16", "> 08 01 " HEADER " 0C 06 07 01 00 00", 0),
                ROW("16.6", "68 0A 0A 68 53 01 51 0C 86 01 10 00 00 00 48 16", ACK),
                TELEGRAM("16.6", "10 5B 01 5C 16", "> 08 01 " HEADER " 0C 06 17 01 00 00", 1) } },
    { .name = "flow temperature frozen to storage 1",
      .meters = METER("1", FLOW("flow", "35.5", "writable = true; ") ", " FLOW(
                               "frozen", "1", "storage = 1; writable = true; ")),
      .rows = { TELEGRAM("16.6", "10 7B 01 7C 16", "> 08 01 " HEADER " 02 5A 63 01 42 5A 0A 00", 0),
                ROW("16.6", "68 06 06 68 53 01 51 40 DA 0B CA 16", ACK),
                TELEGRAM("16.6", "10 5B 01 5C 16", "> 08 01 " HEADER " 02 5A 63 01 42 5A 63 01",
                         1) } },
};

int main(void)
{
    return dialogues_main("telegrams written", dialogues, ARRAY_SIZE(dialogues));
}
