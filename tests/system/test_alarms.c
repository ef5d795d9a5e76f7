/* Class 1 data and application errors: mbus-protocol 14. */
#include "tests/system/dialogue.h"

#define ALARMED METER_5("status = [ \"alarm\" ]; ", VOLTAGE ", " VOLUME)
#define HEADER_ALARM "72 78 56 34 12 74 52 01 00 00 03 00 00"
#define RECORDS " 02 FD 49 D2 04 02 16 C8 01"
/* C = 28 while the alarm waits, then 08 (5.6). */
#define WAITING "> 28 05 " HEADER_ALARM RECORDS
#define TOLD "> 08 05 " HEADER_ALARM RECORDS
#define ALARM "> 08 05 71 03"

#define TALKATIVE METER_5("on_refused = \"error\"; ", VOLTAGE ", " VOLUME)
#define REFUSED "> 53 05 51 02 16 01 00" /* the record is not writable */

static const struct dialogue dialogues[] = {
    { .name = "an alarm is announced, repeated, and told once",
      .meters = ALARMED,
      .rows = { TELEGRAM("5.6", "> 7B 05", WAITING, 0), ROW("14.2", "10 7A 05 7F 16", ALARM),
                ROW("14.2", "10 7A 05 7F 16", ALARM), ROW("14.2", "10 5A 05 5F 16", ACK),
                ROW("14.2", "10 7A 05 7F 16", ACK), TELEGRAM("5.6", "> 5B 05", TOLD, 1) } },
    { .name = "an alarm asked for without FCV is told once",
      .meters = ALARMED,
      .rows = { ROW("14.2", "> 4A 05", ALARM), ROW("14.2", "> 4A 05", ACK) } },
    { .name = "an alarm by 254, by selection, not by 255",
      .meters = ALARMED,
      .rows = { ROW("6", "> 7A FF", SILENCE), ROW("14.2", "> 7A FD", SILENCE),
                ROW("14.2", "> 7A FE", ALARM), ROW("14.2", "> 5A FE", ACK) } },
    { .name = "an alarm of the selected meter",
      .meters = ALARMED,
      .rows = { ROW("7.1", "> 73 FD 52 78 56 34 12 FF FF FF FF", ACK),
                ROW("14.2", "> 7A FD", ALARM), ROW("14.2", "> 7A FD", ALARM),
                ROW("14.2", "> 5A FD", ACK) } },
    { .name = "REQ_UD1 leaves the memory of REQ_UD2 alone",
      .meters = ALARMED,
      .rows = { TELEGRAM("5.3", "> 7B 05", WAITING, 0), ROW("14.2", "> 7A 05", ALARM),
                ROW("14.2", "> 5A 05", ACK), TELEGRAM("5.3", "> 7B 05", WAITING, 0),
                TELEGRAM("5.3", "> 5B 05", TOLD, 1) } },
    { .name = "without alarms REQ_UD1 is answered with E5",
      .rows = { ROW("14.2", "> 7A 05", ACK), ROW("14.2", "> 7A 05", ACK),
                ROW("14.2", "> 5A 05", ACK), ROW("14.2", "> 7A FD", SILENCE),
                TELEGRAM("14.2", "> 7B 05", TELEGRAM_5, 0) } },
    { .name = "a refusal is told in the next answer, once",
      .meters = TALKATIVE,
      .rows = { TELEGRAM("14.1", "> 7B 05", TELEGRAM_5, 0), ROW("13.7", REFUSED, ACK),
                ROW("14.1", "> 5B 05", FAILED), ROW("14.1", "> 5B 05", FAILED),
                TELEGRAM("14.1", "> 7B 05", TELEGRAM_5, 1),
                TELEGRAM("14.1", "> 5B 05", TELEGRAM_5, 2) } },
    { .name = "what is refused with an error, and what in silence",
      .meters = TALKATIVE,
      .rows = { ROW("13.7", "> 53 05 51 0C 06 01 00 00 00", ACK), /* no such record */
                ROW("14.1", "> 7B 05", FAILED),
                ROW("13.2", "> 53 05 51 0C 79 04 03 02 01", ACK), /* not allowed */
                ROW("14.1", "> 5B 05", FAILED),
                ROW("13.7", "> 53 05 51 04 16 01", SILENCE), /* cannot be parsed */
                ROW("13.7", "> 53 05 C6", SILENCE), ROW("13.1", "> 53 05 51 01 7A FD", SILENCE),
                ROW("13.1", "> 53 FF 51 01 7A FD", SILENCE) } },
    { .name = "by default a refusal is silent and leaves no trace",
      .rows = { TELEGRAM("14.1", "> 7B 05", TELEGRAM_5, 0), ROW("13.7", REFUSED, SILENCE),
                TELEGRAM("14.1", "> 7B 05", TELEGRAM_5, 0),
                TELEGRAM("14.1", "> 5B 05", TELEGRAM_5, 1) } },
};

int main(void)
{
    return dialogues_main("alarms", dialogues, ARRAY_SIZE(dialogues));
}
