/* Several meters on a bus, and who of them is selected: mbus-protocol 6 and 7. */
#include "tests/system/dialogue.h"

#define METER(name, address, id, more)                                                             \
    "{ name = \"" name "\"; address = " address "; id = \"" id "\"; " more                         \
    "records = ( { name = \"voltage\"; unit = \"V\"; type = \"int16\"; value = 1234; } ); }"
#define TWO(more)                                                                                  \
    "meters = ( " METER("one", "1", "12345678", more) ", " METER("two", "2", "12345679", "") " );" \
                                                                                             "\n"
/* The four of the trial in 7.6. */
#define FOUR                                                                                       \
    "meters = ( " METER("one", "1", "12345678", "") ", " METER(                                    \
        "two", "2", "12345679", "") ", " METER("three", "3", "10000001",                           \
                                               "") ", " METER("four", "4", "87654321", "") " );\n"

/* What is asked for and is not there comes back with a record error, which "D48/EN3 prefer" (13.5):
 * illegal VIF group. */
#define NO_VOLUME " 00 93 0C"

#define SELECT(id) "> 73 FD 52 " id " 74 52 01 00"
#define SELECT_1 SELECT("78 56 34 12")
#define SELECT_2 SELECT("79 56 34 12")
#define MASK(id) "> 73 FD 52 " id " FF FF FF FF"
#define ANSWER(address, id) "> 08 " address " 72 " id " 74 52 01 00 00 00 00 00 02 FD 49 D2 04"
#define ANSWER_1 ANSWER("01", "78 56 34 12")
#define ANSWER_2 ANSWER("02", "79 56 34 12")

