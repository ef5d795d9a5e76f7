/* What a master may write, and what is refused: mbus-protocol 13. */
#include "tests/system/dialogue.h"

#define ENERGY(more) "{ name = \"energy\"; unit = \"kWh\"; type = \"bcd8\"; value = 100; " more "}"
#define BITS "{ name = \"bits\"; unit = \"m3\"; type = \"int16\"; value = 240; writable = true; }"
#define CASH                                                                                       \
    "{ name = \"volume\"; unit = \"m3\"; type = \"int16\"; value = 456; "                          \
    "writable = { min = 0; max = 500; }; }"
#define WRITABLE "writable = true; "
#define ENERGY_IS(bcd) "> 08 05 " HEADER_5 " 0C 06 " bcd
#define ENERGY_METER METER_5("", ENERGY(WRITABLE))

#define DATE_AND_COUNT(date, count) "> 08 05 " HEADER_5 " 04 FD 30 " date " 01 FD 60 " count

#define ID_RECORD "51 0C 79"
#define ALLOW(words) METER_5("allow = [ " words " ]; ", VOLTAGE ", " VOLUME)

static const struct dialogue dialogues[] = {
    { .name = "object actions on a BCD record",
      .meters = ENERGY_METER,
      .rows = { ROW("13.6", "> 53 05 51 0C 06 20 00 00 00", ACK),
                TELEGRAM("13.6", "> 7B 05", ENERGY_IS("20 00 00 00"), 0),
                ROW("13.6", "> 53 05 51 0C 86 00 07 01 00 00", ACK),
                TELEGRAM("13.6", "> 7B 05", ENERGY_IS("07 01 00 00"), 1),
                ROW("13.6", "> 53 05 51 0C 86 01 10 00 00 00", ACK),
                TELEGRAM("13.6", "> 7B 05", ENERGY_IS("17 01 00 00"), 2),
                ROW("13.6", "> 53 05 51 0C 86 02 18 00 00 00", ACK),
                TELEGRAM("13.6", "> 7B 05", ENERGY_IS("99 00 00 00"), 3),
                ROW("13.6", "> 53 05 51 00 86 07", ACK),
                TELEGRAM("13.6", "> 7B 05", ENERGY_IS("00 00 00 00"), 4),
                ROW("13.6", "> 53 05 51 04 86 01 0A 00 00 00", ACK),
                TELEGRAM("13.6", "> 7B 05", ENERGY_IS("10 00 00 00"), 5) } },
    { .name = "bits set, masked, toggled, cleared",
      .meters = METER_5("", BITS),
      .rows = { ROW("13.6", "> 53 05 51 02 96 03 0F 00", ACK),
                TELEGRAM("13.6", "> 7B 05", "> 08 05 " HEADER_5 " 02 16 FF 00", 0),
                ROW("13.6", "> 53 05 51 02 96 04 3C 00", ACK),
                TELEGRAM("13.6", "> 7B 05", "> 08 05 " HEADER_5 " 02 16 3C 00", 1),
                ROW("13.6", "> 53 05 51 02 96 05 FF 00", ACK),
                TELEGRAM("13.6", "> 7B 05", "> 08 05 " HEADER_5 " 02 16 C3 00", 2),
                ROW("13.6", "> 53 05 51 02 96 06 41 00", ACK),
                TELEGRAM("13.6", "> 7B 05", "> 08 05 " HEADER_5 " 02 16 82 00", 3) } },
    { .name = "a delayed write waits for synchronise",
      .meters = ENERGY_METER,
      .rows = { ROW("14.3", "> 53 05 51 0C 86 0A 42 00 00 00", ACK),
                TELEGRAM("14.3", "> 7B 05", ENERGY_IS("00 01 00 00"), 0),
                ROW("14.3", "> 53 FE 54", ACK),
                TELEGRAM("14.3", "> 7B 05", ENERGY_IS("42 00 00 00"), 1),
                ROW("14.3", "> 53 05 51 0C 86 0A 43 00 00 00", ACK),
                ROW("14.3", "> 53 FF 5C", SILENCE),
                TELEGRAM("14.3", "> 7B 05", ENERGY_IS("43 00 00 00"), 2) } },
    { .name = "the readout list loses an entry and gets it back",
      .meters = METER_5("", ENERGY(WRITABLE) ", " VOLUME),
      .rows = { ROW("13.5", "> 53 05 51 08 86 0D", ACK),
                TELEGRAM("13.5", "> 7B 05", "> 08 05 " HEADER_5 " 02 16 C8 01", 0),
                ROW("9", "> 53 05 50", ACK),
                TELEGRAM("13.5", "> 7B 05", "> 08 05 " HEADER_5 " 02 16 C8 01", 1),
                ROW("13.5", "> 53 05 51 00 86 0C", ACK),
                TELEGRAM("13.5", "> 7B 05", "> 08 05 " HEADER_5 " 0C 06 00 01 00 00 02 16 C8 01",
                         2) } },
    { .name = "all records of a frame or none",
      .meters = METER_5(ALLOW_ALL, ENERGY(WRITABLE) ", " VOLUME),
      .rows = { ROW("13.6", "> 53 05 51 0C 79 04 03 02 01 0C 06 07 01 00 00", ACK),
                TELEGRAM("13.6", "> 7B 05",
                         "> 08 05 72 04 03 02 01 74 52 01 00 00 00 00 00 0C 06 07 01 00 00 02 16 "
                         "C8 01",
                         0),
                ROW("13.7", "> 53 05 51 0C 06 99 00 00 00 02 16 01 00", SILENCE),
                ROW("13.7", "> 53 05 51 0C 06 99 00 00 00 01 7A FD", SILENCE),
                ROW("13.7", "> 53 05 51 01 7A 09 02 FD 17 00 00", SILENCE),
                TELEGRAM("13.7", "> 7B 05",
                         "> 08 05 72 04 03 02 01 74 52 01 00 00 00 00 00 0C 06 07 01 00 00 02 16 "
                         "C8 01",
                         0) } },
    { .name = "a date and time, and a number without sign",
      .meters = METER_5("", "{ name = \"start\"; quantity = \"tariff_start\"; "
                            "value = \"2020-06-01 15:30\"; writable = true; }, "
                            "{ name = \"count\"; quantity = \"reset_counter\"; type = \"int8\"; "
                            "value = 1; writable = true; }"),
      .rows = { ROW("13.6", "> 53 05 51 04 FD 30 3B 37 FF 2C", ACK),
                TELEGRAM("13.6", "> 7B 05", DATE_AND_COUNT("3B 37 FF 2C", "01"), 0),
                ROW("13.6", "> 53 05 51 04 FD 30 80 00 00 00", SILENCE), /* invalid */
                ROW("13.6", "> 53 05 51 04 FD 30 3B 37 FF 2D", SILENCE), /* month 13 */
                ROW("13.6", "> 53 05 51 02 FD 30 81 26", SILENCE),       /* another type */
                ROW("13.6", "> 53 05 51 04 FD B0 01 01 00 00 00", SILENCE),
                ROW("13.6", "> 53 05 51 00 FD B0 07", SILENCE),
                ROW("13.6", "> 53 05 51 01 FD 60 C8", ACK),
                ROW("13.6", "> 53 05 51 02 FD E0 01 36 00", ACK), /* 200 + 54 */
                TELEGRAM("13.6", "> 7B 05", DATE_AND_COUNT("3B 37 FF 2C", "FE"), 1),
                ROW("13.6", "> 53 05 51 01 FD 60 FF", SILENCE), /* no value */
                ROW("13.6", "> 53 05 51 01 FD E0 01 01", SILENCE) } },
    { .name = "values that are refused",
      .meters = METER_5("", ENERGY("") ", " CASH),
      .rows = { ROW("13.7", "> 53 05 51 0C 06 20 00 00 00", SILENCE),
                ROW("13.7", "> 53 05 51 00 86 07", SILENCE),
                ROW("13.7", "> 53 05 51 02 16 F5 01", SILENCE),
                ROW("13.7", "> 53 05 51 02 16 FF FF", SILENCE),
                ROW("13.7", "> 53 05 51 02 96 01 2D 00", SILENCE),
                ROW("13.7", "> 53 05 51 02 16", SILENCE),
                ROW("13.7", "> 53 05 51 42 16 01 00", SILENCE),
                ROW("13.7", "> 53 05 51 02 96 08 01 00", SILENCE),
                ROW("13.7", "> 53 05 51 02 16 F4 01", ACK),
                TELEGRAM("13.7", "> 7B 05", "> 08 05 " HEADER_5 " 0C 06 00 01 00 00 02 16 F4 01",
                         0) } },
    { .name = "addresses and ids that are refused",
      .meters = METER_5(ALLOW_ALL, VOLTAGE ", " VOLUME),
      .rows = { ROW("13.1", "> 53 05 51 01 7A FB", SILENCE),
                ROW("13.1", "> 53 05 51 01 7A FC", SILENCE),
                ROW("13.1", "> 53 05 51 01 7A FD", SILENCE),
                ROW("13.1", "> 53 05 51 01 7A FE", SILENCE),
                ROW("13.1", "> 53 05 51 01 7A FF", SILENCE),
                ROW("13.1", "> 53 05 51 01 7A", SILENCE),
                ROW("13.2", "> 53 05 " ID_RECORD " 0A 03 02 01", SILENCE),
                ROW("13.2", "> 53 05 " ID_RECORD " 04 03 02 F1", SILENCE),
                ROW("13.2", "> 53 05 51 07 79 04 03 02 0F 74 52 01 00", SILENCE),
                ROW("13.8", "> 73 05 51 78 56 34 12 74 52 01 00 01 7A 08", SILENCE),
                TELEGRAM("13.2", "> 7B 05", TELEGRAM_5, 0), ROW("13.1", "> 53 05 51 01 7A FA", ACK),
                ROW("13.1", "> 40 FA", ACK), ROW("13.1", "> 53 FA 51 01 7A 00", ACK),
                ROW("13.1", "> 40 00", ACK) } },
    { .name = "manufacturer, medium, version one by one",
      .meters = METER_5(ALLOW_ALL, VOLTAGE ", " VOLUME),
      .rows = { ROW("13.2", "> 53 05 51 02 FD 0A 24 40", ACK),
                ROW("13.2", "> 53 05 51 01 FD 09 04", ACK),
                ROW("13.2", "> 53 05 51 01 FD 0C 22", ACK),
                TELEGRAM("13.2", "> 7B 05",
                         "> 08 05 72 78 56 34 12 24 40 22 04 00 00 00 00 02 FD 49 D2 04 02 16 C8 "
                         "01",
                         0),
                ROW("13.2", "> 53 FD 52 78 56 34 12 24 40 22 04", ACK) } },
    { .name = "id allowed, identity not",
      .meters = ALLOW("\"id\""),
      .rows = { ROW("13.2", "> 53 05 51 07 79 04 03 02 01 74 52 01 07", SILENCE),
                ROW("13.2", "> 53 05 51 02 FD 0A 24 40", SILENCE),
                ROW("13.2", "> 53 05 51 01 FD 09 04", SILENCE),
                ROW("13.2", "> 53 05 51 01 FD 0C 22", SILENCE),
                ROW("13.2", "> 53 05 51 07 79 04 03 02 01 74 52 01 00", ACK),
                ROW("13.2", "> 53 FD 52 04 03 02 01 74 52 01 00", ACK),
                ROW("13.2", "> 53 05 51 01 7A 08", SILENCE) } },
    { .name = "what is allowed without a word about it",
      .rows = { ROW("13.2", "> 53 05 " ID_RECORD " 04 03 02 01", SILENCE),
                ROW("13.3", "> 53 05 51 04 6D 22 0C 11 35", SILENCE),
                ROW("13.2", "> 53 05 51 01 FD 09 04", SILENCE),
                TELEGRAM("13.7", "> 7B 05", TELEGRAM_5, 0), ROW("13.5", "> 53 05 51 08 16", ACK),
                ROW("9", "> 53 05 50", ACK), ROW("14.3", "> 53 05 54", ACK),
                ROW("13.1", "> 53 05 51 01 7A 08", ACK) } },
    { .name = "nothing is allowed",
      .meters = ALLOW(""),
      .rows = { ROW("13.1", "> 53 05 51 01 7A 08", SILENCE),
                ROW("13.5", "> 53 05 51 08 16", SILENCE), ROW("9", "> 53 05 50", SILENCE),
                ROW("13.2", "> 53 05 " ID_RECORD " 04 03 02 01", SILENCE),
                ROW("7.1", "> 53 FD 52 78 56 34 12 74 52 01 00", ACK),
                TELEGRAM("13.7", "> 7B 05", TELEGRAM_5, 0) } },
    { .name = "clock",
      .meters = METER_5(ALLOW_ALL, VOLTAGE ", " VOLUME),
      .rows = { ROW("13.3", "> 53 05 51 04 6D 22 0C 11 35", ACK),
                ROW("13.3", "> 53 05 51 06 6D 00 22 0C 11 35 00", ACK),
                ROW("13.3", "> 53 05 51 02 6C 11 35", ACK),
                ROW("13.3", "> 53 05 51 04 6D A2 0C 11 35", SILENCE),
                ROW("13.3", "> 53 05 51 04 6D 22 0C 1F 32", SILENCE),
                ROW("13.3", "> 53 05 51 04 6D 3C 0C 11 35", SILENCE),
                ROW("13.3", "> 53 05 51 02 6C 11 3D", SILENCE) } },
    { .name = "writes with a header: CI 5A and 5B",
      .rows = { ROW("8.1", "> 53 05 5A 01 00 00 00 01 7A 08", ACK), ROW("8.1", "> 40 08", ACK),
                ROW("8.1", "> 53 08 5A 01 00 00 05 01 7A 09", SILENCE),
                ROW("8.1", "> 53 08 5A 01 00", SILENCE),
                ROW("8.1", "> 53 08 5B 78 56 34 12 74 52 01 00 01 00 00 00 01 7A 09", ACK),
                ROW("8.1", "> 53 09 5B 79 56 34 12 74 52 01 00 01 00 00 00 01 7A 0A", SILENCE),
                ROW("8.1", "> 53 09 5B FF FF FF 12 FF FF FF FF 01 00 00 00 01 7A 0B", ACK),
                ROW("8.1", "> 40 0B", ACK), ROW("8.1", "> 40 09", SILENCE) } },
};

int main(void)
{
    return dialogues_main("writes", dialogues, ARRAY_SIZE(dialogues));
}