static const struct dialogue dialogues[] = {
    { .name = "each answers at its own address",
      .meters = TWO(""),
      .fence = 1,
      .rows = { ROW("6", "10 40 01 41 16", ACK), ROW("6", "10 40 02 42 16", ACK),
                ROW("6", "10 40 03 43 16", SILENCE), TELEGRAM("6", "> 7B 01", ANSWER_1, 0),
                TELEGRAM("6", "> 7B 02", ANSWER_2, 0), TELEGRAM("5.4", "> 5B 01", ANSWER_1, 1),
                TELEGRAM("5.4", "> 7B 02", ANSWER_2, 0) } },
    { .name = "a selection of one deselects the other",
      .meters = TWO(""),
      .fence = 1,
      .rows = { ROW("7.1", SELECT_1, ACK), TELEGRAM("7.1", "> 7B FD", ANSWER_1, 0),
                ROW("7.2", SELECT_2, ACK), TELEGRAM("7.1", "> 7B FD", ANSWER_2, 0),
                TELEGRAM("7.1", "> 7B 01", ANSWER_1, 1), TELEGRAM("7.1", "> 5B FD", ANSWER_2, 1),
                ROW("7.3", "> 40 FD", ACK), ROW("7.3", "> 40 FD", SILENCE),
                ROW("7.2", "> 7B FD", SILENCE) } },
    { .name = "collisions are heard as collisions",
      .meters = FOUR,
      .fence = 1,
      .rows = { ROW("7.6", MASK("FF FF FF FF"), "FE FC"), ROW("7.6", "> 7B FD", BURST),
                ROW("7.6", "> 5B FD", BURST), ROW("7.6", MASK("FF FF FF 1F"), "FE FC"),
                ROW("7.6", MASK("FF FF FF 8F"), ACK),
                TELEGRAM("7.6", "> 5B FD", ANSWER("04", "21 43 65 87"), 0),
                ROW("7.6", MASK("FF FF FF 2F"), SILENCE), ROW("7.6", MASK("FF FF FF 12"), "FE FC"),
                ROW("7.6", MASK("FF FF FF 10"), ACK),
                TELEGRAM("7.6", "> 5B FD", ANSWER("03", "01 00 00 10"), 0),
                ROW("7.6", MASK("78 56 34 12"), ACK), TELEGRAM("7.6", "> 5B FD", ANSWER_1, 0) } },
    { .name = "wildcards, nibble by nibble",
      .meters = FOUR,
      .fence = 1,
      .rows = { ROW("7.4", MASK("F8 56 34 12"), ACK), ROW("7.4", MASK("7F 56 34 12"), "FE FC"),
                ROW("7.4", MASK("F1 FF FF FF"), "FE FC"), ROW("7.4", MASK("21 F3 6F 87"), ACK),
                ROW("7.4", "> 73 FD 52 78 56 34 12 74 FF FF FF", ACK),
                ROW("7.4", "> 73 FD 52 78 56 34 12 FF 52 FF FF", ACK),
                ROW("7.4", "> 73 FD 52 78 56 34 12 74 53 FF FF", SILENCE),
                ROW("7.4", "> 73 FD 52 78 56 34 12 0F FF FF FF", SILENCE),
                ROW("7.4", "> 73 FD 52 78 56 34 12 74 52 02 FF", SILENCE),
                ROW("7.4", "> 73 FD 52 78 56 34 12 74 52 01 07", SILENCE),
                ROW("7.4", "> 73 FD 52 78 56 34 12 74 52 0F FF", SILENCE) } },
    { .name = "malformed selections deselect",
      .meters = TWO(""),
      .fence = 1,
      .rows = { ROW("7.1", SELECT_1, ACK), ROW("7.2", "> 73 FD 52 78 56 34 12", SILENCE),
                ROW("7.2", "> 7B FD", SILENCE), ROW("7.1", SELECT_1, ACK),
                ROW("7.2", "> 73 FD 52 78 56 34 12 74 52 01 00 0C 78 44", SILENCE),
                ROW("7.2", "> 7B FD", SILENCE), ROW("7.1", SELECT_1, ACK),
                ROW("7.2", "> 73 FD 52", SILENCE), ROW("7.2", "> 7B FD", SILENCE) } },
    { .name = "what does not deselect",
      .meters = TWO(""),
      .fence = 2,
      .rows = { ROW("7.1", SELECT_1, ACK), ROW("7.2", "> 40 01", ACK), ROW("7.2", "> 40 02", ACK),
                ROW("7.2", "> 53 01 50", ACK), ROW("7.2", "10 40 01 42 16", DROPPED),
                ROW("7.1", "> 53 01 52 79 56 34 12 74 52 01 00", SILENCE),
                TELEGRAM("7.2", "> 7B FD", ANSWER_1, 0), ROW("7.2", "> 40 FF", SILENCE),
                ROW("7.2", "> 5B FD", SILENCE) } },
    { .name = "nke_253 is a matter of each meter",
      .meters = TWO("nke_253 = \"always\"; "),
      .fence = 2,
      .rows = { ROW("7.3", "> 40 FD", ACK), ROW("7.1", SELECT_1, ACK), ROW("7.3", "> 40 FD", ACK),
                ROW("7.2", "> 7B FD", SILENCE) } },
    { .name = "a write to 255 reaches all, silently",
      .meters = TWO(""),
      .fence = 1,
      .rows = { ROW("13.7", "> 53 FF 51 08 13", SILENCE),
                TELEGRAM("13.5", "> 7B 01",
                         "> 08 01 72 78 56 34 12 74 52 01 00 00 00 00 00" NO_VOLUME, 0),
                TELEGRAM("13.5", "> 7B 02",
                         "> 08 02 72 79 56 34 12 74 52 01 00 00 00 00 00" NO_VOLUME, 0),
                ROW("9", "> 53 FF 50", SILENCE), TELEGRAM("9", "> 7B 01", ANSWER_1, 1),
                TELEGRAM("9", "> 7B 02", ANSWER_2, 1) } },
    { .name = "an address that another meter has",
      .meters = TWO(""),
      .fence = 1,
      .rows = { ROW("6", "> 53 01 51 01 7A 02", SILENCE), ROW("6", "> 40 01", ACK),
                ROW("6", "> 40 02", ACK), ROW("6", "> 53 02 51 01 7A 00", ACK),
                ROW("6", "> 40 00", ACK), ROW("6", "> 40 02", SILENCE) } },
    { .name = "the 253 path has a memory of its own",
      .rows = { ROW("7.1", SELECT_1, ACK), TELEGRAM("5.3", "> 7B FD", TELEGRAM_5, 0),
                TELEGRAM("5.3", "> 7B 05", TELEGRAM_5, 1),
                TELEGRAM("5.3", "> 7B FD", TELEGRAM_5, 0),
                TELEGRAM("5.3", "> 7B 05", TELEGRAM_5, 1),
                TELEGRAM("5.3", "> 7B FE", TELEGRAM_5, 1), ROW("7.1", SELECT_1, ACK),
                TELEGRAM("5.3", "> 7B FD", TELEGRAM_5, 2),
                TELEGRAM("5.3", "> 7B 05", TELEGRAM_5, 1), ROW("5.3", "> 40 FD", ACK),
                TELEGRAM("5.3", "> 7B 05", TELEGRAM_5, 3), ROW("5.3", "> 40 FF", SILENCE),
                TELEGRAM("5.3", "> 7B 05", TELEGRAM_5, 4) } },
};

int main(void)
{
    return dialogues_main("selection", dialogues, ARRAY_SIZE(dialogues));
}
